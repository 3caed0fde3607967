"""The promises that every built page keeps, whatever the content and the templates are.

One `h1`; ids that are unique; links and anchors that lead somewhere; no script, style or handler
inside the page; nothing empty that a reader would hear or click; no picture without words for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from codebook import addresses, origin
from codebook.hypertext import Hypertext, scan
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
    watch: Watch = lambda paths: paths,
) -> Iterator[tuple[Problem, Source]]:
    """What is wrong with the pages, each with the page that it is found in.

    `url` is the public address, or empty; `shown` is the site's folder as problems show it.
    """
    pages = {
        path: scan(Source.of(path, f"{shown}/{path}", files[path].decode()))
        for path in watch([path for path in files if path.suffix == ".html"])
    }
    for path, page in pages.items():
        for problem in (*page.problems, *_dead_links(path, page, files, pages, url)):
            yield problem, page.source


def _dead_links(
    path: PurePosixPath,
    page: Hypertext,
    files: Mapping[PurePosixPath, bytes],
    pages: Mapping[PurePosixPath, Hypertext],
    url: str,
) -> Iterator[Problem]:
    base = origin.base_path(url)
    here = _HOST + _ANYWHERE + base + path.as_posix().removesuffix("index.html")
    for link in page.links:
        there = urljoin(here, _relative(link.url, url, base))
        there, _, anchor = there.partition("#")
        if not there.startswith(_HOST):
            continue
        if not there.startswith(_HOST + _ANYWHERE + base):
            fault = "leads out of the site"
        elif (file := _file(there.removeprefix(_HOST + _ANYWHERE + base))) not in files:
            fault = "leads to no page"
        elif anchor and file in pages and unquote(anchor) not in pages[file].ids:
            fault = f'leads to no element with the id "{unquote(anchor)}"'
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


def _file(address: str) -> PurePosixPath:
    return addresses.output_path(unquote(urlsplit(address).path))
