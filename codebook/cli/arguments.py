"""The arguments of every command that builds the site: folders, base URL, and output format."""

from __future__ import annotations

import os
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Mapping

from codebook.book import base_url
from codebook.build.options import Options
from codebook.cli.paths import FOLDERS, declare_cache, declare_folder
from codebook.diagnostics.formats import Format
from codebook.io.cache_folder import default_folder
from codebook.publish.host import Host, validation_error

DEFAULTS: Mapping[str, object] = {
    **FOLDERS,
    "url": None,
    "target": Host.PLAIN.value,
    "strict": False,
    "format": Format.FULL.value,
    "all": False,
    "cache": None,
    "no_cache": False,
    "quiet": False,
    "verbose": False,
}


class UsageError(Exception):
    """Arguments that are invalid or conflict with each other."""


def declare_site_arguments(parser: ArgumentParser) -> None:
    """Add the arguments that `read_options` reads.

    They have no defaults, so that a command's parser doesn't overwrite options that are given
    before the command. `DEFAULTS` has the defaults.
    """
    for name in FOLDERS:
        declare_folder(parser, name)
    parser.add_argument(
        "--url",
        metavar="URL",
        default=SUPPRESS,
        help="the public URL of the site (default: $CODEBOOK_URL, then book.toml); needed for "
        "canonical links, and for the error page if the site isn't at the root of its host",
    )
    parser.add_argument(
        "--target",
        choices=[host.value for host in Host],
        default=SUPPRESS,
        help="the host to write configuration files for (default: plain, which works on any host "
        "and needs none)",
    )
    parser.add_argument(
        "--strict", action="store_true", default=SUPPRESS, help="treat warnings as errors"
    )
    parser.add_argument(
        "--format",
        choices=[report_format.value for report_format in Format],
        default=SUPPRESS,
        help="the format of diagnostics (default: full)",
    )
    parser.add_argument(
        "--all",
        action="store_true",
        default=SUPPRESS,
        help="list each diagnostic, even if it only follows from another one",
    )
    declare_cache(parser)
    parser.add_argument(
        "--no-cache",
        action="store_true",
        default=SUPPRESS,
        help="reuse nothing from earlier runs, and store nothing for later ones",
    )
    verbosity = parser.add_mutually_exclusive_group()
    verbosity.add_argument(
        *("-q", "--quiet"), action="store_true", default=SUPPRESS, help="print only diagnostics"
    )
    verbosity.add_argument(
        *("-v", "--verbose"),
        action="store_true",
        default=SUPPRESS,
        help="list each file that is written or removed",
    )


def read_options(arguments: Namespace) -> Options:
    """The validated arguments. Raises `UsageError` if they are invalid."""
    url = arguments.url if arguments.url is not None else os.environ.get("CODEBOOK_URL", "")
    if url and (error := base_url.validation_error(url)):
        name = "--url" if arguments.url is not None else "CODEBOOK_URL"
        raise UsageError(f"invalid {name}: {error}")
    host = Host(arguments.target)
    if error := validation_error(host, url):
        raise UsageError(f"--target {host} does not support this URL: {error}")
    return Options(
        content=arguments.content,
        templates=arguments.templates,
        site=arguments.site,
        url=base_url.with_slash(url),
        host=host,
        strict=arguments.strict,
        report_format=Format(arguments.format),
        shows_all=arguments.all,
        cache=arguments.cache or default_folder(arguments.content),
        uses_cache=not arguments.no_cache,
        quiet=arguments.quiet,
        verbose=arguments.verbose,
    )
