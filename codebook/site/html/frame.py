"""The frame of a page: its metadata, header, and footer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from codebook.book import urls
from codebook.book.summary import ClassSummary
from codebook.site.html.json_ld import json_ld
from codebook.site.html.scope import PageScope
from codebook.site.html.views import FormatLink, Frame, Link, MenuLink
from codebook.site.routes import shorten
from codebook.site.words import direction


class Edit(Struct, frozen=True):
    """A text on a page that can be edited in its source."""

    name: str
    path: PurePosixPath
    line: int = 1


def frame(
    scope: PageScope,
    *,
    trail: Sequence[Link] = (),
    credited: Iterable[PurePosixPath] = (),
    edits: Sequence[Edit] = (),
    code_class: ClassSummary | None = None,
) -> Frame:
    """The frame of a page.

    `credited` are the documents whose text the page contains; `code_class` is the class that the
    page belongs to.
    """
    route, settings = scope.route, scope.book.settings
    is_home = route.url == urls.HOME
    # The page that shows the results. On the home page, Chromium would request the description.
    is_search = route.url == urls.codes(settings.codes_path)
    base = settings.url if route.is_indexed else ""
    links = scope.frame_links
    description = shorten(route.description)
    language = scope.words.language
    return Frame(
        language=settings.language,
        direction=direction(settings.language),
        interface_language="" if language == settings.language else language,
        interface_direction=direction(language),
        site_title=scope.book.title,
        title=route.title,
        description=description,
        canonical=base + route.url if base else "",
        indexed=route.is_indexed,
        kind="website" if is_home else "article",
        card=base + urls.card(route.url) if base and scope.html_site.has_cards else "",
        structured=json_ld(scope, description, trail),
        hue=scope.html_site.hue(code_class.label) if code_class else 0,
        formats=tuple(_formats(scope)),
        search=scope.url(urls.OPENSEARCH) if settings.url and is_search else "",
        manifest=links.manifest,
        icon=links.icon,
        touch_icon=links.touch_icon,
        assets=links.assets,
        home=links.home,
        all_codes=links.all_codes,
        menu=_menu(code_class, scope) if code_class else links.menu,
        trail=tuple(trail),
        credits=tuple(scope.html(credit.text) for credit in scope.book.credits_of(credited)),
        edits=tuple(_edit(edit, scope) for edit in edits) if settings.repository else (),
        changed=scope.changed,
    )


def _formats(scope: PageScope) -> Iterator[FormatLink]:
    route, words = scope.route, scope.words.footer
    if route.markdown_url:
        yield FormatLink(words.markdown, "text/markdown", scope.url(route.markdown_url))
    if route.json_url:
        yield FormatLink(words.json, "application/json", scope.url(route.json_url))
    if scope.html_site.has_feed and route.url == urls.HOME:
        yield FormatLink(words.feed, "application/atom+xml", scope.url(urls.FEED))


def _menu(current: ClassSummary, scope: PageScope) -> tuple[MenuLink, ...]:
    """The links to classes on the page of a class or of one of its codes."""
    menu = list(scope.frame_links.menu)
    index = scope.html_site.positions[current.label] - 1
    menu[index] = replace(menu[index], url=scope.code_class(current).url, is_current=True)
    return tuple(menu)


def _edit(edit: Edit, scope: PageScope) -> Link:
    settings = scope.book.settings
    branch, file = quote(settings.branch), quote(edit.path.as_posix())
    url = f"{settings.repository}/edit/{branch}/content/{file}#L{edit.line}"
    return Link(edit.name, url)
