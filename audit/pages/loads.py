"""What a browser fetches by itself when it opens a page."""

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
"""Elements and attributes; those of SVG are written in small letters, as the parser hands them."""
_CANDIDATES = frozenset({("img", "srcset"), ("link", "imagesrcset"), ("source", "srcset")})
_NAMING = frozenset({"alternate", "author", "canonical", "help", "license", "me", "next", "prev"})
"""What a `link` may be that only names an address; whatever is not listed counts as loaded."""
_IN_STYLE = re.compile(r"""(?:@import\s*(?:url\(\s*)?|url\(\s*)["']?([^"')\s;]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Load:
    """An address that is fetched, as the file writes it."""

    url: str
    place: str
    is_stylesheet: bool = False


def of_page(text: str) -> tuple[Load, ...]:
    """What a page fetches, in its order."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return tuple(reader.loads)


def of_stylesheet(text: str) -> Iterator[Load]:
    """What a stylesheet fetches, in its order."""
    for found in _IN_STYLE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        yield Load(found[1], f"{line}:{column}")


class _Reader(HTMLParser):
    """Collects while it reads; it lives no longer than one call of `of_page`."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[Load] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, offset = self.getpos()
        place = f"{line}:{offset + 1}"
        relations = (dict(attrs).get("rel") or "").lower().split()
        for name, value in attrs:
            if not value:
                continue
            if (tag, name) == ("link", "href"):
                if not _NAMING.issuperset(relations):
                    self.loads.append(Load(value.strip(), place, "stylesheet" in relations))
            elif (tag, name) in _LOADING:
                self.loads.append(Load(value.strip(), place))
            elif (tag, name) in _CANDIDATES:
                candidates = [each.split()[0] for each in value.split(",") if each.strip()]
                self.loads += [Load(url, place) for url in candidates]
            elif name == "style":
                self.loads += [Load(each.url, place) for each in of_stylesheet(value)]
