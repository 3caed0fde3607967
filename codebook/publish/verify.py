"""Checks of built pages that apply to any content and any templates.

One `h1`; unique ids; no dead links or anchors; no inline scripts, styles, or event handlers; no
empty headings, links, or buttons; no images without alternative text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from msgspec import Struct

from codebook.book import base_url, urls
from codebook.cache import Cache, memoize, memoize_each
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Source
from codebook.publish.html_scan import ScannedPage, scan

_ORIGIN = "https://site.invalid"
"""A placeholder for the origin of the site, used to resolve links."""
_PARENT = "/-"
"""A placeholder for everything above the base path. Relative links that reach it are dead."""


def verify(
    cache: Cache,
    pages: Mapping[PurePosixPath, ScannedPage],
    targets: Targets,
    url: str,
) -> Iterator[Diagnostic]:
    """The diagnostics of pages. `url` is the base URL or empty."""
    shared = _targets(cache, targets)
    for path, page in pages.items():
        yield from page.diagnostics
        yield from _dead_links(cache, path, page, url, shared)


def scan_page(path: PurePosixPath, data: bytes, display_path: str) -> ScannedPage:
    """The links, ids, and errors of a built page."""
    return scan(Source.of(path, display_path, data.decode()))


class Targets(Struct, frozen=True):
    """Everything that links can point to."""

    files: frozenset[str]
    ids: Mapping[str, AbstractSet[str]]
    """By file."""


@memoize
def _targets(_cache: Cache, targets: Targets) -> Targets:
    """The targets as the same object while none changes: pages compare it fast."""
    return targets


class _Destination(Struct, frozen=True):
    """The target of a link."""

    file: str | None
    """Empty for another site; None for a path outside this site."""
    anchor: str = ""


@memoize_each
def _destinations(
    _cache: Cache, path: PurePosixPath, links: tuple[str, ...], url: str
) -> Sequence[_Destination]:
    """The destination of each link on a page."""
    base = base_url.base_path(url)
    root = _ORIGIN + _PARENT + base
    page_url = root + path.as_posix().removesuffix("index.html")
    destinations: list[_Destination] = []
    for link in links:
        link_url, _, anchor = urljoin(page_url, _site_path(link, url, base)).partition("#")
        if not link_url.startswith(_ORIGIN):
            destinations.append(_Destination(""))
        elif not link_url.startswith(root):
            destinations.append(_Destination(None))
        else:
            file = urls.output_path(unquote(urlsplit(link_url.removeprefix(root)).path))
            destinations.append(_Destination(str(file), unquote(anchor)))
    return tuple(destinations)


@memoize_each
def _dead_links(
    cache: Cache, path: PurePosixPath, page: ScannedPage, url: str, targets: Targets
) -> tuple[Diagnostic, ...]:
    links = tuple(link.url for link in page.links)
    destinations = _destinations(cache, path, links, url)
    return tuple(_find_dead_links(page, destinations, targets))


def _find_dead_links(
    page: ScannedPage, destinations: Sequence[_Destination], targets: Targets
) -> Iterator[Diagnostic]:
    for link, destination in zip(page.links, destinations, strict=True):
        file, anchor = destination.file, destination.anchor
        if file == "":
            continue
        if file is None:
            error = "points outside the site"
        elif file not in targets.files:
            error = "points to a page or file that does not exist"
        elif anchor and anchor not in targets.ids.get(file, {anchor}):
            error = f'points to the ID "{anchor}", which does not exist'
        else:
            continue
        message = f'the link "{link.url}" {error}'
        yield Diagnostic(
            Rule.DEAD_LINK,
            page.source.at(*link.position),
            message,
            help="fix the template or the content that it comes from",
            subject=message,
        )


def _site_path(link: str, url: str, base: str) -> str:
    """The link, with the placeholder in place of the base URL and in front of absolute paths."""
    if url and link.startswith(url):
        return _PARENT + base + link.removeprefix(url)
    is_path = link.startswith("/") and not link.startswith("//")
    return _PARENT + link if is_path else link
