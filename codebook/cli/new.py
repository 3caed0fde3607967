"""`new` writes the beginning of an article, a guide or a table."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from codebook import io
from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.new import MARK, CodeDetails, Draft, RefusalError, new_code, new_page
from codebook.book.layout import CODES, NUMBER
from codebook.cli.arguments import Refuse, declare_folder
from codebook.cli.paths import PROGRAM
from codebook.diagnostics.diagnostic import Diagnostic
from codebook.diagnostics.reports import Format, report
from codebook.io import display_path

_DONE, _PROBLEMS, _USAGE = 0, 1, 2
_TYPED = f"python {PROGRAM}" if PROGRAM.endswith(".py") else PROGRAM
_WORDS = 2
"""Of what is no code: its kind and its name."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Let the parser take what is to be begun, and where."""
    parser.add_argument("what", nargs="*", metavar="WHAT", help="CODE, guide NAME or table NAME")
    declare_folder(parser, "content")
    added = parser.add_argument_group("for a code that no register describes yet")
    added.add_argument("--text", default="", help="what it means, in a sentence or two")
    added.add_argument("--name", default="", help="what it is called, if it has a name")
    added.add_argument(
        "--register", metavar="FILE", default="", help="which register is to describe it"
    )


def new(given: argparse.Namespace, refuse: Refuse) -> int:
    """Write the files, unless the book would be worse for them, and say how to go on."""
    folder = io.read_folder(given.content, display_path(given.content))
    before = CheckedContent.of(folder)
    try:
        draft = _draft(given, before, refuse)
    except RefusalError as refusal:
        print(refusal, file=sys.stderr)
        return _USAGE
    after = before.with_files({**draft.changed, **draft.made})
    if worse := tuple(_worse(before.diagnostics, after.diagnostics)):
        sys.stdout.write(report(worse, after.sources, Format(given.format)))
        print("nothing was written", file=sys.stderr)
        return _PROBLEMS
    for path, data in draft.made.items():
        io.create_file(given.content, path, data)
    for path, data in draft.changed.items():
        io.replace_file(given.content, path, data)
    for path in (*draft.changed, *draft.made):
        print(folder.show(path))
    if not given.quiet:
        print(_next(draft), file=sys.stderr)
    return _DONE


def _draft(given: argparse.Namespace, manuscript: CheckedContent, refuse: Refuse) -> Draft:
    added = CodeDetails(
        *(" ".join(each.split()) for each in (given.text, given.name, given.register))
    )
    if len(given.what) == 1 and NUMBER.fullmatch(given.what[0]):
        return new_code(manuscript, int(given.what[0]), added)
    if len(given.what) != _WORDS:
        refuse("say what to begin: the number of a code, guide NAME or table NAME")
    if added != CodeDetails():
        refuse("--text, --name and --register are for codes")
    kind, name = given.what
    return new_page(manuscript, kind, name, datetime.now(UTC).date())


def _worse(before: Sequence[Diagnostic], after: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """The problems that were not there before, wherever the others stand now."""
    known = Counter((each.rule, each.span.path, each.message) for each in before)
    for each in after:
        key = (each.rule, each.span.path, each.message)
        if not known[key]:
            yield each
        known[key] -= 1


def _next(draft: Draft) -> str:
    is_article = any(path.parent.name == CODES for path in draft.made)
    facts = ", take the # away from what you know in its head" if is_article else ""
    return (
        f"to do: put your words where {MARK} stands{facts}\n"
        f"to see it while you write: {_TYPED} serve"
    )
