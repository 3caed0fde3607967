"""The texts on the link preview card of each page."""

from __future__ import annotations

from codebook.book.book import Chapter, Code
from codebook.book.documents import Guide, Table
from codebook.book.summary import ClassSummary
from codebook.site.html.contexts import CardView
from codebook.site.html.scope import HtmlSite
from codebook.site.routes import AllCodes, Home, PageList, Route


def card_view(route: Route, html_site: HtmlSite) -> CardView | None:
    """The card of a page; None if the page has none."""
    match route.subject:
        case Home() | AllCodes() | PageList() | Guide() | Table():
            return _card(html_site, route.title)
        case Chapter(code_class=code_class):
            return _card(html_site, code_class.name, code_class, code_class.printed_label)
        case Code(code_class=code_class) as code:
            summary = code.article.summary.text if code.article else ""
            return _card(html_site, code.name or code.title, code_class, str(code.number), summary)
        case _:
            return None


def _card(
    html_site: HtmlSite,
    name: str,
    code_class: ClassSummary | None = None,
    number: str = "",
    summary: str = "",
) -> CardView:
    """The card of a page with this name; `number` is a code or the label of a class."""
    return CardView(
        number=number,
        name=name,
        summary=summary,
        kind=code_class.name if code_class else "",
        position=html_site.positions[code_class.label] if code_class else 0,
        site_title=html_site.site.book.title,
    )
