"""The frame of a page: its metadata, header, and footer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from msgspec import Struct

from codebook.book import urls
from codebook.book.documents import Alert, Body
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


def frame(  # noqa: PLR0913 - all but one are keyword arguments with defaults
    scope: PageScope,
    *,
    trail: Sequence[Link] = (),
    credited: Iterable[PurePosixPath] = (),
    edits: Sequence[Edit] = (),
    code_class: ClassSummary | None = None,
    body: Body | None = None,
) -> Frame:
    """The frame of a page.

    `credited` are the documents whose text the page contains; `code_class` is the class that the
    page belongs to; `body` is its long text.
    """
    route, settings = scope.route, scope.book.settings
    is_home = route.url == urls.HOME
    base = settings.url if route.is_indexed else ""
    assets = scope.html_site.assets
    touch_icon = assets.get("touch-icon.png", "")
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
        search=scope.url(urls.OPENSEARCH) if settings.url and is_home else "",
        manifest=scope.url(urls.MANIFEST),
        icon=scope.url(urls.ICON) if touch_icon else "",
        touch_icon=scope.url(touch_icon) if touch_icon else "",
        assets={name: scope.url(url) for name, url in assets.items()},
        home=scope.home,
        all_codes=scope.all_codes,
        menu=tuple(_menu_link(other, code_class, scope) for other in scope.book.classes),
        trail=tuple(trail),
        credits=tuple(scope.html(credit.text) for credit in scope.book.credits_of(credited)),
        edits=tuple(_edit(edit, scope) for edit in edits) if settings.repository else (),
        changed=scope.changed,
        has_alerts=body is not None and any(isinstance(part, Alert) for part in body.parts),
    )


def _formats(scope: PageScope) -> Iterator[FormatLink]:
    route, words = scope.route, scope.words.footer
    if route.markdown_url:
        yield FormatLink(words.markdown, "text/markdown", scope.url(route.markdown_url))
    if route.json_url:
        yield FormatLink(words.json, "application/json", scope.url(route.json_url))
    if scope.html_site.has_feed and route.url == urls.HOME:
        yield FormatLink(words.feed, "application/atom+xml", scope.url(urls.FEED))


def _menu_link(
    code_class: ClassSummary, current: ClassSummary | None, scope: PageScope
) -> MenuLink:
    link = scope.code_class(code_class)
    is_current = current is not None and code_class.label == current.label
    return MenuLink(code_class.printed_label, code_class.name, link.url, link.hue, is_current)


def _edit(edit: Edit, scope: PageScope) -> Link:
    settings = scope.book.settings
    branch, file = quote(settings.branch), quote(edit.path.as_posix())
    url = f"{settings.repository}/edit/{branch}/content/{file}#L{edit.line}"
    return Link(edit.name, url)
