"""The grammar of every document by example: `cases/grammar/KIND.md` holds titles, inputs, records.

    title
    .
    input: one document; a line `@ tables/flags.csv` begins another file
    .
    what is read of it, one thing a line, then each problem with its place
    .

Words between two cases are for the reader. So that an editor can show and keep them, signs stand
for some characters of the input: ␠ a blank at the end of a line, ␉ a tab, ␍ a carriage return,
␂ a byte order mark, ␡ a no-break space, ␀ nothing where the last line has no end.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from codebook.book.documents import (
    Article,
    Body,
    CodeBlock,
    Comparison,
    Documents,
    Guide,
    Register,
    Table,
)
from codebook.book.parse import parse_documents
from codebook.book.settings import Settings
from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Diagnostic
from codebook.diagnostics.source import Folder
from codebook.syntax.rich_text import LinkTarget, Text

CASES = Path(__file__).resolve().parent / "cases" / "grammar"
NAMES = {
    "register": "signals.md",
    "article": "codes/11.md",
    "class": "classes/1x.md",
    "table": "tables/flags.md",
    "guide": "guides/coming-in.md",
    "settings": "book.toml",
}
"""The file that a case is about, by the kind of document."""
SIGNS = str.maketrans({"␠": " ", "␉": "\t", "␍": "\r", "␂": "\ufeff", "␡": "\xa0"})
REGISTER = "# Signals\n\n1. Entry signals (10–19)\n\n## 1. Entry signals\n\n- 11\nCome in.\n"
"""Lies beside every document that is no register itself."""


def cases() -> Iterator[object]:
    """Every case; its name tells the file and the line of its title."""
    for path in sorted(CASES.glob("*.md")):
        lines = path.read_bytes().decode().split("\n")
        dots = [number for number, line in enumerate(lines) if line == "."]
        for start, middle, end in zip(dots[::3], dots[1::3], dots[2::3], strict=True):
            given, expected = lines[start + 1 : middle], lines[middle + 1 : end]
            name = f"{path.name}:{start} {lines[start - 1]}"
            yield pytest.param(path.stem, given, expected, id=name)


def files(kind: str, given: list[str]) -> dict[PurePosixPath, bytes]:
    """The content folder that the input of a case spells."""
    name = NAMES[kind]
    texts: dict[str, str] = {} if kind == "register" else {"signals.md": REGISTER}
    for line in given:
        if line.startswith("@ "):
            name = line.removeprefix("@ ")
            continue
        end = "" if line.endswith("␀") else "\n"
        texts[name] = texts.get(name, "") + line.removesuffix("␀").translate(SIGNS) + end
    texts.setdefault(NAMES[kind], "")
    return {PurePosixPath(path): text.encode() for path, text in sorted(texts.items())}


@pytest.mark.parametrize(("kind", "given", "expected"), tuple(cases()))
def test_a_document_is_read_as_its_case_says(
    kind: str, given: list[str], expected: list[str]
) -> None:
    """The grammar is what its examples say, record by record and problem by problem."""
    read = parse_documents(Cache(), Folder("content", files(kind, given)))
    shown = [*record(kind, read.value.documents), *diagnostics(kind, read.diagnostics)]
    assert shown == expected


@pytest.mark.parametrize("kind", NAMES)
def test_no_two_cases_have_the_same_title_or_input(kind: str) -> None:
    """A case that says nothing new is not written twice."""
    lines = (CASES / f"{kind}.md").read_bytes().decode().split("\n")
    dots = [number for number, line in enumerate(lines) if line == "."]
    titles = [lines[start - 1] for start in dots[::3]]
    inputs = ["\n".join(lines[a:b]) for a, b in zip(dots[::3], dots[1::3], strict=True)]
    assert len(set(titles)) == len(titles)
    assert len(set(inputs)) == len(inputs)
    assert all(titles)


def record(kind: str, found: Documents) -> Iterator[str]:
    """What was read, one thing a line, what belongs to it indented below."""
    for register in found.registers:
        yield from _register(register) if kind == "register" else ()
    for article in found.articles:
        yield from _article(article)
    for text in found.class_texts:
        yield f"class {text.label.text}"
        yield from [f"unassigned {text.unassigned}"] if text.unassigned else []
        yield from _body(text.body)
    for table in found.tables:
        yield from _table(table)
    for guide in (*found.guides, *([found.home] if found.home else [])):
        yield from _guide(guide)
    if kind == "settings":
        yield from _settings(found.settings)
        for fact in found.facts:
            yield f"fact {fact.key} ({fact.label}) {fact.about}"
            yield from (f"  {value}: {meaning}" for value, meaning in fact.values.items())


def diagnostics(kind: str, found: tuple[Diagnostic, ...]) -> Iterator[str]:
    """Each problem as its rule and place; the file is named where it is not the case's own."""
    for each in sorted(found, key=lambda each: (each.span, each.rule)):
        path = each.span.path.removeprefix("content/")
        place = "" if path == NAMES[kind] else f"{path}:"
        yield f"! {each.rule} {place}{each.span.line}:{each.span.column}"


def _register(register: Register) -> Iterator[str]:
    yield f"register {register.title}".rstrip()
    yield from (f"trail {_html(text)}" for text in register.trail)
    for one in register.classes:
        yield f"class {one.label} {one.name} {one.low}–{one.high}"
    for section in register.sections:
        yield f"section {section.code_class.label} #{section.slug}"
        for entry in section.entries:
            yield f"code {entry.number} {entry.name}".rstrip()
            yield from _indented(_html(entry.text))
    if register.unplaced:
        yield f"unplaced {sorted(register.unplaced)}"
    yield from (f"reference {_html(text)}" for text in register.references)
    yield from map(_target, register.targets)


def _article(article: Article) -> Iterator[str]:
    yield f"article {article.code.number} {article.name}".rstrip()
    yield from [f"spec {article.spec}"] if article.spec else []
    yield from (f"formerly {each.name} ({each.source})" for each in article.formerly)
    for mention in article.see_also:
        yield f"see also {mention.number} at {mention.span.line}:{mention.span.column}"
    for claim in article.claims:
        at, value = claim.key.span, claim.value_span
        yield (
            f"fact {claim.key.text} at {at.line}:{at.column} = {claim.value} "
            f"at {value.line}:{value.column}"
        )
        yield from [f"  source {claim.source!r}"] if claim.source else []
        yield from [f"  note {claim.note!r}"] if claim.note else []
    yield from _body(article.body)


def _table(table: Table) -> Iterator[str]:
    yield f"table {table.slug} {table.title}"
    yield f"source {table.source}, read {table.read}, licence {table.licence}"
    yield "columns " + ", ".join(f"{each.key} ({each.label})" for each in table.columns)
    for row in table.rows:
        at = row.code.span
        yield f"row {row.code.number} at {at.line}:{at.column} {list(row.cells)}"
    yield from _body(table.body)


def _guide(guide: Guide) -> Iterator[str]:
    yield f"guide {guide.slug} {guide.title}".rstrip()
    yield from _body(guide.body)


def _body(body: Body) -> Iterator[str]:
    for part in body.parts:
        if isinstance(part, Comparison):
            codes = [str(each.number) for each in part.codes or ()] or ["all codes"]
            facts = [word.text for word in part.facts or ()] or ["all facts"]
            yield f"compare {', '.join(codes)} by {', '.join(facts)}"
        elif isinstance(part, CodeBlock):
            yield f"listing {part.language or 'of no language'} #{part.section}"
            yield from _indented(_html(part.text))
        else:
            yield "text"
            yield from _indented(_html(part))
    for heading in body.headings:
        yield f"heading {heading.level} #{heading.slug} {heading.text}".rstrip()
    yield from map(_target, body.targets)


def _settings(made: Settings) -> Iterator[str]:
    for key in ("title", "description", "language", "path", "url", "repository", "branch"):
        value = getattr(made, key)
        yield from [f"{key} {value}"] if value != getattr(Settings(), key) else []
    if made.names:
        yield f"names {made.names.column.text} of {made.names.table.text}"
    yield from (f"heading {heading}" for heading in made.headings)
    for citation in made.citations:
        yield f"citation {citation.pattern.pattern} -> {citation.url}"
    for credit in made.credits:
        yield "credit " + ", ".join(word.text for word in credit.documents)
        yield from _indented(_html(credit.text))
        yield from map(_target, credit.targets)


def _html(text: Text) -> str:
    return text.html(_hole)


def _hole(target: LinkTarget) -> str:
    return "{" + target.path.as_posix() + (f"#{target.anchor}" if target.anchor else "") + "}"


def _target(target: LinkTarget) -> str:
    return f"link {_hole(target)} at {target.span.line}:{target.span.column}"


def _indented(html: str) -> list[str]:
    return [f"  {line}" for line in html.removesuffix("\n").split("\n") if line]
