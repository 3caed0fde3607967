"""One built page as its links, its ids, and what is wrong with it alone."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

from codebook.problems import Problem, Rule
from codebook.source import Source

_SPOKEN = frozenset({"a", "button", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "th", "title"})
"""Elements that say or lead nowhere where they are empty."""
_ADDRESSES = frozenset({"action", "data", "formaction", "href", "poster", "src"})

_DATA_BLOCKS = frozenset({"application/ld+json"})
"""Types of scripts that no browser runs."""

_IN_TEMPLATE = "correct the template, or the content that it comes from"

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
    problems: tuple[Problem, ...]


def scan(source: Source) -> Hypertext:
    """The page, read once."""
    reader = _Reader(source)
    reader.feed(source.text)
    reader.close()
    if len(reader.titles) != 1:
        second = reader.titles[1] if reader.titles else (1, 1)
        message = f"the page has {len(reader.titles)} level-1 headings"
        reader.report(Rule.HEADING_COUNT, second, message, "write exactly one <h1> in the template")
    return Hypertext(source, frozenset(reader.ids), tuple(reader.links), tuple(reader.problems))


class _Reader(HTMLParser):
    """Collects while it reads; it lives no longer than one call of `scan`."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        self.ids: dict[str, Position] = {}
        self.links: list[WrittenLink] = []
        self.problems: list[Problem] = []
        self.titles: list[Position] = []
        self._open: list[tuple[str, Position, bool]] = []

    def report(self, rule: Rule, position: Position, message: str, cure: str) -> None:
        self.problems.append(Problem(rule, self.source.at(*position), message, help=cure))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, offset = self.getpos()
        position = (line, offset + 1)
        named = dict(attrs)
        if tag == "meta" and named.get("http-equiv") == "refresh":
            _, _, url = (named.get("content") or "").partition("url=")
            self.links.append(WrittenLink(url, position))
        self.titles += [position] if tag == "h1" else []
        self._identify(named.get("id"), position)
        for name, value in attrs:
            if name in _ADDRESSES and value is not None:
                self.links.append(WrittenLink(value, position))
            runs = name in _ADDRESSES and _is_script(value)
            if name == "style" or name.startswith("on") or runs:
                message = f'the element <{tag}> holds code in its attribute "{name}"'
                self.report(Rule.INLINE_CODE, position, message, "put it into an asset")
        is_code = tag == "script" and "src" not in named and named.get("type") not in _DATA_BLOCKS
        if tag == "style" or is_code:
            message = f"the page holds a <{tag}> of its own"
            self.report(Rule.INLINE_CODE, position, message, "put it into an asset")
        if tag == "img" and named.get("alt") is None:
            message = "a picture has no words for those who do not see it"
            self.report(Rule.MISSING_ALT, position, message, 'add alt="…", empty for ornaments')
        if named.get("aria-label") or named.get("alt"):
            self._heard()
        if tag in _SPOKEN:
            self._open.append((tag, position, bool(named.get("aria-label"))))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._heard()

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            _, position, heard = self._open.pop()
            if not heard:
                self.report(Rule.EMPTY_TEXT, position, f"the <{tag}> is empty", _IN_TEMPLATE)

    def _heard(self) -> None:
        self._open = [(tag, position, True) for tag, position, _ in self._open]

    def _identify(self, name: str | None, position: Position) -> None:
        if name is None:
            return
        if name in self.ids:
            message = f'the id "{name}" stands here a second time'
            self.report(Rule.DUPLICATE_ID, position, message, _IN_TEMPLATE)
        self.ids.setdefault(name, position)


def _is_script(value: str | None) -> bool:
    """Whether the value is an address that runs."""
    return "".join((value or "").split()).lower().startswith(("javascript:", "vbscript:"))
