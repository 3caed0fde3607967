"""New articles, with front matter filled in from the tables, and a first section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from textwrap import wrap

from codebook.authoring.new.pages import TODO
from codebook.book import urls
from codebook.book.book import Book, Code, Excerpt
from codebook.book.citations import split_citations
from codebook.book.settings import FactKind
from codebook.site.routes import Site
from codebook.syntax.toml import toml_key, toml_string

_WIDTH = 98
_NO_BREAK = "\N{NO-BREAK SPACE}"


def article(book: Book, site: Site, code: Code) -> str:
    """The text of `codes/NUMBER.md` for a code that has no article.

    Known keys are set; the others are TOML comments to fill in, which no page shows.
    """
    head = "\n".join(["```toml", *_head(book, site, code), "```"])
    heading = _first_heading(book, code)
    section = f"## {heading}\n\n" if heading else ""
    return f"{head}\n\n{section}{TODO}: write this section.\n"


def _first_heading(book: Book, code: Code) -> str:
    """The most common first heading in the code's class; empty if any heading is allowed.

    Registers can differ in their headings, so it's counted only in that of the code.
    """
    others = (
        other
        for other in book.codes.values()
        if (other.register, other.code_class) == (code.register, code.code_class)
    )
    counts = Counter(
        other.article.body.headings[0].text
        for other in others
        if other.article and other.article.body.headings
    )
    allowed = book.settings.headings
    return next((text for text, _ in counts.most_common() if text in allowed), "".join(allowed[:1]))


def _head(book: Book, site: Site, code: Code) -> Iterator[str]:
    spec = _spec(book, code)
    yield f"name = {toml_string(code.name)}" if code.name else '# name = ""'
    yield '# summary = ""'
    yield f"spec = {toml_string(spec)}" if spec else '# spec = ""'
    yield '# formerly = [{ name = "", source = "" }]'
    yield f"see_also = [{', '.join(map(str, _related_codes(book, code)))}]"
    yield '# keywords = [""]'
    if _is_name_url_in_use(site, code):
        yield "# The URL of this name already redirects to another code, so there is no alias."
        yield "aliases = []"
    if book.settings.headings:
        yield ""
        yield from _comment("Sections, in this order: ", book.settings.headings)
    if book.facts:
        yield ""
        yield "# Uncomment the facts that you know, and cite the source of each."
        yield "[facts]"
    for kind in book.facts.values():
        yield from _fact(kind, code)


def _spec(book: Book, code: Code) -> str:
    """The specification that the table of names cites at the beginning of a cell."""
    names = book.settings.names
    for excerpt in code.excerpts:
        if names and excerpt.table.slug == names.table.text:
            for cell in (cell for row in excerpt.rows for cell in row.cells):
                first = next(split_citations(cell, book.settings.citations), None)
                if first and first.url and not first.is_url:
                    return first.text
    return ""


def _is_name_url_in_use(site: Site, code: Code) -> bool:
    """Whether the URL of the code's name already redirects to another code."""
    name_url = urls.name_url(site.book.settings.codes_path, urls.slug(code.name))
    code_url = urls.code(site.book.settings.codes_path, code.number)
    return any(redirect.url == name_url and redirect.to != code_url for redirect in site.redirects)


def _related_codes(book: Book, code: Code) -> Iterator[int]:
    """The codes whose articles list this one as related."""
    for other in book.codes.values():
        related = other.article.see_also if other.article else ()
        if any(reference.number == code.number for reference in related):
            yield other.number


def _comment(label: str, phrases: Iterable[str]) -> Iterator[str]:
    """The lines of a TOML comment, without line breaks inside phrases."""
    text = ", ".join(phrase.replace(" ", _NO_BREAK) for phrase in phrases)
    for line in wrap(label + text, _WIDTH, break_long_words=False, break_on_hyphens=False):
        yield f"# {line}".replace(_NO_BREAK, " ")


def _fact(kind: FactKind, code: Code) -> Iterator[str]:
    """A fact as a key in the front matter, or as a comment if its value is unknown."""
    allowed = map(toml_string, kind.values) if kind.values else ("any text",)
    yield from _comment(f"{kind.label}: ", allowed)
    key = toml_key(kind.key)
    known = [fact for excerpt in code.excerpts for fact in _column_values(kind, excerpt)]
    if len({value for value, _ in known}) == 1:
        value, source = known[0]
        yield f"{key} = {{ value = {toml_string(value)}, source = {toml_string(source)} }}"
    else:
        yield f'# {key} = {{ value = "", source = "" }}'


def _column_values(kind: FactKind, excerpt: Excerpt) -> Iterator[tuple[str, str]]:
    """The values in the column with the fact's key, each with the source of the table."""
    for index, column in enumerate(excerpt.table.columns):
        if column.key == kind.key:
            for row in excerpt.rows:
                value = row.cells[index]
                if value in kind.values or (value and not kind.values):
                    yield value, excerpt.table.source
