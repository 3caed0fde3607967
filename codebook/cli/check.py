"""`check --fix` mends what can be mended without a question, and then looks at the rest."""

from __future__ import annotations

import argparse
import sys

from codebook import io
from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.fix import diff, fixed_files
from codebook.cli import build
from codebook.cli.arguments import Refuse
from codebook.diagnostics.reports import Format
from codebook.io import display_path

_UNMENDED = 1


def declare(parser: argparse.ArgumentParser) -> None:
    """Let the parser take whether anything is to be mended, and whether that is to be asked."""
    parser.add_argument(
        "--fix",
        action="store_true",
        help="show what can be mended safely as a diff, ask, and mend it: codes that are not in "
        "order, blanks at the ends of lines, links by address",
    )
    parser.add_argument("--yes", action="store_true", help="with --fix: mend without asking")


def check(given: argparse.Namespace, refuse: Refuse) -> int:
    """Find what is wrong; with `--fix`, write what is mended first, if that is wanted."""
    if given.yes and not given.fix:
        refuse("--yes says that --fix may write: it goes with --fix")
    if given.fix:
        folder = io.read_folder(given.content, display_path(given.content))
        changed = fixed_files(CheckedContent.of(folder))
        # A program that reads the report is to find nothing else where that stands.
        is_read = Format(given.format) in {Format.FULL, Format.CONCISE}
        stream = sys.stdout if is_read else sys.stderr
        stream.write(diff(folder, changed))
        stream.flush()
        if changed and not (given.yes or _is_wanted()):
            return _UNMENDED
        for path, data in changed.items():
            io.replace_file(given.content, path, data)
        _say(given, _count(len(changed)) if changed else "nothing to mend")
    return build.check(given, refuse)


def _is_wanted() -> bool:
    """Ask, where somebody is there to answer."""
    if not sys.stdin.isatty():
        print("nothing was written: --yes lets --fix write it", file=sys.stderr)
        return False
    print("apply? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() in {"y", "yes"}:
        return True
    print("nothing was written", file=sys.stderr)
    return False


def _count(number: int) -> str:
    return f"{number} file{'' if number == 1 else 's'} mended"


def _say(given: argparse.Namespace, words: str) -> None:
    if not given.quiet:
        print(words, file=sys.stderr)
