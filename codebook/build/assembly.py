"""Every file of a site, made from a book and a set of templates.

Pages are rendered with placeholders for the hashes in asset URLs, and `resolve_asset_hashes`
replaces them afterward. An edited style sheet gets a new URL, but no page is rendered again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from codebook.book import urls
from codebook.book.history import History
from codebook.cache import Cache, memoize, memoize_each
from codebook.diagnostics.diagnostic import Parsed
from codebook.diagnostics.progress import Progress
from codebook.diagnostics.source import Folder
from codebook.publish.assets import Asset, assets, final_urls, placeholder_url, replace_placeholders
from codebook.publish.hosts import Host, host_files
from codebook.publish.images.cards_and_icons import can_draw, draw_cards, draw_icon, favicon, icons
from codebook.site.api.api import api_files
from codebook.site.api.schema import schemas
from codebook.site.feeds.atom import feed
from codebook.site.feeds.opensearch import opensearch
from codebook.site.feeds.search_index import search_index
from codebook.site.feeds.sitemap import sitemap
from codebook.site.feeds.web_manifest import web_manifest
from codebook.site.feeds.well_known import robots, security
from codebook.site.html.pages import page
from codebook.site.html.palette import ClassColor, class_colors
from codebook.site.html.render import render_pages
from codebook.site.html.scope import html_site
from codebook.site.routes import PageTable
from codebook.site.text.llms import llms, llms_full
from codebook.site.text.markdown_pages import markdown_pages

_Files = Mapping[PurePosixPath, bytes]


def site_files(  # noqa: PLR0913 - every input is explicit
    cache: Cache,
    page_table: PageTable,
    templates: Folder,
    palette: Sequence[ClassColor],
    *,
    host: Host,
    history: History | None,
    previous_cards: _Files,
    progress: Progress,
) -> Parsed[_Files]:
    """Every file of a site, with placeholders in asset URLs. The book must have no errors.

    `palette` has the class colors of the style sheet.
    """
    site = page_table.site
    base = site.book.settings.url
    colors = class_colors(palette, len(site.book.classes))
    icon = draw_icon(cache, colors, templates)
    if icon.diagnostics:
        return Parsed({}, icon.diagnostics)
    hashed = _assets(cache, templates, icon.value)
    placeholders = {asset.name: placeholder_url(asset.name) for asset in hashed}
    view = html_site(
        cache,
        site,
        placeholders,
        has_cards=can_draw(templates),
        has_feed=bool(base and history),
        color_count=len(palette),
    )
    dates = _dates(page_table, history)
    pages = tuple(
        page(cache, route.url, route, view, dates.get(route.url, "")) for route in page_table.routes
    )
    html = render_pages(cache, pages, templates, site.words, progress)
    cards: Parsed[_Files] = Parsed({})
    if base:
        cards = draw_cards(
            cache, pages, colors, templates, previous=previous_cards, progress=progress
        )
    files = {
        **{PurePosixPath(placeholders[asset.name]): asset.data for asset in hashed},
        **favicon(icon.value),
        **cards.value,
        **markdown_pages(cache, page_table),
        **api_files(cache, page_table),
        **schemas(cache, site.book),
        **_lists(cache, page_table),
        **_indexes(cache, page_table, history, urls.ICON if icon.value else ""),
        **host_files(host, site.redirects, base),
        PurePosixPath(urls.MANIFEST): web_manifest(
            site.book, {asset.name: asset.url for asset in hashed}
        ),
        **html.value,
    }
    return Parsed(files, (*html.diagnostics, *cards.diagnostics))


@memoize
def _lists(cache: Cache, page_table: PageTable) -> _Files:
    """The lists of pages that use relative URLs."""
    return {
        PurePosixPath(urls.LLMS): llms(page_table),
        PurePosixPath(urls.LLMS_FULL): llms_full(cache, page_table),
        PurePosixPath(urls.SEARCH): search_index(page_table),
    }


@memoize
def _indexes(_cache: Cache, page_table: PageTable, history: History | None, icon: str) -> _Files:
    """The files that need absolute URLs; none if the book has no base URL."""
    if not page_table.site.book.settings.url:
        return {}
    return {
        PurePosixPath(url): data for url, data in _index_files(page_table, history, icon) if data
    }


def _index_files(
    page_table: PageTable, history: History | None, icon: str
) -> Iterator[tuple[str, bytes | None]]:
    book = page_table.site.book
    yield urls.SITEMAP, sitemap(page_table, history)
    yield urls.ROBOTS, robots(book)
    yield urls.OPENSEARCH, opensearch(book, page_table.site.words, icon)
    yield urls.SECURITY, security(book)
    yield urls.FEED, feed(page_table, history) if history else None


def _dates(page_table: PageTable, history: History | None) -> Mapping[str, str]:
    """The day when each page's text last changed, by URL. Unknown dates are left out."""
    if history is None:
        return {}
    newest = {route.url: history.newest(route.dated_by) for route in page_table.indexed}
    return {url: when.date().isoformat() for url, when in newest.items() if when}


@memoize
def _assets(_cache: Cache, templates: Folder, icon: str) -> tuple[Asset, ...]:
    return (*assets(templates), *icons(icon))


def resolve_asset_hashes(cache: Cache, files: _Files) -> _Files:
    """The files with final asset URLs instead of placeholders.

    Files that haven't changed since the last build are the same objects.
    """
    final = final_urls(files)
    return {
        PurePosixPath(final.get(path.as_posix(), path)): _resolved(cache, path, data, final)
        for path, data in files.items()
    }


@memoize_each
def _resolved(
    _cache: Cache, path: PurePosixPath, data: bytes, urls_by_placeholder: Mapping[str, str]
) -> bytes:
    return replace_placeholders(data, urls_by_placeholder) if path.suffix == ".html" else data
