"""Scan a built page for its links, its ids, and the errors that don't depend on other pages.

Most pages have no error, so they are read with a pattern, in pieces of a line or a few. Many pieces
are the same on many pages, such as the links of the menu, and are read only once. If a page has an
error or an unusual tag, a parser reads it again, which takes much longer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser
from pathlib import PurePosixPath

from msgspec import Struct

from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Source

_NEEDS_TEXT = frozenset({"a", "button", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "th", "title"})
"""Elements that are useless to readers when they're empty."""
_URL_ATTRIBUTES = frozenset({"action", "data", "formaction", "href", "poster", "src"})

_DATA_BLOCKS = frozenset({("application/ld+json", None), ("application/json", "ui-words")})
"""Types and ids of the inline scripts that a page may have. Browsers don't run them."""

_IN_TEMPLATE = "fix the template or the content that it comes from"
_IN_ASSETS = "move the code to a style sheet or script in the assets folder of the templates"

_SIMPLE_TAG = re.compile(
    r"""(?i:<!doctype[ ]html>)|<(?P<slash>/?)(?P<tag>[a-z][a-z0-9]*+)"""
    r"""(?P<attributes>(?:\s++[A-Za-z][\w:-]*+(?:="[^"]*+"|='[^']*+')?+)*+)\s*+(?P<end>/?>)""",
    re.ASCII,
)
"""A tag in the form that templates usually use."""
_ATTRIBUTE = re.compile(r"""\s([A-Za-z][\w:-]*)(?:=("[^"]*"|'[^']*'))?""", re.ASCII)
_CHECKED_ATTRIBUTE = re.compile(
    rf"\s(?:on|(?:alt|aria-label|http-equiv|id|style|{'|'.join(_URL_ATTRIBUTES)})(?![\w:-]))",
    re.ASCII | re.IGNORECASE,
)
"""The name of an attribute that matters in any tag."""
_RAW_TEXT = frozenset(
    {"iframe", "noembed", "noframes", "plaintext", "script", "style"} | {"textarea", "title", "xmp"}
)
"""Elements that can't contain other elements."""
_CHECKED = _NEEDS_TEXT | _RAW_TEXT | {"img"}
"""Elements that are checked even if they have no attributes."""
_TEXT = "."
_FILLED_ELEMENT = re.compile(r"<(\w+)>\.+</\1>|\.{2,}")
_CACHED_PIECES = 8192

_Attributes = Sequence[tuple[str, str | None]]
"""Names in lower case, and values."""
Position = tuple[int, int]
"""A line and a column, both starting at 1."""


class PageLink(Struct, frozen=True):
    """A URL that a page refers to, exactly as written."""

    url: str
    position: Position


class ScannedPage(Struct, frozen=True):
    """The parts of a page that checks across pages need."""

    ids: frozenset[str]
    urls: frozenset[str]
    """The URLs that it refers to, exactly as written."""
    diagnostics: tuple[Diagnostic, ...]


def scan(path: PurePosixPath, display_path: str, text: str) -> ScannedPage:
    """Scan a built page."""
    pieces = _pieces(text)
    ids = [id_ for piece in pieces for id_ in piece.ids]
    elements = "".join([piece.elements for piece in pieces])
    is_valid = len(set(ids)) == len(ids) and sum(piece.headings for piece in pieces) == 1
    if is_valid and not _without_filled(elements).strip(_TEXT):
        urls = frozenset([url for piece in pieces for url in piece.urls])
        return ScannedPage(frozenset(ids), urls, ())
    return parse(Source.of(path, display_path, text))


def parse(page: Source) -> ScannedPage:
    """Scan a built page with the parser."""
    parser = _Parser(page)
    urls = frozenset(link.url for link in parser.links)
    return ScannedPage(frozenset(parser.ids), urls, tuple(parser.diagnostics))


def links(page: Source) -> Sequence[PageLink]:
    """The links of a page, in order."""
    return _Parser(page).links


class _StartTag(Struct, frozen=True):
    """The findings in a start tag."""

    ids: Sequence[str]
    urls: Sequence[str]
    errors: Sequence[tuple[Rule, str, str]]
    """Rules, messages, and helps."""
    elements: str
    """The tag if its element needs text, with dots for text before and after it."""


class _Piece(Struct, frozen=True):
    """The findings in a piece of a page without errors."""

    ids: tuple[str, ...]
    urls: tuple[str, ...]
    headings: int
    """The number of `h1` elements."""
    elements: str
    """The tags of elements that need text, with dots for text; see `_without_filled`."""


def _pieces(text: str) -> Sequence[_Piece]:
    """The pieces of a page; none if it must be parsed."""
    *lines, rest = f"{text}\n".split(">\n")
    pieces = [*filter(None, map(_piece, lines))]
    is_simple = len(pieces) == len(lines) and not rest.strip() and "\r" not in text
    return pieces if is_simple else ()


@lru_cache(_CACHED_PIECES)
def _piece(line: str) -> _Piece | None:
    """The findings in a piece, given without the `>` at its end; None if it must be parsed."""
    parts = _SIMPLE_TAG.split(f"{line}>")
    if "<" in "".join(parts[::5]):
        return None
    ids: list[str] = []
    urls: list[str] = []
    headings = 0
    elements = _TEXT if _is_text(parts[0]) else ""
    for index in range(1, len(parts), 5):
        slash, tag, attributes, end, text = parts[index : index + 5]
        if slash:
            elements += f"</{tag}>" if tag in _NEEDS_TEXT else ""
        elif tag in _CHECKED or (attributes and _CHECKED_ATTRIBUTE.search(attributes)):
            if tag in _RAW_TEXT and _is_misread(tag, text, parts[index + 5 : index + 9]):
                return None
            found = _start_tag(tag, _attributes(attributes))
            if found.errors:
                return None
            ids += found.ids
            urls += found.urls
            headings += tag == "h1"
            elements += found.elements
            elements += f"</{tag}>" if end == "/>" and tag in _NEEDS_TEXT else ""
        elements += _TEXT if _is_text(text) else ""
    return _Piece(tuple(ids), tuple(urls), headings, _without_filled(elements))


def _is_text(text: str) -> bool:
    return bool(text) and not text.isspace() and bool(unescape(text).strip())


def _without_filled(elements: str) -> str:
    """The tags without complete elements that have text, each of which has the effect of text."""
    while (rest := _FILLED_ELEMENT.sub(_TEXT, elements)) != elements:
        elements = rest
    return elements


def _is_misread(tag: str, text: str, end_tag: Sequence[str]) -> bool:
    """Whether the pattern may misread the text after the start tag of a raw text element."""
    return (
        tag == "plaintext"
        or end_tag != ["/", tag, "", ">"]
        or (tag in {"script", "style"} and "&" in text)
    )


def _attributes(text: str) -> _Attributes:
    return [
        (name.lower(), unescape(value[1:-1]) if value else None)
        for name, value in _ATTRIBUTE.findall(text)
    ]


def _start_tag(tag: str, attrs: _Attributes) -> _StartTag:
    """The findings in a start tag."""
    attributes = dict(attrs)
    ids = [value for name, value in attrs if name == "id" and value is not None]
    urls = [value for name, value in attrs if name in _URL_ATTRIBUTES and value is not None]
    if tag == "meta" and attributes.get("http-equiv") == "refresh":
        urls.append((attributes.get("content") or "").partition("url=")[2])
    errors: list[tuple[Rule, str, str]] = []
    for name, value in attrs:
        is_script = name in _URL_ATTRIBUTES and _is_script(value)
        if name == "style" or name.startswith("on") or is_script:
            message = f'the <{tag}> element has inline code in its "{name}" attribute'
            errors.append((Rule.INLINE_CODE, message, _IN_ASSETS))
    is_data = "src" in attributes or (attributes.get("type"), attributes.get("id")) in _DATA_BLOCKS
    if tag == "style" or (tag == "script" and not is_data):
        errors.append((Rule.INLINE_CODE, f"the page has an inline <{tag}>", _IN_ASSETS))
    if tag == "img" and attributes.get("alt") is None:
        help_text = 'add alt="…" to describe the image, or alt="" if it is decorative'
        errors.append((Rule.MISSING_ALT, "the image has no alternative text", help_text))
    elements = (
        (_TEXT if attributes.get("alt") else "")
        + (f"<{tag}>" if tag in _NEEDS_TEXT else "")
        + (_TEXT if attributes.get("aria-label") else "")
    )
    return _StartTag(ids, urls, errors, elements)


def _is_script(url: str | None) -> bool:
    if url is None or ":" not in url:
        return False
    return "".join(url.split()).lower().startswith(("javascript:", "vbscript:"))


class _Parser(HTMLParser):
    """Collects findings while parsing. Each instance parses one page."""

    def __init__(self, page: Source) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[PageLink] = []
        self.diagnostics: list[Diagnostic] = []
        self._page = page
        self._headings: list[Position] = []
        self._open: list[tuple[str, Position]] = []
        """The open elements that need text."""
        self._with_text = 0
        """How many of them have text."""
        self.feed(page.text)
        self.close()
        if len(self._headings) != 1:
            count = len(self._headings)
            message = f"the page has {count} <h1> elements" if count else "the page has no <h1>"
            help_text = "use exactly one <h1> in the template, and <h2> and so on below it"
            second = self._headings[1] if self._headings else (1, 1)
            self._report(Rule.HEADING_COUNT, message, help_text, second)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, offset = self.getpos()
        position = line, offset + 1
        found = _start_tag(tag, attrs)
        self.links += (PageLink(url, position) for url in found.urls)
        for id_ in found.ids:
            if id_ in self.ids:
                message = f'the ID "{id_}" is used more than once'
                self._report(Rule.DUPLICATE_ID, message, _IN_TEMPLATE, position)
            self.ids.add(id_)
        for rule, message, help_text in found.errors:
            self._report(rule, message, help_text, position)
        if tag == "h1":
            self._headings.append(position)
        for step in found.elements.partition(f"<{tag}>"):
            if step.startswith(_TEXT):
                self._with_text = len(self._open)
            elif step:
                self._open.append((tag, position))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._with_text = len(self._open)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            _, position = self._open.pop()
            if self._with_text <= len(self._open):
                message = f"the <{tag}> element is empty"
                self._report(Rule.EMPTY_TEXT, message, _IN_TEMPLATE, position)
            self._with_text = min(self._with_text, len(self._open))

    def _report(self, rule: Rule, message: str, help_text: str, position: Position) -> None:
        span = self._page.at(*position)
        diagnostic = Diagnostic(rule, span, message, help=help_text, subject=message)
        self.diagnostics.append(diagnostic)
