"""Published URLs: none that the book once had may lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from codebook.book.documents import Documents
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.site.routes import PageTable
from codebook.syntax.rich_text import anchor_id


def lost_urls(table: PageTable, documents: Documents) -> Iterator[Diagnostic]:
    """URLs that the book once had and has no more."""
    if documents.published is None or documents.unread:
        return
    redirected = {redirect.url for redirect in table.site.redirects}
    moved = {moved.address.text for moved in documents.settings.moved}
    known = table.published_urls | moved
    for line in documents.published:
        page, mark, _ = line.text.partition("#")
        if line.text not in known and not (mark and page in redirected):
            yield Diagnostic(
                Rule.LOST_URL,
                line.span,
                f"the address /{line.text} was published and leads nowhere now",
                help=_help(line.text, table),
            )


def _help(url: str, table: PageTable) -> str:
    page, mark, anchor = url.partition("#")
    files = {url: path for (path, slug), url in table.site.anchors.items() if not slug}
    near = get_close_matches(page, files, n=1, cutoff=0)
    moved = f'write under [moved] in book.toml: "{url}" = "{files[near[0]]}"'
    if mark:
        slug = anchor.removeprefix(anchor_id(""))
        return f"write {{#{slug}}} behind the heading that it leads to now, or {moved}"
    return f"{moved}, or the file that it leads to now"
