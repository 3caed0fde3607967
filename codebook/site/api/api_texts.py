"""The texts of a book as records hold them: their citations, their Markdown, their plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codebook.book import urls
from codebook.book.book import Book
from codebook.book.citations import split_citations
from codebook.book.documents import Body as Written
from codebook.book.documents import CodeBlock, Comparison
from codebook.site.api.api_pieces import Body, Citation, Cited, Section, Words
from codebook.site.text import markup
from codebook.syntax.rich_text import Heading, Text, anchor_id

_Part = Text | Comparison | CodeBlock


@dataclass(frozen=True, slots=True)
class Here:
    """A file's view of the book: its links are made here."""

    book: Book
    address: str

    def url(self, there: str) -> str:
        """How this file names an address."""
        return urls.absolute_or_relative(self.book.settings.url, self.address, there)

    def cited(self, plain: str) -> Cited:
        """Plain words, and where the citations in them lead."""
        links = self.citations(plain)
        return Cited(plain, links[0].url if links else "", links)

    def citations(self, plain: str) -> tuple[Citation, ...]:
        """Everything in plain words that leads somewhere."""
        stretches = split_citations(plain, self.book.settings.citations)
        return tuple(Citation(each.text, each.url) for each in stretches if each.url)

    def words(self, text: Text) -> Words:
        """A formatted text."""
        return Words(markup.text_markdown(text, self.book, self.address), text.plain)

    def body(self, body: Written | None, page: str) -> Body:
        """A long text that stands on the page at an address."""
        if body is None:
            return Body("", "", ())
        sections = tuple(
            self._section(heading, parts, page) for heading, parts in _sections(body) if parts
        )
        plain = [each for own in sections for each in (own.heading, own.plain) if each]
        whole = markup.body_markdown(body, self.book, self.address)
        return Body(whole, "\n\n".join(plain), sections)

    def _section(self, heading: Heading | None, parts: Sequence[_Part], page: str) -> Section:
        texts = [markup.part_markdown(part, self.book, self.address) for part in parts]
        plain = [_plain(part, self.book) for part in parts]
        if heading:
            texts[0] = texts[0].partition("\n")[2].lstrip("\n")
            plain[0] = plain[0].removeprefix(heading.text).lstrip()
        anchor = f"#{anchor_id(heading.slug)}" if heading else ""
        return Section(
            heading.slug if heading else "",
            heading.text if heading else "",
            heading.level if heading else 0,
            "\n\n".join(filter(None, texts)),
            "\n\n".join(filter(None, plain)),
            self.url(page + anchor),
        )


def _sections(body: Written) -> Iterator[tuple[Heading | None, Sequence[_Part]]]:
    """The parts below each heading. A part that holds a heading begins with it."""
    heading: Heading | None = None
    below: list[_Part] = []
    coming = list(body.headings)
    for part in body.parts:
        if coming and _begins_with(part, coming[0]):
            yield heading, below
            heading, below = coming.pop(0), []
        below.append(part)
    yield heading, below


def _begins_with(part: _Part, heading: Heading) -> bool:
    start = part.written[0] if isinstance(part, Text) and part.written else ""
    return isinstance(start, str) and start.startswith("#" * heading.level + " ")


def _plain(part: _Part, book: Book) -> str:
    match part:
        case Comparison():
            return "\n".join(_rows(part, book))
        case CodeBlock():
            return part.content.rstrip("\n")
        case _:
            return part.plain


def _rows(comparison: Comparison, book: Book) -> Iterator[str]:
    """A line for each code, without the facts that it does not state."""
    wanted = {kind.key for kind in book.kinds(comparison)}
    for code in book.compared(comparison):
        facts = (each for each in code.facts if each.kind.key in wanted)
        stated = "; ".join(f"{each.kind.label}: {each.value}" for each in facts)
        yield f"{code.title}: {stated}" if stated else code.title
