"""URLs and texts as files for programs write them.

Programs also read these files outside the site, so URLs are absolute if the base URL is set.
"""

from __future__ import annotations

from msgspec import Struct

from codebook.book import urls
from codebook.book.documents import Alert, Body, BodyPart, CodeBlock, Comparison
from codebook.book.summary import BookSummary, CodeSummary, ComparedFacts, Fact
from codebook.site.routes import Site
from codebook.site.text.markup import escape, link, table
from codebook.syntax.rich_text import Text

_URL_MARK = "\x1a"
"""Surrounds each URL in a text for several files. No text can contain this character."""


class FileScope(Struct, frozen=True):
    """The site, with URLs as the file at `file_url` writes them.

    If it's None, the text is for several files; see `with_urls`.
    """

    site: Site
    file_url: str | None

    @property
    def book(self) -> BookSummary:
        """The data about the book that the file can use."""
        return self.site.book

    def url(self, url: str) -> str:
        """A URL of the site as this file writes it."""
        if self.file_url is None and not self.book.settings.url:
            return f"{_URL_MARK}{url}{_URL_MARK}"
        return urls.absolute_or_relative(self.book.settings.url, self.file_url or "", url)

    def text(self, text: Text) -> str:
        """A text of the book as Markdown."""
        return text.markdown(lambda target: self.url(self.site.target_url(target)))

    def body(self, body: Body) -> str:
        """A long text of the book as Markdown."""
        return "\n\n".join(map(self.part, body.parts()))

    def part(self, part: BodyPart) -> str:
        """A part of a long text as Markdown."""
        match part:
            case Comparison():
                return self._comparison(self.book.compare(part))
            case CodeBlock() | Alert():
                return self.text(part.text)
            case _:
                return self.text(part)

    def cite(self, plain: str) -> str:
        """Plain text as Markdown, with links for URLs and for citations known to the settings."""
        return "".join(
            f"<{part.url}>"
            if part.is_url
            else link(part.text, part.url)
            if part.url
            else escape(part.text)
            for part in self.book.cited(plain)
        )

    def code_link(self, code: CodeSummary) -> str:
        """A link to the page of a code, with the marks of the code."""
        marks = "".join(f" ({escape(mark)})" for mark in code.marks)
        return self.link(code.title, urls.code(self.book.settings.codes_path, code.number)) + marks

    def link(self, title: str, url: str) -> str:
        """A link to a page."""
        return link(title, self.url(url))

    def fact(self, fact: Fact) -> str:
        """A fact: its value, meaning, note, and source."""
        parts = [escape(part.rstrip(".")) for part in (fact.value, fact.meaning, fact.note) if part]
        if fact.uncertain:
            parts.append(f"{self.site.words.facts.uncertain} {escape(fact.uncertain.rstrip('.'))}")
        return ". ".join([*parts, f"{self.site.words.table_page.source}: {self.cite(fact.source)}"])

    def _comparison(self, compared: ComparedFacts) -> str:
        rows = (
            [
                self.code_link(code),
                *(self._cell(fact, is_brief=compared.is_brief) for fact in facts),
            ]
            for code, facts in compared.rows()
        )
        return table(
            [self.site.words.facts.code, *(escape(kind.label) for kind in compared.kinds)], rows
        )

    def _cell(self, fact: Fact | None, *, is_brief: bool) -> str:
        words = self.site.words
        if fact is None:
            return words.facts.not_stated
        if is_brief:
            return escape(fact.value)
        parts = [fact.value, *([fact.note] if fact.note else [])]
        parts += [f"{words.code_page.uncertain}: {fact.uncertain}"] if fact.uncertain else []
        return f"{escape('. '.join(part.rstrip('.') for part in parts))} ({self.cite(fact.source)})"


def with_urls(text: str, file_url: str) -> str:
    """A text for several files, with URLs as one of them writes them."""
    parts = text.split(_URL_MARK)
    parts[1::2] = [urls.relative(file_url, url) for url in parts[1::2]]
    return "".join(parts)
