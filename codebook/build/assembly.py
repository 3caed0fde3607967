"""An edition: every file of a site, made of one book and one set of templates.

Pages are made with gaps in the addresses of their assets, which `signed` fills: a new sheet has a
new address on every page, and makes none of them anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Protocol, TypeVar

from codebook.book import urls
from codebook.book.book import Book
from codebook.book.history import History
from codebook.book.summary import apart, outline
from codebook.cache.memory import Cache
from codebook.diagnostics.diagnostic import Parsed
from codebook.diagnostics.source import Folder
from codebook.publish import hosts
from codebook.publish.assets import Asset, assets, placeholder_url, replace_placeholders
from codebook.publish.hosts import Host
from codebook.publish.images.images import can_draw, draw_cards, favicon, icons
from codebook.site import files as machine_files
from codebook.site.feeds.search_index import index
from codebook.site.feeds.web_manifest import manifest
from codebook.site.html import plan
from codebook.site.html.render import render
from codebook.site.routes import Route, routes

T = TypeVar("T")


class Watch(Protocol):
    """Looks on while long work goes on."""

    def __call__(self, work: Iterable[T], what: str) -> Iterable[T]:
        """Hand on the work piece by piece; `what` says in a word what is done with it."""


def files(  # noqa: PLR0913 - what it needs is all that it may know
    found: Book,
    templates: Folder,
    memory: Cache,
    *,
    target: Host,
    history: History | None,
    kept: Mapping[PurePosixPath, bytes],
    watch: Watch,
) -> Parsed[Mapping[PurePosixPath, bytes]]:
    """Every file of the site of a book that has no error; the addresses of assets have gaps."""
    book = memory.recall(("apart",), None, lambda: apart(found, memory), found)
    others = memory.recall(
        ("outlined",), None, lambda: memory.same(("outline",), outline(found, memory)), found
    )
    public = book.settings.url
    own = _assets(templates, memory)
    names = {asset.name: placeholder_url(asset.name) for asset in own}
    listed = memory.recall(("catalogue",), None, lambda: tuple(routes(book)), book)
    planned = partial(
        plan,
        changed=_days(listed, history),
        has_cards=can_draw(templates),
        has_feed=bool(public and history),
    )
    pages = memory.recall(
        ("pages",), (names, planned.keywords), lambda: planned(book, others, names, memory), book
    )
    rendered = render(pages, templates, memory, partial(watch, what="rendering"))
    drawn: Parsed[Mapping[PurePosixPath, bytes]] = Parsed({})
    if public:
        drawn = draw_cards(pages, templates, kept, memory, partial(watch, what="drawing"))
    icon = favicon(templates)
    at = urls.ICON if icon else ""
    files = {
        **{PurePosixPath(names[asset.name]): asset.data for asset in own},
        **icon,
        **drawn.value,
        **memory.recall(
            ("machines",),
            (history, at),
            lambda: machine_files.files(listed, book, others, memory, history=history, icon=at),
            book,
        ),
        **memory.recall(
            ("targets",),
            (target, public),
            lambda: hosts.host_files(target, others.redirects, public),
            others,
        ),
        PurePosixPath(urls.SEARCH): index(book),
        PurePosixPath(urls.MANIFEST): manifest(book, {asset.name: asset.address for asset in own}),
        **rendered.value,
    }
    return Parsed(files, (*rendered.diagnostics, *drawn.diagnostics))


def _days(listed: Iterable[Route], history: History | None) -> Mapping[str, str]:
    """The day on which the text of each page last changed, by its address, where it is known."""
    found = {page.address: history and history.newest(page.texts) for page in listed}
    return {address: when.date().isoformat() for address, when in found.items() if when}


def _assets(templates: Folder, memory: Cache) -> tuple[Asset, ...]:
    def make() -> tuple[Asset, ...]:
        return (*assets(templates), *icons(templates))

    return memory.recall(("assets",), templates.files, make)


def signed(
    files: Mapping[PurePosixPath, bytes], templates: Folder, memory: Cache
) -> Mapping[PurePosixPath, bytes]:
    """The files with the gaps in the addresses of assets filled in."""
    known = {placeholder_url(asset.name): asset.address for asset in _assets(templates, memory)}
    known = memory.same(("signatures",), known)
    places = {PurePosixPath(gap): PurePosixPath(whole) for gap, whole in known.items()}

    def made(path: PurePosixPath, data: bytes) -> bytes:
        return replace_placeholders(data, known) if path.suffix == ".html" else data

    whole = memory.recall_each("signed", files, made, known)
    return {places.get(path, path): data for path, data in whole.items()}
