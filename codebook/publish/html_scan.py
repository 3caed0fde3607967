"""One built page as its links, its ids, and the diagnostics that need no other page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Source

_NEEDS_TEXT = frozenset({"a", "button", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "th", "title"})
"""Elements that are useless to a reader if they are empty."""
_CHECKED = _NEEDS_TEXT | {"img", "script", "style"}
"""Elements that are checked even if they have no attribute."""
_URL_ATTRIBUTES = frozenset({"action", "data", "formaction", "href", "poster", "src"})

_DATA_BLOCKS = frozenset({"application/ld+json"})
"""Types of scripts that browsers do not run."""

_IN_TEMPLATE = "correct the template, or the content that it comes from"
_IN_ASSETS = "remove it; code belongs into the sheets and scripts of templates/assets"

_DOCTYPE = "<!doctype html>"
_SIMPLE_TAG = re.compile(
    r"""(?P<text>[^<]*)(?P<start><)(?P<slash>/?)(?P<tag>[a-z][a-z0-9]*)"""
    r"""(?P<attributes>(?:\s+[A-Za-z][\w:-]*(?:="[^"]*")?)*)\s*(?P<end>/?>)""",
    re.ASCII,
)
"""Text and the tag after it, as templates mostly write them."""
_ATTRIBUTE = re.compile(r"""\s([A-Za-z][\w:-]*)(?:="([^"]*)")?""", re.ASCII)
_RAW_TEXT = frozenset(
    {"iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style"}
    | {"textarea", "title", "xmp"}
)
"""Elements that contain no other elements."""
_RAW_CONTENT = re.compile(r"(?P<text>[^<]*)</(?P<tag>[a-z]+)>")

Position = tuple[int, int]
"""A line and a column, both from 1."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A URL that a page refers to, as it is written."""

    url: str
    position: Position


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """What the checks of the whole site need to know of one page."""

    source: Source
    ids: frozenset[str]
    links: tuple[PageLink, ...]
    diagnostics: tuple[Diagnostic, ...]


def scan(source: Source) -> ScannedPage:
    """The page, read once."""
    scanner = _Scanner(source)
    scanner.scan()
    return ScannedPage(
        source, frozenset(scanner.ids), tuple(scanner.links), tuple(scanner.diagnostics)
    )


class _Scanner(HTMLParser):
    """Collects while it reads; it lives no longer than one call of `scan`."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        self.ids: set[str] = set()
        self.links: list[PageLink] = []
        self.diagnostics: list[Diagnostic] = []
        self._headings: list[Position] = []
        self._open: list[tuple[str, Position]] = []
        """The open elements that need text."""
        self._with_text = 0
        """How many of them have text."""

    def scan(self) -> None:
        """Read simple tags with a pattern, and everything from the first other tag on as HTML.

        After an edit of a shared template every page is scanned again while the author waits, and
        the pattern takes a third of the time.
        """
        text = self.rawdata = self.source.text
        start, end = 0, len(_DOCTYPE) if text.startswith(_DOCTYPE) else 0
        while (match := _SIMPLE_TAG.match(text, end)) and not _is_irregular(match):
            before, _, slash, tag, attributes, close = match.groups()
            end = match.end()
            if before:
                self.handle_data(unescape(before))
            if slash:
                self.handle_endtag(tag)
                continue
            if attributes or tag in _CHECKED:
                start = self.updatepos(start, match.start("start"))
                self.handle_starttag(tag, _attributes(attributes))
            if close == "/>":
                self.handle_endtag(tag)
        self.updatepos(start, end)
        self.rawdata = ""
        self.feed(text[end:])
        self.close()
        if len(self._headings) != 1:
            count = len(self._headings) or "no"
            message = f"the page has {count} <h1>, and is to have one"
            help_text = "write <h1> once in the template; <h2> and so on below it"
            second = self._headings[1] if self._headings else (1, 1)
            self._report(Rule.HEADING_COUNT, message, help_text, second)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, offset = self.getpos()
        position = line, offset + 1
        attributes = dict(attrs)
        if tag == "meta" and attributes.get("http-equiv") == "refresh":
            _, _, url = (attributes.get("content") or "").partition("url=")
            self.links.append(PageLink(url, position))
        if tag == "h1":
            self._headings.append(position)
        for name, value in attrs:
            self._check_attribute(tag, name, value, position)
        is_data = "src" in attributes or attributes.get("type") in _DATA_BLOCKS
        if tag == "style" or (tag == "script" and not is_data):
            message = f"the page holds a <{tag}> of its own"
            self._report(Rule.INLINE_CODE, message, _IN_ASSETS, position)
        if tag == "img" and attributes.get("alt") is None:
            message = "this picture has no words for those who do not see it"
            help_text = 'add alt="…" that says what it shows, alt="" if it is an ornament'
            self._report(Rule.MISSING_ALT, message, help_text, position)
        if attributes.get("alt"):
            self._with_text = len(self._open)
        if tag in _NEEDS_TEXT:
            self._open.append((tag, position))
        if attributes.get("aria-label"):
            self._with_text = len(self._open)

    def _check_attribute(self, tag: str, name: str, value: str | None, position: Position) -> None:
        if name == "id" and value is not None:
            if value in self.ids:
                message = f'the id "{value}" stands here a second time'
                self._report(Rule.DUPLICATE_ID, message, _IN_TEMPLATE, position)
            self.ids.add(value)
        url = value if name in _URL_ATTRIBUTES else None
        if url is not None:
            self.links.append(PageLink(url, position))
        if name == "style" or name.startswith("on") or _is_script(url):
            message = f'the element <{tag}> holds code in its attribute "{name}"'
            self._report(Rule.INLINE_CODE, message, _IN_ASSETS, position)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._with_text = len(self._open)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            _, position = self._open.pop()
            if self._with_text <= len(self._open):
                self._report(Rule.EMPTY_TEXT, f"the <{tag}> is empty", _IN_TEMPLATE, position)
            self._with_text = min(self._with_text, len(self._open))

    def _report(self, rule: Rule, message: str, help_text: str, position: Position) -> None:
        span = self.source.at(*position)
        self.diagnostics.append(Diagnostic(rule, span, message, help=help_text))


def _is_script(url: str | None) -> bool:
    return "".join((url or "").split()).lower().startswith(("javascript:", "vbscript:"))


def _is_irregular(match: re.Match[str]) -> bool:
    """Whether the tag begins raw text that the pattern would read as something else."""
    if match["tag"] not in _RAW_TEXT or match["slash"]:
        return False
    content = _RAW_CONTENT.match(match.string, match.end())
    if content is None or content["tag"] != match["tag"] or match["tag"] == "plaintext":
        return True
    return match["tag"] in {"script", "style"} and "&" in content["text"]


def _attributes(text: str) -> list[tuple[str, str | None]]:
    pairs = (match.groups() for match in _ATTRIBUTE.finditer(text))
    return [(name.lower(), value and unescape(value)) for name, value in pairs]
