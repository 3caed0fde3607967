"""The `new` command, which creates an article, a guide, or a table."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.new import TODO, CodeDetails, Draft, new_code, new_page
from codebook.book.layout import CODES, NUMBER
from codebook.book.parse.numbers import has_digit, spelling_help
from codebook.cli.arguments import UsageError
from codebook.cli.console import CONTENT_PROBLEMS, SUCCESS, say
from codebook.cli.content import content_option, read_content
from codebook.cli.paths import COMMAND, declare_folder
from codebook.diagnostics.causes import group_by_cause
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.formats import Format
from codebook.diagnostics.reports import report
from codebook.io.sources import replace_files

_KIND_AND_NAME = 2
"""The number of arguments for a guide or a table."""


def declare_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `new`."""
    parser.add_argument("what", nargs="*", metavar="WHAT", help="CODE, guide NAME, or table NAME")
    declare_folder(parser, "content")
    details = parser.add_argument_group("options for a code that isn't in a register")
    details.add_argument("--text", default="", help="the meaning of the code, in a sentence or two")
    details.add_argument("--name", default="", help="the name of the code, if it has one")
    details.add_argument(
        "--register", metavar="FILE", default="", help="the register to add the code to"
    )


def run(arguments: Namespace) -> int:
    """Write the files, unless they would add diagnostics, and print the next steps.

    The placeholders of a new document are no reason not to write it.

    Raises `RefusalError` if the document can't be created.
    """
    folder = read_content(arguments.content)
    before = CheckedContent.of(folder)
    draft = _draft(arguments, before)
    after = before.with_files({**draft.changed, **draft.created})
    if added := tuple(_new_diagnostics(before.diagnostics, after.diagnostics)):
        sys.stdout.write(report(group_by_cause(added), after.sources, Format(arguments.format)))
        print("nothing was written", file=sys.stderr)
        return CONTENT_PROBLEMS
    replace_files(arguments.content, {**draft.changed, **draft.created}, folder.files)
    for path in (*draft.changed, *draft.created):
        print(folder.show(path))
    option = content_option(arguments.content)
    say(_next_steps(draft, option), quiet=arguments.quiet)
    return SUCCESS


def _draft(arguments: Namespace, content: CheckedContent) -> Draft:
    texts = (arguments.text, arguments.name, arguments.register)
    details = CodeDetails(*(" ".join(text.split()) for text in texts))
    if len(arguments.what) == 1 and NUMBER.fullmatch(arguments.what[0]):
        return new_code(content, int(arguments.what[0]), details)
    if len(arguments.what) == 1 and has_digit(arguments.what[0]):
        what = arguments.what[0]
        raise UsageError(f'"{what}" is not a code: {spelling_help(what)}')
    if len(arguments.what) != _KIND_AND_NAME:
        raise UsageError("specify what to create: CODE, guide NAME, or table NAME")
    if details != CodeDetails():
        raise UsageError("--text, --name, and --register apply only to codes")
    kind, name = arguments.what
    return new_page(content, kind, name, datetime.now(UTC).date())


def _new_diagnostics(
    before: Sequence[Diagnostic], after: Sequence[Diagnostic]
) -> Iterator[Diagnostic]:
    """The new diagnostics; those from before may have moved to other lines."""
    known = Counter(_without_lines(diagnostic) for diagnostic in before)
    for diagnostic in after:
        key = _without_lines(diagnostic)
        if not known[key] and diagnostic.rule is not Rule.UNFINISHED_TEXT:
            yield diagnostic
        known[key] -= 1


def _without_lines(diagnostic: Diagnostic) -> tuple[str, str, str]:
    return diagnostic.rule, diagnostic.span.path, diagnostic.message


def _next_steps(draft: Draft, option: str) -> str:
    is_article = any(path.parent.name == CODES for path in draft.created)
    keys = ", and uncomment the keys that you need" if is_article else ""
    return (
        f"next: replace each {TODO} with your text{keys}\n"
        f"to preview the book while you write, run: {COMMAND} serve{option}"
    )
