"""The resources that a browser loads automatically with a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

_LOADING = frozenset(
    {
        ("audio", "src"),
        ("embed", "src"),
        ("feimage", "href"),
        ("feimage", "xlink:href"),
        ("iframe", "src"),
        ("image", "href"),
        ("image", "xlink:href"),
        ("img", "src"),
        ("input", "src"),
        ("object", "data"),
        ("script", "href"),
        ("script", "src"),
        ("script", "xlink:href"),
        ("source", "src"),
        ("track", "src"),
        ("use", "href"),
        ("use", "xlink:href"),
        ("video", "poster"),
        ("video", "src"),
    }
)
"""Elements and attributes. SVG names are in lower case, as returned by the parser."""
_CANDIDATES = frozenset({("img", "srcset"), ("link", "imagesrcset"), ("source", "srcset")})
_UNLOADED = frozenset({"alternate", "author", "canonical", "help", "license", "me", "next", "prev"})
"""The `rel` values of links that aren't loaded. All others count as loaded."""
_IN_STYLE = re.compile(r"""(?:@import\s*(?:url\(\s*)?|url\(\s*)["']?([^"')\s;]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Load:
    """A URL that is loaded, as written in the file."""

    url: str
    position: str
    relations: frozenset[str] = frozenset()
    """The `rel` values of a link; empty for other elements."""

    @property
    def is_style_sheet(self) -> bool:
        """Whether it's a linked style sheet."""
        return "stylesheet" in self.relations


def of_page(text: str) -> tuple[Load, ...]:
    """What a page loads, in order."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return tuple(reader.loads)


def of_style_sheet(text: str) -> Iterator[Load]:
    """What a style sheet loads, in order."""
    for match in _IN_STYLE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        yield Load(match[1], f"{line}:{column}")


class _Reader(HTMLParser):
    """Collects loads while parsing. Each instance reads one page."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[Load] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, offset = self.getpos()
        position = f"{line}:{offset + 1}"
        relations = frozenset((dict(attrs).get("rel") or "").lower().split())
        for name, value in attrs:
            if not value:
                continue
            if (tag, name) == ("link", "href"):
                if not _UNLOADED.issuperset(relations):
                    self.loads.append(Load(value.strip(), position, relations))
            elif (tag, name) in _LOADING:
                self.loads.append(Load(value.strip(), position))
            elif (tag, name) in _CANDIDATES:
                urls = [candidate.split()[0] for candidate in value.split(",") if candidate.strip()]
                self.loads += [Load(url, position) for url in urls]
            elif name == "style":
                self.loads += [Load(load.url, position) for load in of_style_sheet(value)]
