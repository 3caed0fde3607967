"""The grammar of every document by example, in `cases/KIND.md`.

    title
    .
    input: one document; a line `@ tables/flags.csv` starts another file
    .
    the parsed records, one item per line, then each diagnostic with its position
    .

Text between cases is a comment. Signs replace characters of the input that editors don't show or
don't keep: ␠ a space at the end of a line, ␉ a tab, ␍ a carriage return, ␂ a byte order mark,
␡ a no-break space. ␀ at the end of the last line means that it has no line feed.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path, PurePosixPath

import pytest

from codebook.book.documents import (
    Alert,
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

CASES = Path(__file__).resolve().with_name("cases")
NAMES = {
    "register": "signals.md",
    "article": "codes/11.md",
    "class": "classes/1x.md",
    "table": "tables/flags.md",
    "guide": "guides/coming-in.md",
    "settings": "book.toml",
}
"""The file of each kind of document."""
SIGNS = str.maketrans({"␠": " ", "␉": "\t", "␍": "\r", "␂": "\ufeff", "␡": "\xa0"})
REGISTER = "# Signals\n\n1. Entry signals (10–19)\n\n## 1. Entry signals\n\n- 11\nCome in.\n"
"""The register of every case that isn't about registers."""


def cases(kind: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield the name, the input, and the expected records of every case of a kind."""
    lines = (CASES / f"{kind}.md").read_bytes().decode().split("\n")
    dots = [number for number, line in enumerate(lines) if line == "."]
    for start, middle, end in zip(dots[::3], dots[1::3], dots[2::3], strict=True):
        name = f"{kind}.md:{start} {lines[start - 1]}"
        yield name, lines[start + 1 : middle], lines[middle + 1 : end]


def files(kind: str, input_lines: list[str]) -> dict[PurePosixPath, bytes]:
    """Return the files of the content folder in the input of a case."""
    name = NAMES[kind]
    texts: dict[str, str] = {} if kind == "register" else {"signals.md": REGISTER}
    for line in input_lines:
        if line.startswith("@ "):
            name = line.removeprefix("@ ")
            continue
        end = "" if line.endswith("␀") else "\n"
        texts[name] = texts.get(name, "") + line.removesuffix("␀").translate(SIGNS) + end
    texts.setdefault(NAMES[kind], "")
    return {PurePosixPath(path): text.encode() for path, text in sorted(texts.items())}


@pytest.mark.parametrize("kind", NAMES)
def test_a_document_is_parsed_as_its_cases_say(kind: str) -> None:
    """Every case gives exactly the expected records and diagnostics."""
    differences = [
        "\n".join(unified_diff(expected, actual, "expected", name, lineterm=""))
        for name, input_lines, expected in cases(kind)
        for actual in ([*read(kind, input_lines)],)
        if actual != expected
    ]
    assert not differences, "\n\n".join(differences)


def read(kind: str, input_lines: list[str]) -> Iterator[str]:
    """Yield the records and the diagnostics of an input."""
    parsed = parse_documents(Cache(), Folder("content", files(kind, input_lines)))
    yield from record(kind, parsed.value)
    yield from diagnostics(kind, parsed.diagnostics)


@pytest.mark.parametrize("kind", NAMES)
def test_no_two_cases_have_the_same_title_or_input(kind: str) -> None:
    """Every case has its title and its input."""
    titles = [name.partition(" ")[2] for name, _, _ in cases(kind)]
    inputs = ["\n".join(lines) for _, lines, _ in cases(kind)]
    assert sorted(titles) == sorted({*titles})
    assert sorted(inputs) == sorted({*inputs})
    assert all(titles)
    assert titles


def record(kind: str, documents: Documents) -> Iterator[str]:
    """Yield the parsed records, one item per line, with their parts indented below."""
    for register in documents.registers:
        yield from _register(register) if kind == "register" else ()
    for article in documents.articles:
        yield from _article(article)
    for text in documents.class_texts:
        yield f"class {text.label.text}"
        yield from [f"unassigned {text.unassigned}"] if text.unassigned else []
        yield from _body(text.body)
    for table in documents.tables:
        yield from _table(table)
    for guide in (*documents.guides, *([documents.home] if documents.home else [])):
        yield from _guide(guide)
    if kind == "settings":
        yield from _settings(documents.settings)
        for fact in documents.facts:
            yield f"fact {fact.key} ({fact.label}) {fact.about}"
            yield from (f"  {value}: {meaning}" for value, meaning in fact.values.items())


def diagnostics(kind: str, reported: tuple[Diagnostic, ...]) -> Iterator[str]:
    """Yield each diagnostic as its rule and position, with the path of any other file."""
    for diagnostic in sorted(reported, key=lambda diagnostic: (diagnostic.span, diagnostic.rule)):
        path = diagnostic.span.path.removeprefix("content/")
        file = "" if path == NAMES[kind] else f"{path}:"
        yield f"! {diagnostic.rule} {file}{diagnostic.span.line}:{diagnostic.span.column}"


def _register(register: Register) -> Iterator[str]:
    yield f"register {register.title}".rstrip()
    yield from (f"trail {_html(text)}" for text in register.trail)
    for code_class in register.classes:
        yield f"class {code_class.label} {code_class.name} {code_class.low}–{code_class.high}"
    for section in register.sections:
        yield f"section {section.code_class.label} #{' #'.join(section.slugs)}"
        for entry in section.entries:
            yield f"code {entry.number} {entry.name}".rstrip()
            yield from _indented(_html(entry.text))
    if register.unclassified:
        yield f"unclassified {sorted(register.unclassified)}"
    yield from (f"reference {_html(text)}" for text in register.references)
    yield from map(_target, register.targets)


def _article(article: Article) -> Iterator[str]:
    yield f"article {article.code.number} {article.name}".rstrip()
    yield from [f"spec {article.spec}"] if article.spec else []
    yield from (f"formerly {former.name} ({former.source})" for former in article.formerly)
    for mention in article.see_also:
        yield f"see also {mention.number} at {mention.span.line}:{mention.span.column}"
    for claim in article.stated_facts:
        at, value = claim.key.span, claim.value_span
        yield (
            f"fact {claim.key.text} at {at.line}:{at.column} = {claim.value} "
            f"at {value.line}:{value.column}"
        )
        yield from [f"  source {claim.source!r}"] if claim.source else []
        yield from [f"  note {claim.note!r}"] if claim.note else []
    for symptom in article.symptoms:
        at, tested = symptom.message.span, f" {symptom.reproduced}" if symptom.reproduced else ""
        yield f"symptom {symptom.message.text!r} at {at.line}:{at.column}"
        yield f"  of {symptom.program}{tested} in {symptom.where}, source {symptom.source!r}"
        yield from _indented(_html(symptom.cause))
        yield from map(_target, symptom.cause.targets)
    yield from _body(article.body)


def _table(table: Table) -> Iterator[str]:
    yield f"table {table.slug} {table.title}"
    yield f"source {table.source}, read {table.retrieved}, license {table.license}"
    yield "columns " + ", ".join(f"{column.key} ({column.label})" for column in table.columns)
    if table.choose:
        yield f"choose {table.choose}"
    for row in table.rows:
        at = row.code.span
        yield f"row {row.code.number} at {at.line}:{at.column} {list(row.cells)}"
    yield from _body(table.body)


def _guide(guide: Guide) -> Iterator[str]:
    yield f"guide {guide.slug} {guide.title}".rstrip()
    yield from _body(guide.body)


def _body(body: Body) -> Iterator[str]:
    for part in body.parts():
        if isinstance(part, Comparison):
            codes = [str(code.number) for code in part.codes or ()] or ["all codes"]
            facts = [word.text for word in part.facts or ()] or ["all facts"]
            yield f"compare {', '.join(codes)} by {', '.join(facts)}"
        elif isinstance(part, CodeBlock):
            yield f"listing {part.language or 'of no language'} #{part.section}"
            yield from _indented(_html(part.text))
        elif isinstance(part, Alert):
            yield f"alert {part.kind}"
            yield from _indented(_html(part.text))
        else:
            yield "text"
            yield from _indented(_html(part))
    for heading in body.headings:
        yield f"heading {heading.level} #{heading.slug} {heading.text}".rstrip()
    yield from map(_target, body.targets)


def _settings(settings: Settings) -> Iterator[str]:
    for key in ("title", "description", "language", "codes_path", "url", "repository", "branch"):
        value = getattr(settings, key)
        yield from [f"{key} {value}"] if value != getattr(Settings(), key) else []
    if settings.names:
        yield f"names {settings.names.column.text} of {settings.names.table.text}"
    yield from (f"heading {heading}" for heading in settings.headings)
    for citation in settings.citations:
        yield f"citation {citation.pattern.pattern} -> {citation.url}"
    for credit in settings.credits:
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
