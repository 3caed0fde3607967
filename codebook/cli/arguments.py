"""What every command that makes the site is told: folders, public URL, how to report problems."""

from __future__ import annotations

import os
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from codebook.book import base_url
from codebook.build.options import Options
from codebook.cli.paths import FOLDERS
from codebook.diagnostics.reports import Format
from codebook.io import display_path
from codebook.publish import hosts
from codebook.publish.hosts import Host

DEFAULTS: Mapping[str, object] = {
    **FOLDERS,
    "url": None,
    "target": Host.PLAIN.value,
    "strict": False,
    "format": Format.FULL.value,
    "quiet": False,
    "verbose": False,
}


class UsageError(Exception):
    """Arguments that cannot be used, or not together."""


def declare_site_arguments(parser: ArgumentParser) -> None:
    """Let the parser take the arguments that `read_options` reads.

    None has a default of its own: the parser of a command leaves what it is not told as the parser
    above it was told, so that options may be on either side of the command's name.
    """
    for name in FOLDERS:
        declare_folder(parser, name)
    parser.add_argument(
        "--url",
        metavar="URL",
        default=SUPPRESS,
        help="the public address of the site (default: $CODEBOOK_URL, then book.toml); "
        "it is needed for canonical links and for the error page below a path",
    )
    parser.add_argument(
        "--target",
        choices=[host.value for host in Host],
        default=SUPPRESS,
        help="the host that the site is for: what it needs to be told is written beside the pages "
        "(default: plain, which works everywhere)",
    )
    parser.add_argument(
        "--strict", action="store_true", default=SUPPRESS, help="take warnings for errors"
    )
    parser.add_argument(
        "--format",
        choices=[report_format.value for report_format in Format],
        default=SUPPRESS,
        help="how problems are written (default: full)",
    )
    verbosity = parser.add_mutually_exclusive_group()
    verbosity.add_argument(
        *("-q", "--quiet"), action="store_true", default=SUPPRESS, help="print problems alone"
    )
    verbosity.add_argument(
        *("-v", "--verbose"), action="store_true", default=SUPPRESS, help="name each changed file"
    )


def declare_folder(parser: ArgumentParser, name: str) -> None:
    """Let the parser take one of the folders, without a default of its own."""
    parser.add_argument(
        f"--{name}",
        type=Path,
        metavar="DIR",
        default=SUPPRESS,
        help=f"the folder of the {name} (default: {display_path(FOLDERS[name])}/)",
    )


def read_options(arguments: Namespace) -> Options:
    """The arguments, checked. Raises `UsageError` where they cannot be used."""
    url = arguments.url if arguments.url is not None else os.environ.get("CODEBOOK_URL", "")
    if url and (error := base_url.validation_error(url)):
        name = "--url" if arguments.url is not None else "CODEBOOK_URL"
        raise UsageError(f"{name} cannot be used: {error}")
    host = Host(arguments.target)
    if error := hosts.validation_error(host, url):
        raise UsageError(f"--url cannot be used with --target {host}: {error}")
    return Options(
        content=arguments.content,
        templates=arguments.templates,
        site=arguments.site,
        url=base_url.with_slash(url),
        host=host,
        strict=arguments.strict,
        report_format=Format(arguments.format),
        quiet=arguments.quiet,
        verbose=arguments.verbose,
    )
