"""The frame around a page: what its head, its menu and its foot say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from codebook.book import urls
from codebook.book.book import Chapter
from codebook.book.documents import CodeClass
from codebook.site.html import json_ld
from codebook.site.html.site import Here
from codebook.site.html.views import FormatLink, Frame, Link, MenuLink
from codebook.site.shorten import shortened

_DESCRIPTION = 160
"""Characters of a description that search engines show."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Something on a page that can be edited."""

    name: str
    path: PurePosixPath
    line: int = 1


def frame(  # noqa: PLR0913 - each is one thing that a page says of itself
    here: Here,
    title: str,
    description: str,
    *,
    trail: Sequence[Link] = (),
    shows: Iterable[PurePosixPath] = (),
    edits: Sequence[Edit] = (),
    about: CodeClass | None = None,
    term: json_ld.Term | None = None,
    record: str = "",
) -> Frame:
    """The frame of this page.

    `shows` are the documents whose words the page holds; `about` is the class that it belongs to;
    `term` is what it defines; `record` is the address of the same for programs.
    """
    settings = here.book.settings
    indexed = here.address != urls.ERROR_PAGE
    public = settings.url if indexed else ""
    touch = here.site.assets.get("touch-icon.png", "")
    brief = shortened(description, _DESCRIPTION)
    return Frame(
        language=settings.language,
        site_title=here.book.title,
        title=title,
        description=brief,
        canonical=public + here.address if public else "",
        indexed=indexed,
        kind="website" if here.address == urls.HOME else "article",
        card=public + urls.card(here.address) if public and here.site.has_cards else "",
        structured=json_ld.data(here, title, brief, trail, term),
        hue=here.site.hue(about) if about else 0,
        formats=tuple(_formats(here, record)) if indexed else (),
        search=here.url(urls.OPENSEARCH) if settings.url and here.address == urls.HOME else "",
        manifest=here.url(urls.MANIFEST),
        icon=here.url(urls.ICON) if touch else "",
        touch_icon=here.url(touch) if touch else "",
        assets={name: here.url(address) for name, address in here.site.assets.items()},
        home=here.home,
        all_codes=here.all_codes,
        menu=tuple(_menu_link(each, about, here) for each in here.book.chapters),
        trail=tuple(trail),
        credits=tuple(here.html(credit.text) for credit in here.book.credits_of(shows)),
        edits=tuple(_edit(each, here) for each in edits) if settings.repository else (),
        changed=here.changed,
    )


def _formats(here: Here, record: str) -> Iterator[FormatLink]:
    yield FormatLink("Markdown", "text/markdown", here.url(urls.markdown_url(here.address)))
    if record:
        yield FormatLink("JSON", "application/json", here.url(record))
    if here.site.has_feed and here.address == urls.HOME:
        yield FormatLink("Feed of changes", "application/atom+xml", here.url(urls.FEED))


def _menu_link(chapter: Chapter, about: CodeClass | None, here: Here) -> MenuLink:
    own = chapter.code_class
    is_current = about is not None and (own.low, own.high) == (about.low, about.high)
    url = here.url(urls.code_class(here.book.settings.path, own.label))
    return MenuLink(own.label, own.name, url, here.site.hue(own), is_current)


def _edit(edit: Edit, here: Here) -> Link:
    settings = here.book.settings
    branch, file = quote(settings.branch), quote(edit.path.as_posix())
    url = f"{settings.repository}/edit/{branch}/content/{file}#L{edit.line}"
    return Link(edit.name, url)
