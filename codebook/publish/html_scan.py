"""One built page as its links, its ids, and what is wrong with it alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Source

_SPOKEN = frozenset({"a", "button", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "th", "title"})
"""Elements that say or lead nowhere where they are empty."""
_TOLD = _SPOKEN | {"img", "script", "style"}
"""Elements that matter without any attribute."""
_ADDRESSES = frozenset({"action", "data", "formaction", "href", "poster", "src"})

_DATA_BLOCKS = frozenset({"application/ld+json"})
"""Types of scripts that no browser runs."""

_IN_TEMPLATE = "correct the template, or the content that it comes from"
_IN_ASSETS = "remove it; code belongs into the sheets and scripts of templates/assets"

_PLAIN = re.compile(
    r"""(?P<words>[^<]*)(?P<mark><)(?P<slash>/?)(?P<tag>[a-z][a-z0-9]*)"""
    r"""(?P<attributes>(?:\s+[A-Za-z][\w:-]*(?:="[^"]*")?)*)\s*(?P<end>/?>)""",
    re.ASCII,
)
"""Words and the tag behind them, as templates mostly write it."""
_ATTRIBUTE = re.compile(r"""\s([A-Za-z][\w:-]*)(?:="([^"]*)")?""", re.ASCII)
_TYPE = "<!doctype html>"
_LITERAL = frozenset(
    {"iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style"}
    | {"textarea", "title", "xmp"}
)
"""Elements in which there are no others."""
_INSIDE = re.compile(r"(?P<words>[^<]*)</(?P<tag>[a-z]+)>")

Position = tuple[int, int]
"""A line and a column, both from 1."""


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """An address that a page names."""

    url: str
    position: Position


@dataclass(frozen=True, slots=True)
class Hypertext:
    """What the checks of the whole site need of one page."""

    source: Source
    ids: frozenset[str]
    links: tuple[WrittenLink, ...]
    diagnostics: tuple[Diagnostic, ...]


def scan(source: Source) -> Hypertext:
    """The page, read once."""
    reader = _Reader(source)
    reader.read()
    if len(reader.titles) != 1:
        second = reader.titles[1] if reader.titles else (1, 1)
        count = len(reader.titles) or "no"
        message = f"the page has {count} <h1>, and is to have one"
        cure = "write <h1> once in the template; <h2> and so on below it"
        reader.report(Rule.HEADING_COUNT, message, cure, second)
    return Hypertext(source, frozenset(reader.ids), tuple(reader.links), tuple(reader.diagnostics))


class _Reader(HTMLParser):
    """Collects while it reads; it lives no longer than one call of `scan`."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        self.ids: set[str] = set()
        self.links: list[WrittenLink] = []
        self.diagnostics: list[Diagnostic] = []
        self.titles: list[Position] = []
        self._open: list[tuple[str, Position, bool]] = []
        self._heard = 0
        """How many of the open elements have said something."""
        self._start: int | None = 0
        self._lines = [0, *(found.end() for found in re.finditer("\n", source.text))]

    def read(self) -> None:
        """Read the page: what is written plainly by one pattern, from the first oddity on as HTML.

        All pages are read again after an edit of the template that they share, while the editor
        waits; the pattern takes a third of the time.
        """
        text = self.source.text
        at = len(_TYPE) if text.startswith(_TYPE) else 0
        while (found := _PLAIN.match(text, at)) and not _is_odd(found):
            words, _, slash, tag, attributes, end = found.groups()
            if words:
                self.handle_data(unescape(words))
            self._start, at = found.start("mark"), found.end()
            if slash:
                self.handle_endtag(tag)
                continue
            if attributes or tag in _TOLD:
                self.handle_starttag(tag, _pairs(attributes))
            if end == "/>":
                self.handle_endtag(tag)
        self.lineno, self.offset = self._place(at)
        self._start = None
        self.feed(text[at:])
        self.close()

    def _position(self) -> Position:
        """Where the tag begins that is being read."""
        line, offset = self.getpos() if self._start is None else self._place(self._start)
        return line, offset + 1

    def _place(self, at: int) -> tuple[int, int]:
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1]

    def report(self, rule: Rule, message: str, cure: str, position: Position | None = None) -> None:
        place = self.source.at(*(position or self._position()))
        self.diagnostics.append(Diagnostic(rule, place, message, help=cure))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "meta" and named.get("http-equiv") == "refresh":
            _, _, url = (named.get("content") or "").partition("url=")
            self.links.append(WrittenLink(url, self._position()))
        if tag == "h1":
            self.titles.append(self._position())
        self._identify(named.get("id"))
        for name, value in attrs:
            if name in _ADDRESSES and value is not None:
                self.links.append(WrittenLink(value, self._position()))
            runs = name in _ADDRESSES and _is_script(value)
            if name == "style" or name.startswith("on") or runs:
                message = f'the element <{tag}> holds code in its attribute "{name}"'
                self.report(Rule.INLINE_CODE, message, _IN_ASSETS)
        is_code = tag == "script" and "src" not in named and named.get("type") not in _DATA_BLOCKS
        if tag == "style" or is_code:
            message = f"the page holds a <{tag}> of its own"
            self.report(Rule.INLINE_CODE, message, _IN_ASSETS)
        if tag == "img" and named.get("alt") is None:
            message = "this picture has no words for those who do not see it"
            cure = 'add alt="…" that says what it shows, alt="" if it is an ornament'
            self.report(Rule.MISSING_ALT, message, cure)
        if named.get("aria-label") or named.get("alt"):
            self._heard = len(self._open)
        if tag in _SPOKEN:
            self._open.append((tag, self._position(), bool(named.get("aria-label"))))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._heard = len(self._open)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            _, position, is_named = self._open.pop()
            if not is_named and self._heard <= len(self._open):
                self.report(Rule.EMPTY_TEXT, f"the <{tag}> is empty", _IN_TEMPLATE, position)
            self._heard = min(self._heard, len(self._open))

    def _identify(self, name: str | None) -> None:
        if name is None:
            return
        if name in self.ids:
            message = f'the id "{name}" stands here a second time'
            self.report(Rule.DUPLICATE_ID, message, _IN_TEMPLATE)
        self.ids.add(name)


def _is_script(value: str | None) -> bool:
    """Whether the value is an address that runs."""
    return "".join((value or "").split()).lower().startswith(("javascript:", "vbscript:"))


def _is_odd(found: re.Match[str]) -> bool:
    """Whether the tag begins what is no markup and yet looks like it, as far as a pattern sees."""
    if found["tag"] not in _LITERAL or found["slash"]:
        return False
    inside = _INSIDE.match(found.string, found.end())
    if inside is None or inside["tag"] != found["tag"] or found["tag"] == "plaintext":
        return True
    return found["tag"] in {"script", "style"} and "&" in inside["words"]


def _pairs(attributes: str) -> list[tuple[str, str | None]]:
    pairs = (found.groups() for found in _ATTRIBUTE.finditer(attributes))
    return [(name.lower(), value and unescape(value)) for name, value in pairs]
