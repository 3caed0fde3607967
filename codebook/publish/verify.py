"""Checks of built pages that apply to any content and any templates.

One `h1`; unique ids; no dead links or anchors; no inline scripts, styles, or event handlers; no
empty headings, links, or buttons; no images without alternative text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from msgspec import Struct

from codebook.book import base_url, urls
from codebook.cache import Cache, memoize
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Source
from codebook.publish import html_scan

_ORIGIN = "https://site.invalid"
"""A placeholder for the origin of the site, used to resolve links."""
_PARENT = "/-"
"""A placeholder for everything above the base path. Relative links that reach it are dead."""
_UP = "../"
_PLAIN_LINK = re.compile(
    r"(?P<up>(?:\.\./)*)(?P<path>(?:[\w~-][\w.~-]*/)*(?:[\w~-][\w.~-]*)?)(?:#(?P<anchor>[\w-]*))?",
    re.ASCII,
)
"""A relative link in the form that pages usually have."""
_WEB_LINK = re.compile(r"https?://\w|mailto:", re.ASCII)
_CACHED_LINKS = 65536

Target = tuple[str, str]
"""A file of the site, and an ID in it or nothing."""
_ELSEWHERE: Target = ("", "")
"""The target of links to other sites."""
_OUTSIDE: Target = ("/", "")
"""The target of links to paths above the base path."""


class VerifiedPage(Struct, frozen=True):
    """The result of checking a page alone."""

    diagnostics: tuple[Diagnostic, ...]
    own: frozenset[Target]
    """The page and its IDs."""
    targets: frozenset[Target]
    """The files and IDs of other pages that its links point to."""


def verify(  # noqa: PLR0913, PLR0917 - every input is explicit
    cache: Cache,
    pages: Mapping[PurePosixPath, VerifiedPage],
    files: Mapping[PurePosixPath, bytes],
    known: AbstractSet[Target],
    url: str,
    site: str,
) -> Iterator[tuple[Diagnostic, Source]]:
    """The diagnostics of pages, each with its page.

    `files` has the text of each page; `known` is everything that links can point to. `url` is the
    base URL or empty; `site` is the display name of the site folder.
    """
    all_dead = _dead_targets(cache, tuple(page.targets for page in pages.values()), known)
    for path, page in pages.items():
        dead = page.targets & all_dead
        if dead or page.diagnostics:
            source = Source.of(path, f"{site}/{path}", files[path].decode())
            for diagnostic in (*page.diagnostics, *_dead_links(source, url, dead, known)):
                yield diagnostic, source


@memoize
def _dead_targets(
    _cache: Cache, all_targets: tuple[frozenset[Target], ...], known: AbstractSet[Target]
) -> frozenset[Target]:
    """The targets that don't exist. Most edits change no links and no IDs."""
    return frozenset().union(*all_targets) - known


def verify_page(path: PurePosixPath, data: bytes, url: str, display_path: str) -> VerifiedPage:
    """The errors of a built page, its IDs, and the targets of its links."""
    page = html_scan.scan(path, display_path, data.decode())
    own = frozenset((str(path), id_) for id_ in ("", *page.ids))
    others = frozenset(targets(_url_of(path), page.urls, url)) - own - {_ELSEWHERE}
    return VerifiedPage(page.diagnostics, own, others)


def _dead_links(
    page: Source, url: str, dead: Collection[Target], known: Collection[Target]
) -> Iterator[Diagnostic]:
    """Report the links to these targets."""
    links = html_scan.links(page) if dead else ()
    found = targets(_url_of(page.path), (link.url for link in links), url)
    for link, target in zip(links, found, strict=True):
        if target not in dead:
            continue
        file, anchor = target
        if target == _OUTSIDE:
            error = "points outside the site"
        elif (file, "") not in known:
            error = "points to a page or file that does not exist"
        else:
            error = f'points to the ID "{anchor}", which does not exist'
        message = f'the link "{link.url}" {error}'
        yield Diagnostic(
            Rule.DEAD_LINK,
            page.at(*link.position),
            message,
            help="fix the template or the content that it comes from",
            subject=message,
        )


def _url_of(path: PurePosixPath) -> str:
    return path.as_posix().removesuffix("index.html")


def targets(page_url: str, links: Iterable[str], url: str) -> Iterator[Target]:
    """The target of each link on a page. `url` is the base URL or empty."""
    sibling = urls.sibling(page_url) if page_url.endswith("/") else ""
    for link in links:
        # All pages in neighboring folders share most of these links.
        if sibling and link.startswith(_UP):
            yield _shared_target(sibling, link, url)
        else:
            yield resolve(page_url, link, url)


def resolve(page_url: str, link: str, url: str) -> Target:
    """The target of a link on a page, as `resolve_any` finds it, but in a tenth of the time."""
    if _WEB_LINK.match(link) and not (url and link.startswith(url)):
        return _ELSEWHERE
    plain = _PLAIN_LINK.fullmatch(link)
    folder = page_url[: page_url.rfind("/") + 1]
    levels = len(plain["up"]) // len(_UP) if plain else 0
    if plain is None or levels > folder.count("/"):
        return resolve_any(page_url, link, url)
    for _ in range(levels):
        folder = folder[: folder.rfind("/", 0, -1) + 1]
    is_own = not (plain["up"] or plain["path"])
    return _target_at(page_url if is_own else folder + plain["path"], plain["anchor"] or "")


_shared_target = lru_cache(_CACHED_LINKS)(resolve)


def resolve_any(page_url: str, link: str, url: str) -> Target:
    """The target of any link on a page, as browsers find it."""
    base = base_url.base_path(url)
    root = _ORIGIN + _PARENT + base
    link_url, _, anchor = urljoin(root + page_url, _site_path(link, url, base)).partition("#")
    if not link_url.startswith(_ORIGIN):
        return _ELSEWHERE
    if not link_url.startswith(root):
        return _OUTSIDE
    return _target_at(unquote(urlsplit(link_url.removeprefix(root)).path), unquote(anchor))


def _target_at(url: str, anchor: str) -> Target:
    file = str(urls.output_path(url))
    # Only pages have IDs.
    return file, anchor if file.endswith(".html") else ""


def _site_path(link: str, url: str, base: str) -> str:
    """The link, with the placeholder in place of the base URL and in front of absolute paths."""
    if url and link.startswith(url):
        return _PARENT + base + link.removeprefix(url)
    is_path = link.startswith("/") and not link.startswith("//")
    return _PARENT + link if is_path else link
