"""What every command is told: the folders, the public address, how problems are written."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from codebook.book import base_url
from codebook.build.options import Options
from codebook.cli.paths import FOLDERS
from codebook.diagnostics.reports import Format
from codebook.io import display_path
from codebook.publish import hosts
from codebook.publish.hosts import Host

Refuse = Callable[[str], NoReturn]
"""Ends the command with what is wrong with its arguments."""


def declare(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """Let the parser take the arguments that `options` reads.

    `again` is for the parser of a command: what it is not told it leaves as the parser above it
    was told, so that options may stand on either side of the command's name.
    """
    for name in FOLDERS:
        declare_folder(parser, name)
    parser.add_argument(
        "--url",
        metavar="URL",
        default=argparse.SUPPRESS,
        help="the public address of the site (default: $CODEBOOK_URL, then book.toml); "
        "it is needed for canonical links and for the error page below a path",
    )
    parser.add_argument(
        "--target",
        choices=[each.value for each in Host],
        default=argparse.SUPPRESS,
        help="the host that the site is for: what it needs to be told is written beside the pages "
        "(default: plain, which works everywhere)",
    )
    parser.add_argument(
        "--strict", action="store_true", default=argparse.SUPPRESS, help="take warnings for errors"
    )
    parser.add_argument(
        "--format",
        choices=[each.value for each in Format],
        default=argparse.SUPPRESS,
        help="how problems are written (default: full)",
    )
    loudness = parser.add_mutually_exclusive_group()
    loudness.add_argument(
        *("-q", "--quiet"),
        action="store_true",
        default=argparse.SUPPRESS,
        help="print problems alone",
    )
    loudness.add_argument(
        *("-v", "--verbose"),
        action="store_true",
        default=argparse.SUPPRESS,
        help="name each changed file",
    )
    if not again:
        parser.set_defaults(
            **FOLDERS,
            url=None,
            target=Host.PLAIN.value,
            strict=False,
            format=Format.FULL.value,
            quiet=False,
            verbose=False,
        )


def declare_folder(parser: argparse.ArgumentParser, name: str) -> None:
    """Let the parser take one of the folders; what it is not told it leaves to the one above it."""
    parser.add_argument(
        f"--{name}",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help=f"the folder of the {name} (default: {display_path(FOLDERS[name])}/)",
    )


def options(given: argparse.Namespace, refuse: Refuse) -> Options:
    """The arguments as they were given, or by default; refuses those that cannot be used."""
    url = given.url if given.url is not None else os.environ.get("CODEBOOK_URL", "")
    if url and (fault := base_url.validation_error(url)):
        where = "--url" if given.url is not None else "CODEBOOK_URL"
        refuse(f"{where} cannot be used: {fault}")
    target = Host(given.target)
    if fault := hosts.validation_error(target, url):
        refuse(f"--url cannot be used with --target {target}: {fault}")
    return Options(
        content=given.content,
        templates=given.templates,
        site=given.site,
        url=base_url.with_slash(url),
        target=target,
        strict=given.strict,
        style=Format(given.format),
        quiet=given.quiet,
        verbose=given.verbose,
    )
