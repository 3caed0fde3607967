"""Every file of a site, from a book and a set of templates.

Pages are rendered with placeholders for the hashes in asset URLs, which are replaced afterward. An
edited style sheet gets a new URL, but while the preview runs, no page is rendered again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath

from msgspec import Struct

from codebook.book import urls
from codebook.book.documents import Table
from codebook.book.history import History
from codebook.build.outputs import Destination, Output
from codebook.cache import Cache, Packed, each, memoize
from codebook.diagnostics.diagnostic import Parsed
from codebook.diagnostics.source import Folder
from codebook.publish.assets import Asset, assets, placeholder_url
from codebook.publish.host import Host
from codebook.publish.hosts import host_files
from codebook.publish.images.cards_and_icons import (
    CardDesign,
    can_draw,
    card_design,
    draw_card,
    draw_icon,
)
from codebook.publish.verify import Target
from codebook.site.api.api import index_file, index_texts, record_file
from codebook.site.api.csv_file import csv_file
from codebook.site.api.schema import SCHEMAS, openapi_file, schema_file
from codebook.site.feeds.search_index import constants, search_entries, search_index
from codebook.site.feeds.web_manifest import web_manifest
from codebook.site.feeds.well_known import robots, security
from codebook.site.html.cards import card_view
from codebook.site.html.pages import page_context, template_name
from codebook.site.html.palette import ClassColor, class_colors
from codebook.site.html.render import render_page, used_templates
from codebook.site.html.scope import HtmlSite, html_site
from codebook.site.redirects import Redirect
from codebook.site.routes import PageTable, Route, WithRecord
from codebook.site.text.llms import full_texts, listed_pages, llms, llms_full
from codebook.site.text.markdown_pages import markdown_texts, moved_page
from codebook.site.text.scope import with_urls

_Files = Mapping[PurePosixPath, bytes]


class SitePlan(Struct, frozen=True):
    """What a site consists of."""

    assets: tuple[Asset, ...]
    outputs: tuple[Output, ...]
    """All other files."""


def plan_site(  # noqa: PLR0913 - every input is explicit
    cache: Cache,
    page_table: PageTable,
    templates: Folder,
    palette: Sequence[ClassColor],
    *,
    host: Host,
    history: History | None,
) -> Parsed[SitePlan]:
    """Every file of a site, before most of them are made. The book must have no errors.

    `palette` has the class colors of the style sheet.
    """
    site = page_table.site
    base = site.book.settings.url
    colors = class_colors(palette, len(site.book.classes))
    icon = draw_icon(cache, colors, templates)
    design = card_design(cache, colors, templates)
    diagnostics = (*icon.diagnostics, *(design.diagnostics if base else ()))
    if diagnostics:
        return Parsed(SitePlan((), ()), diagnostics)
    hashed = (*_assets(cache, templates), *icon.value.assets)
    view = html_site(
        cache,
        site,
        {asset.name: placeholder_url(asset.name) for asset in hashed},
        has_cards=can_draw(templates),
        has_feed=bool(base and history),
        color_count=len(palette),
    )
    pages = _pages(cache, page_table, view, templates, _dates(page_table, history))
    outputs = [
        *_versions(cache, page_table, pages),
        *_schemas(page_table),
        *_lists(cache, page_table, view, history, urls.ICON if icon.value.svg else ""),
        *(
            _cards(cache, page_table, view, design.value, templates)
            if base and design.value
            else ()
        ),
    ]
    small_files = {
        **icon.value.favicon,
        **host_files(host, site.redirects, base),
        PurePosixPath(urls.MANIFEST): web_manifest(
            site.book, {asset.name: asset.url for asset in hashed}
        ),
    }
    outputs += [
        Output(path, (data,), partial(Parsed[bytes], data)) for path, data in small_files.items()
    ]
    return Parsed(SitePlan(hashed, tuple(outputs)))


def _versions(cache: Cache, page_table: PageTable, pages: Iterable[Output]) -> Iterator[Output]:
    """The pages, each followed by its Markdown and JSON versions.

    The Markdown version of a former URL has a link to the new page.
    """
    site = page_table.site
    texts = {route.url: text for route, text in markdown_texts(cache, page_table)}
    for route, page in zip(page_table.routes, pages, strict=True):
        yield page
        if text := texts.get(route.url):
            make = partial(_markdown_file, text, route.markdown_url)
            yield _output(route.markdown_url, (text,), make)
        elif isinstance(route.subject, Redirect) and route.subject.is_former:
            moved = partial(moved_page, route, route.subject.to, site)
            yield _output(urls.markdown_url(route.url), (route, site), moved)
        if isinstance(route.subject, WithRecord):
            record = partial(record_file, route.json_url, route.subject, route, site)
            yield _output(route.json_url, (type(route.subject).__name__, route, site), record)
        if isinstance(route.subject, Table):
            csv = partial(csv_file, route.subject)
            yield _output(urls.table_csv(route.subject.slug), (route.subject,), csv)


def _pages(
    cache: Cache,
    page_table: PageTable,
    view: HtmlSite,
    templates: Folder,
    dates: Mapping[str, str],
) -> Iterator[Output]:
    """The HTML version of every page."""
    words = page_table.site.words

    def page(route: Route, path: PurePosixPath, date: str) -> Parsed[bytes]:
        context = page_context(cache, route, view, date)
        return render_page(cache, path, context, templates, words)

    names = {route.url: template_name(route.subject) for route in page_table.routes}
    used = {name: used_templates(cache, name, templates) for name in {*names.values()}}
    for route in page_table.routes:
        path, date = urls.output_path(route.url), dates.get(route.url, "")
        inputs = (type(route.subject).__name__, route, view, date, used[names[route.url]])
        yield Output(path, inputs, partial(page, route, path, date))


def _markdown_file(text: Packed[str], url: str) -> bytes:
    return with_urls(text.unpack(str), url).encode()


def _schemas(page_table: PageTable) -> Iterator[Output]:
    """The schemas of the records, and the OpenAPI description."""
    book = page_table.site.book
    for name in SCHEMAS:
        yield _output(urls.schema(name), (book,), partial(schema_file, name, book))
    yield _output(urls.OPENAPI, (book,), partial(openapi_file, book))


def _cards(
    cache: Cache, page_table: PageTable, view: HtmlSite, design: CardDesign, templates: Folder
) -> Iterator[Output]:
    """The link preview card of each page."""
    for route in page_table.routes:
        if card := card_view(route, view):
            path, inputs = PurePosixPath(urls.card(route.url)), (card, design)
            yield Output(path, inputs, partial(draw_card, cache, card, design, templates))


def _lists(
    cache: Cache, page_table: PageTable, view: HtmlSite, history: History | None, icon: str
) -> Iterator[Output]:
    """The lists of pages, with that of the API; some only if the book has a base URL."""
    site = page_table.site
    book, words = site.book, site.words
    pages = (*page_table.routes, site)
    index = index_texts(page_table)
    yield _output(urls.API_INDEX, (index, site), partial(index_file, index, site))
    listed, texts = listed_pages(page_table), full_texts(cache, page_table)
    yield _output(urls.LLMS, (listed, site), lambda: llms(listed, site))
    yield _output(urls.LLMS_FULL, (texts,), lambda: llms_full(cache, texts))
    entries = search_entries(page_table, view.hue)
    yield _output(urls.SEARCH, (entries,), lambda: search_index(entries))
    if listed_constants := constants(page_table):
        yield _output(urls.CONSTANTS, (listed_constants,), lambda: search_index(listed_constants))
    if not book.settings.url:
        return
    # Imported here because XML is only needed for these.
    from codebook.site.feeds.atom import feed  # noqa: PLC0415
    from codebook.site.feeds.opensearch import opensearch  # noqa: PLC0415
    from codebook.site.feeds.sitemap import sitemap  # noqa: PLC0415

    yield _output(urls.SITEMAP, (*pages, history), lambda: sitemap(page_table, history))
    yield _output(urls.ROBOTS, (book,), lambda: robots(book))
    yield _output(urls.OPENSEARCH, (book, words, icon), lambda: opensearch(book, words, icon))
    if text := security(book):
        yield _output(urls.SECURITY, (text,), lambda: text)
    if history:
        yield _output(urls.FEED, (*pages, history), lambda: feed(page_table, history))


def _output(url: str, inputs: tuple[object, ...], make: Callable[[], bytes]) -> Output:
    """A file that can be made without errors."""
    return Output(urls.output_path(url), inputs, lambda: Parsed(make()))


def _dates(page_table: PageTable, history: History | None) -> Mapping[str, str]:
    """The day when each page's text last changed, by URL. Unknown dates are left out."""
    if history is None:
        return {}
    newest = {route.url: history.newest(route.dated_by) for route in page_table.indexed}
    return {url: when.date().isoformat() for url, when in newest.items() if when}


@memoize
def _assets(cache: Cache, templates: Folder) -> tuple[Asset, ...]:
    """Every asset in the templates."""
    files = {path: data for path, data in templates.files.items() if path.parts[0] == urls.ASSETS}
    return each(cache, _make_assets, {"": (files,)}, tuple[Asset, ...])[""]


def _make_assets(_name: str, files: _Files) -> tuple[Asset, ...]:
    return assets(Folder("", files))


def destination(cache: Cache, plan: SitePlan, site: str, base: str) -> Destination:
    """Where the site is published. `site` is the display path of its folder."""
    names = tuple(asset.name for asset in plan.assets)
    return Destination(
        site,
        base,
        _asset_urls(cache, names, tuple(asset.url for asset in plan.assets)),
        _targets(cache, tuple(output.path for output in plan.outputs), names),
    )


@memoize
def _asset_urls(_cache: Cache, names: tuple[str, ...], final: tuple[str, ...]) -> Mapping[str, str]:
    """The URL of each asset by its placeholder, as the same object while nothing changes."""
    return {placeholder_url(name): url for name, url in zip(names, final, strict=True)}


@memoize
def _targets(
    _cache: Cache, paths: tuple[PurePosixPath, ...], assets: tuple[str, ...]
) -> frozenset[Target]:
    """The files that links can point to, as the same object while nothing changes."""
    return frozenset((path, "") for path in (*map(str, paths), *map(placeholder_url, assets)))
