"""The promises that every built page keeps, whatever the content and the templates are.

One `h1`; ids that are unique; links and anchors that lead somewhere; no script, style or handler
inside the page; nothing empty that a reader would hear or click; no picture without words for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from codebook.book import base_url, urls
from codebook.cache.memory import Cache
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Source
from codebook.publish.html_scan import Hypertext, scan

_HOST = "https://site.invalid"
"""Stands for the site's own host while links are resolved."""
_ANYWHERE = "/-"
"""Stands for any base path: a relative link that climbs out of it would leave the site."""

Watch = Callable[[Iterable[PurePosixPath]], Iterable[PurePosixPath]]
"""Hands on what it is given; the caller can see by it how far the checking is."""


def verify(
    files: Mapping[PurePosixPath, bytes],
    url: str,
    shown: str,
    memory: Cache,
    watch: Watch = lambda paths: paths,
) -> Iterator[tuple[Diagnostic, Source]]:
    """What is wrong with the pages, each with the page that it is found in.

    `url` is the public address, or empty; `shown` is the site's folder as problems show it.
    """
    html = {path: data for path, data in files.items() if str(path).endswith(".html")}

    def see(path: PurePosixPath, data: bytes) -> Hypertext:
        return scan(Source.of(path, f"{shown}/{path}", data.decode()))

    def follow(path: PurePosixPath, page: Hypertext) -> Sequence[_Way]:
        links = tuple(link.url for link in page.links)
        return memory.recall(("ways", str(path)), (links, url), lambda: _ways(path, links, url))

    told = memory.same(("verify",), (url, shown))
    pages = memory.recall_each("seen", html, see, told, watch)
    ways = memory.recall_each("followed", pages, follow, told)
    ids = {str(path): page.ids for path, page in pages.items()}
    there = memory.same(("there",), _There(frozenset(map(str, files)), ids))
    given = {path: (page, ways[path]) for path, page in pages.items()}
    dead = memory.recall_each("dead", given, lambda _, own: tuple(_dead_links(*own, there)), there)
    for path, page in pages.items():
        for diagnostic in (*page.diagnostics, *dead[path]):
            yield diagnostic, page.source


@dataclass(frozen=True, slots=True)
class _There:
    """What links may lead to."""

    files: frozenset[str]
    ids: Mapping[str, frozenset[str]]
    """Of each page, by its file."""


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a link of a page leads."""

    file: str | None
    """Empty where it leads to another site, None where it leaves the folder of this one."""
    anchor: str


def _ways(path: PurePosixPath, links: Iterable[str], url: str) -> Sequence[_Way]:
    """Where each link leads."""
    base = base_url.base_path(url)
    root = _HOST + _ANYWHERE + base
    here = root + path.as_posix().removesuffix("index.html")
    found: list[_Way] = []
    for link in links:
        there, _, anchor = urljoin(here, _relative(link, url, base)).partition("#")
        if not there.startswith(_HOST):
            found.append(_Way("", ""))
        elif there.startswith(root):
            found.append(_Way(_file(there.removeprefix(root)), unquote(anchor)))
        else:
            found.append(_Way(None, ""))
    return tuple(found)


def _dead_links(
    page: Hypertext,
    ways: Iterable[_Way],
    there: _There,
) -> Iterator[Diagnostic]:
    for link, way in zip(page.links, ways, strict=True):
        if way.file == "":
            continue
        if way.file is None:
            fault = "leads out of the site"
        elif way.file not in there.files:
            fault = "leads to no page"
        elif way.anchor and way.anchor not in there.ids.get(way.file, {way.anchor}):
            fault = f'leads to no element with the id "{way.anchor}"'
        else:
            continue
        yield Diagnostic(
            Rule.DEAD_LINK,
            page.source.at(*link.position),
            f'the link "{link.url}" {fault}',
            help="correct the template, or the content that it comes from",
        )


def _relative(link: str, url: str, base: str) -> str:
    """The link, one to the site's own public address or host written as a path."""
    if url and link.startswith(url):
        return _ANYWHERE + base + link.removeprefix(url)
    is_path = link.startswith("/") and not link.startswith("//")
    return _ANYWHERE + link if is_path else link


def _file(address: str) -> str:
    return str(urls.output_path(unquote(urlsplit(address).path)))
