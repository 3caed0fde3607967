"""The `check` command, which reports diagnostics, and with `--fix` first applies safe fixes."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from codebook.cli.arguments import UsageError, declare_site_arguments, read_options
from codebook.cli.console import CONTENT_PROBLEMS, say
from codebook.cli.content import read_content
from codebook.cli.start import build_or_check
from codebook.diagnostics.formats import Format
from codebook.io.sources import replace_files


def declare_arguments(parser: ArgumentParser) -> None:
    """Add `--fix` and `--yes` to the arguments of every command that builds the site."""
    declare_site_arguments(parser)
    parser.add_argument(
        "--fix",
        action="store_true",
        help="show safe fixes as a diff, ask, and apply them: sort codes, remove unneeded "
        "whitespace, replace unusual spaces, and correct links to renamed files and to URLs of the "
        "site",
    )
    parser.add_argument(
        "--yes", action="store_true", help="with --fix, apply the fixes without asking"
    )


def run(arguments: Namespace) -> int:
    """Report diagnostics; with `--fix`, first write the fixed files if the user agrees."""
    if arguments.yes and not arguments.fix:
        raise UsageError("--yes requires --fix")
    if arguments.fix and not _fix(arguments):
        return CONTENT_PROBLEMS
    return build_or_check(read_options(arguments), writes=False)


def _fix(arguments: Namespace) -> bool:
    """Show the fixes and apply them; return False if the user declines."""
    # Imported here because fixing needs the parsers.
    from codebook.authoring.checked_content import CheckedContent  # noqa: PLC0415 - see above
    from codebook.authoring.fix import diff, fixed_files, left_files  # noqa: PLC0415 - see above

    folder = read_content(arguments.content)
    content = CheckedContent.of(folder)
    files = fixed_files(content)
    for path, rules in left_files(content).items():
        reason = ", ".join(rules)
        say(f"left {folder.show(path)} as it is; fix it first: {reason}", quiet=arguments.quiet)
    # A program that parses stdout must find only the report.
    is_for_people = Format(arguments.format) in {Format.FULL, Format.CONCISE}
    stream = sys.stdout if is_for_people else sys.stderr
    stream.write(diff(folder, files))
    stream.flush()
    if files and not (arguments.yes or _is_confirmed()):
        return False
    replace_files(arguments.content, files, folder.files)
    summary = f"fixed {len(files)} file{'' if len(files) == 1 else 's'}"
    say(summary if files else "nothing to fix", quiet=arguments.quiet)
    return True


def _is_confirmed() -> bool:
    """Ask the user, if stdin is a terminal."""
    if not sys.stdin.isatty():
        print("nothing was written; to apply the fixes, add --yes", file=sys.stderr)
        return False
    print("apply these fixes? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() in {"y", "yes"}:
        return True
    print("nothing was written", file=sys.stderr)
    return False
