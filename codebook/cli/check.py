"""`check` finds what is wrong; with `--fix` it first fixes what needs no question."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from codebook import io
from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.fix import diff, fixed_files
from codebook.cli.arguments import UsageError, declare_site_arguments, read_options
from codebook.cli.build import build_or_check
from codebook.cli.console import CONTENT_PROBLEMS, say
from codebook.diagnostics.reports import Format
from codebook.io import display_path


def declare_arguments(parser: ArgumentParser) -> None:
    """Let the parser take whether anything is to be fixed, and whether to ask first."""
    declare_site_arguments(parser)
    parser.add_argument(
        "--fix",
        action="store_true",
        help="show what can be mended safely as a diff, ask, and mend it: codes that are not in "
        "order, blanks at the ends of lines, links by address",
    )
    parser.add_argument("--yes", action="store_true", help="with --fix: mend without asking")


def run(arguments: Namespace) -> int:
    """Find what is wrong; with `--fix`, write the fixed files first, if that is wanted."""
    if arguments.yes and not arguments.fix:
        raise UsageError("--yes says that --fix may write: it goes with --fix")
    if arguments.fix and not _fix(arguments):
        return CONTENT_PROBLEMS
    return build_or_check(read_options(arguments), writes=False)


def _fix(arguments: Namespace) -> bool:
    """Show what can be fixed, and fix it; whether nothing is left that was declined."""
    folder = io.read_folder(arguments.content, display_path(arguments.content))
    files = fixed_files(CheckedContent.of(folder))
    # A program that parses the report must find nothing else on stdout.
    is_for_people = Format(arguments.format) in {Format.FULL, Format.CONCISE}
    stream = sys.stdout if is_for_people else sys.stderr
    stream.write(diff(folder, files))
    stream.flush()
    if files and not (arguments.yes or _is_confirmed()):
        return False
    for path, data in files.items():
        io.replace_file(arguments.content, path, data)
    count = f"{len(files)} file{'' if len(files) == 1 else 's'} mended"
    say(count if files else "nothing to mend", quiet=arguments.quiet)
    return True


def _is_confirmed() -> bool:
    """Ask, where there is a terminal to ask on."""
    if not sys.stdin.isatty():
        print("nothing was written: --yes lets --fix write it", file=sys.stderr)
        return False
    print("apply? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() in {"y", "yes"}:
        return True
    print("nothing was written", file=sys.stderr)
    return False
