"""The promises that every built page keeps, whatever the content and the templates are.

One `h1`; ids that are unique; links and anchors that lead somewhere; no script, style or handler
inside the page; nothing empty that a reader would hear or click; no picture without words for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from codebook import addresses, origin
from codebook.hypertext import Hypertext, scan
from codebook.memory import Memory
from codebook.problems import Problem, Rule
from codebook.source import Source

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
    memory: Memory,
    watch: Watch = lambda paths: paths,
) -> Iterator[tuple[Problem, Source]]:
    """What is wrong with the pages, each with the page that it is found in.

    `url` is the public address, or empty; `shown` is the site's folder as problems show it.
    """
    paths = [path for path in files if str(path).endswith(".html")]
    seen = {path: _seen(path, files[path], url, shown, memory) for path in watch(paths)}
    ids = {str(path): page.ids for path, (page, _) in seen.items()}
    there = memory.same(("there",), _There(frozenset(map(str, files)), ids))
    for path, found in seen.items():
        dead = memory.recall(("dead", str(path)), found, partial(_dead_links, *found, there), there)
        page = found[0]
        for problem in (*page.problems, *dead):
            yield problem, page.source


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


def _seen(
    path: PurePosixPath, data: bytes, url: str, shown: str, memory: Memory
) -> tuple[Hypertext, Sequence[_Way]]:
    """A page as it is read, and its links as they are followed."""

    def see() -> Hypertext:
        return scan(Source.of(path, f"{shown}/{path}", data.decode()))

    def follow() -> Sequence[_Way]:
        links = tuple(link.url for link in page.links)
        own = (links, url)
        return memory.recall(("ways", str(path)), own, lambda: _ways(path, *own))

    page = memory.recall(("seen", str(path)), (data, shown), see)
    return page, memory.recall(("followed", str(path)), url, follow, page)


def _ways(path: PurePosixPath, links: Iterable[str], url: str) -> Sequence[_Way]:
    """Where each link leads."""
    base = origin.base_path(url)
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
) -> Sequence[Problem]:
    return tuple(_dead(page, ways, there))


def _dead(page: Hypertext, ways: Iterable[_Way], there: _There) -> Iterator[Problem]:
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
        yield Problem(
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
    return str(addresses.output_path(unquote(urlsplit(address).path)))
