"""Structured data for search engines: JSON-LD with the vocabulary of schema.org."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from codebook.book import urls
from codebook.book.book import Chapter, Code
from codebook.site.html.scope import PageScope
from codebook.site.html.views import Link


def json_ld(scope: PageScope, description: str, trail: Sequence[Link]) -> Markup:
    """The content of the data block; empty on the error page.

    URLs are absolute if the base URL is known. Otherwise, they are relative to the URL of the page
    (JSON-LD 1.1, Section 9.4.1).
    """
    if not scope.route.is_indexed:
        return Markup("")
    items = [_page(scope, description)]
    if trail:
        items.append(_breadcrumbs(scope, trail))
    graph = {"@context": "https://schema.org", "@graph": items}
    return data_block(graph)


def data_block(value: object) -> Markup:
    """A value as JSON for a `<script>` that browsers don't run."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # It must contain neither `</script` nor `<!--`.
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))  # noqa: S704 - escaped


def data_attribute(value: object) -> Markup:
    """A value as JSON for an attribute in single quotes, of which JSON contains fewer."""
    return Markup(data_block(value).replace("'", "\\u0027"))  # noqa: S704 - escaped


def _page(scope: PageScope, description: str) -> dict[str, Any]:
    language = scope.book.settings.language
    book: dict[str, Any] = {
        "@type": "DefinedTermSet",
        "name": scope.book.title,
        "url": _absolute(scope, scope.url(urls.HOME)),
    }
    if scope.route.url == urls.HOME:
        return {**book, "description": description, "inLanguage": language}
    page: dict[str, Any] = {
        "@type": "TechArticle",
        "headline": scope.route.title,
        "description": description,
        "inLanguage": language,
        "url": _absolute(scope, scope.url(scope.route.url)),
    }
    match scope.route.subject:
        case Code(number=number, name=name):
            return {**page, "about": _term(str(number), name, book)}
        case Chapter(code_class=code_class):
            return {**page, "about": _term(code_class.label, code_class.name, book)}
        case _:
            return {**page, "about": book}


def _term(code: str, name: str, book: dict[str, Any]) -> dict[str, Any]:
    """The code or class that a page is about, as a defined term."""
    term = {"@type": "DefinedTerm", "termCode": code, "name": name or code}
    return {**term, "inDefinedTermSet": book}


def _breadcrumbs(scope: PageScope, trail: Sequence[Link]) -> dict[str, Any]:
    current = (scope.route.title, scope.url(scope.route.url))
    steps = [*((link.text, link.url) for link in trail), current]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": _absolute(scope, url)}
            for position, (name, url) in enumerate(steps, start=1)
        ],
    }


def _absolute(scope: PageScope, url: str) -> str:
    """The URL of a link on this page, absolute if the base URL is known."""
    public = scope.book.settings.url
    return urls.resolve(public, scope.route.url, url) if public else url
