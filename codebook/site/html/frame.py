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
from codebook.site.html.views import FormatLink, Frame, Link, MenuLink, SectionLink
from codebook.site.routes import first_sentences
from codebook.site.words import direction

_LONGEST_MENU = 12
"""The most classes in the menu. The page of all codes, which it also links to, has all of them."""


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
    description = first_sentences(route.description)
    language = scope.words.language
    credit_texts = scope.book.credits_of(credited, route.numbers)
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
        menu=_menu(code_class, scope),
        sections=tuple(_sections(scope)),
        trail=tuple(trail),
        credits=tuple(scope.html(credit.text) for credit in credit_texts),
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


def _menu(current: ClassSummary | None, scope: PageScope) -> tuple[MenuLink, ...]:
    """The links to classes: if there are many, to those around the class of the page."""
    menu = scope.frame_links.menu
    if current is None:
        return menu[:_LONGEST_MENU]
    index = scope.html_site.positions[current.label] - 1
    start = max(0, min(index - _LONGEST_MENU // 2, len(menu) - _LONGEST_MENU))
    shown = list(menu[start : start + _LONGEST_MENU])
    url = scope.code_class(current).url
    shown[index - start] = replace(menu[index], url=url, is_current=True)
    return tuple(shown)


def _sections(scope: PageScope) -> Iterator[SectionLink]:
    """The links to the pages of all guides and of all tables."""
    links, page_url = scope.frame_links, scope.route.url
    if links.guides:
        yield SectionLink(links.guides.text, links.guides.url, page_url.startswith(urls.GUIDES))
    if links.tables:
        yield SectionLink(links.tables.text, links.tables.url, page_url.startswith(urls.TABLES))


def _edit(edit: Edit, scope: PageScope) -> Link:
    settings = scope.book.settings
    branch, file = quote(settings.branch), quote(edit.path.as_posix())
    url = f"{settings.repository}/edit/{branch}/content/{file}#L{edit.line}"
    return Link(edit.name, url)
