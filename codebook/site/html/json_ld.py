"""What a page is, for machines: JSON-LD in the words of schema.org."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from codebook.book import urls
from codebook.site.html.site import Here
from codebook.site.html.views import Link


@dataclass(frozen=True, slots=True)
class Term:
    """What a page defines: a code, or a class of them."""

    code: str
    name: str


def data(
    here: Here, title: str, description: str, trail: Sequence[Link], term: Term | None
) -> Markup:
    """The inside of a data block; empty on the error page, which is no document.

    Addresses are whole where the public address is known. Else they are relative, and JSON-LD
    resolves them against the page's own (JSON-LD 1.1, Section 9.4.1).
    """
    if here.address == urls.ERROR_PAGE:
        return Markup("")
    things = [_page(here, title, description, term)]
    if trail:
        things.append(_trail(here, title, trail))
    graph = {"@context": "https://schema.org", "@graph": things}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    # Nothing in a data block may look like its end, or like a comment that hides it.
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))  # noqa: S704 - escaped


def _page(here: Here, title: str, description: str, term: Term | None) -> dict[str, Any]:
    settings = here.book.settings
    book: dict[str, Any] = {
        "@type": "DefinedTermSet",
        "name": here.book.title,
        "url": _url(here, urls.HOME),
    }
    if here.address == urls.HOME:
        return {**book, "description": description, "inLanguage": settings.language}
    page: dict[str, Any] = {
        "@type": "TechArticle",
        "headline": title,
        "description": description,
        "inLanguage": settings.language,
        "url": _url(here, here.address),
    }
    if term:
        about = {"@type": "DefinedTerm", "termCode": term.code, "name": term.name or term.code}
        return {**page, "about": {**about, "inDefinedTermSet": book}}
    return {**page, "about": book}


def _trail(here: Here, title: str, trail: Sequence[Link]) -> dict[str, Any]:
    steps = [*((each.text, each.url) for each in trail), (title, here.url(here.address))]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": _whole(here, url)}
            for place, (name, url) in enumerate(steps, start=1)
        ],
    }


def _url(here: Here, address: str) -> str:
    return _whole(here, here.url(address))


def _whole(here: Here, url: str) -> str:
    """A link of this page as JSON-LD names it."""
    public = here.book.settings.url
    return urls.resolve(public, here.address, url) if public else url
