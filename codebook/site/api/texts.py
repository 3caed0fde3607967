"""The texts of a book as records contain them: Markdown, plain text, and citations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codebook.book.documents import Alert, Body, BodyPart, CodeBlock, Comparison
from codebook.book.summary import BookSummary
from codebook.site.api import records
from codebook.site.text.scope import FileScope
from codebook.syntax.rich_text import Heading, Text, anchor_id


class RecordScope(FileScope, frozen=True):
    """The site, with URLs as the record at `file_url` writes them."""

    def cited(self, plain: str) -> records.Cited:
        """A plain text with its citations."""
        links = self.citations(plain)
        return records.Cited(plain, links[0].url if links else "", links)

    def citations(self, plain: str) -> tuple[records.Citation, ...]:
        """The citations in a plain text that have a URL."""
        parts = self.book.cited(plain)
        return tuple(records.Citation(part.text, part.url) for part in parts if part.url)

    def words(self, text: Text) -> records.Words:
        """A formatted text."""
        return records.Words(self.text(text), text.plain)

    def long_text(self, body: Body | None, page: str) -> records.Body:
        """A long text on the page with this URL."""
        if body is None:
            return records.Body("", "", ())
        parts = body.parts()
        markdown = list(map(self.part, parts))
        sections = tuple(
            self._section(heading, parts[start:end], markdown[start:end], page)
            for heading, start, end in _sections(parts, body.headings)
            if start < end
        )
        plain = [text for section in sections for text in (section.heading, section.plain) if text]
        return records.Body("\n\n".join(markdown), "\n\n".join(plain), sections)

    def _section(
        self, heading: Heading | None, parts: Sequence[BodyPart], texts: list[str], page: str
    ) -> records.Section:
        plain = list(map(self._plain, parts))
        if heading:
            texts[0] = texts[0].partition("\n")[2].lstrip("\n")
            plain[0] = plain[0].removeprefix(heading.text).lstrip()
        anchor = f"#{anchor_id(heading.slug)}" if heading else ""
        return records.Section(
            heading.slug if heading else "",
            heading.text if heading else "",
            heading.level if heading else 0,
            "\n\n".join(filter(None, texts)),
            "\n\n".join(filter(None, plain)),
            self.url(page + anchor),
        )

    def _plain(self, part: BodyPart) -> str:
        match part:
            case Comparison():
                return "\n".join(_comparison_lines(part, self.book))
            case CodeBlock():
                return part.content.rstrip("\n")
            case Alert():
                return f"{self.site.words.alerts.title(part.kind)}\n{part.text.plain}"
            case _:
                return part.plain


def _sections(
    parts: Sequence[BodyPart], headings: Sequence[Heading]
) -> Iterator[tuple[Heading | None, int, int]]:
    """The range of parts of each section. Headings are always at the start of a part."""
    heading: Heading | None = None
    start = 0
    later = iter(headings)
    following = next(later, None)
    for index, part in enumerate(parts):
        if following and _begins_with(part, following):
            yield heading, start, index
            heading, start, following = following, index, next(later, None)
    yield heading, start, len(parts)


def _begins_with(part: BodyPart, heading: Heading) -> bool:
    start = part.written[0] if isinstance(part, Text) and part.written else ""
    return isinstance(start, str) and start.startswith("#" * heading.level + " ")


def _comparison_lines(comparison: Comparison, book: BookSummary) -> Iterator[str]:
    """A line for each code, with the facts stated about it."""
    compared = book.compare(comparison)
    keys = {kind.key for kind in compared.kinds}
    for code in compared.codes:
        facts = (fact for fact in code.facts if fact.kind.key in keys)
        stated = "; ".join(f"{fact.kind.label}: {fact.value}" for fact in facts)
        yield f"{code.title}: {stated}" if stated else code.title
