"""What the picture of a page shows."""

from __future__ import annotations

from codebook.book.documents import CodeClass
from codebook.site.html.contexts import CardView
from codebook.site.html.site import Site


def card(title: str, code_class: CodeClass | None, site: Site, number: str = "") -> CardView:
    """The card of a page with this title; `number` is the code or the class that it is about."""
    return CardView(
        number=number,
        name=title,
        kind=code_class.name if code_class else "",
        family=str(site.hue(code_class)) if code_class else "",
        site_title=site.book.title,
    )
