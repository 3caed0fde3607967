"""Scan a built page for its links, its ids, and the errors that don't depend on other pages."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from msgspec import Struct

from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Source

_NEEDS_TEXT = frozenset({"a", "button", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "th", "title"})
"""Elements that are useless to readers when they're empty."""
_CHECKED = _NEEDS_TEXT | {"img", "script", "style"}
"""Elements that are checked even if they have no attributes."""
_URL_ATTRIBUTES = frozenset({"action", "data", "formaction", "href", "poster", "src"})

_DATA_BLOCKS = frozenset({("application/ld+json", None), ("application/json", "ui-words")})
"""Types and ids of the inline scripts that a page may have. Browsers don't run them."""

_IN_TEMPLATE = "fix the template or the content that it comes from"
_IN_ASSETS = "move the code to a style sheet or script in the assets folder of the templates"

_DOCTYPE = "<!doctype html>"
_SIMPLE_TAG = re.compile(
    r"""(?P<text>[^<]*)(?P<start><)(?P<slash>/?)(?P<tag>[a-z][a-z0-9]*)"""
    r"""(?P<attributes>(?:\s+[A-Za-z][\w:-]*(?:="[^"]*")?)*)\s*(?P<end>/?>)""",
    re.ASCII,
)
"""Text and the tag after it, in the form that templates usually use."""
_ATTRIBUTE = re.compile(r"""\s([A-Za-z][\w:-]*)(?:="([^"]*)")?""", re.ASCII)
_RAW_TEXT = frozenset(
    {"iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style"}
    | {"textarea", "title", "xmp"}
)
"""Elements that can't contain other elements."""
_RAW_CONTENT = re.compile(r"(?P<text>[^<]*)</(?P<tag>[a-z]+)>")

Position = tuple[int, int]
"""A line and a column, both starting at 1."""


class PageLink(Struct, frozen=True):
    """A URL that a page refers to, exactly as written."""

    url: str
    position: Position


class ScannedPage(Struct, frozen=True):
    """The parts of a page that checks across pages need."""

    source: Source
    ids: frozenset[str]
    links: tuple[PageLink, ...]
    diagnostics: tuple[Diagnostic, ...]


def scan(source: Source) -> ScannedPage:
    """Scan a built page."""
    scanner = _Scanner(source)
    scanner.scan()
    return ScannedPage(
        source, frozenset(scanner.ids), tuple(scanner.links), tuple(scanner.diagnostics)
    )


class _Scanner(HTMLParser):
    """Collects findings while parsing. Each instance scans one page."""

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
        """Parse simple tags with a pattern, and everything after the first other tag as HTML.

        Editing a shared template rescans every page while the editor waits, and the pattern takes
        a third of the time.
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
            count = len(self._headings)
            message = f"the page has {count} <h1> elements" if count else "the page has no <h1>"
            help_text = "use exactly one <h1> in the template, and <h2> and so on below it"
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
        is_data = (
            "src" in attributes or (attributes.get("type"), attributes.get("id")) in _DATA_BLOCKS
        )
        if tag == "style" or (tag == "script" and not is_data):
            message = f"the page has an inline <{tag}>"
            self._report(Rule.INLINE_CODE, message, _IN_ASSETS, position)
        if tag == "img" and attributes.get("alt") is None:
            message = "the image has no alternative text"
            help_text = 'add alt="…" to describe the image, or alt="" if it is decorative'
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
                message = f'the ID "{value}" is used more than once'
                self._report(Rule.DUPLICATE_ID, message, _IN_TEMPLATE, position)
            self.ids.add(value)
        url = value if name in _URL_ATTRIBUTES else None
        if url is not None:
            self.links.append(PageLink(url, position))
        if name == "style" or name.startswith("on") or _is_script(url):
            message = f'the <{tag}> element has inline code in its "{name}" attribute'
            self._report(Rule.INLINE_CODE, message, _IN_ASSETS, position)

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
        span = self.source.at(*position)
        diagnostic = Diagnostic(rule, span, message, help=help_text, subject=message)
        self.diagnostics.append(diagnostic)


def _is_script(url: str | None) -> bool:
    return "".join((url or "").split()).lower().startswith(("javascript:", "vbscript:"))


def _is_irregular(match: re.Match[str]) -> bool:
    """Whether the tag starts raw text that the pattern would misread."""
    if match["tag"] not in _RAW_TEXT or match["slash"]:
        return False
    content = _RAW_CONTENT.match(match.string, match.end())
    if content is None or content["tag"] != match["tag"] or match["tag"] == "plaintext":
        return True
    return match["tag"] in {"script", "style"} and "&" in content["text"]


def _attributes(text: str) -> list[tuple[str, str | None]]:
    pairs = (match.groups() for match in _ATTRIBUTE.finditer(text))
    return [(name.lower(), value and unescape(value)) for name, value in pairs]
