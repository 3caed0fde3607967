"""Check that no published URL stops working."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from codebook.book.documents import Documents
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.site.routes import PageTable
from codebook.syntax.rich_text import anchor_id


def lost_urls(table: PageTable, documents: Documents) -> Iterator[Diagnostic]:
    """Report published URLs that no longer exist."""
    if documents.published is None or documents.unparsed:
        return
    redirected = {redirect.url for redirect in table.site.redirects}
    moved = {moved.url.text for moved in documents.settings.moved}
    known = table.published_urls | moved
    for line in documents.published:
        page, mark, _ = line.text.partition("#")
        if line.text not in known and not (mark and page in redirected):
            yield Diagnostic(
                Rule.LOST_URL,
                line.span,
                f"the published URL /{line.text} no longer exists",
                help=_help(line.text, table),
            )


def _help(url: str, table: PageTable) -> str:
    page, mark, anchor = url.partition("#")
    files = {url: path for (path, slug), url in table.site.anchors.items() if not slug}
    near = get_close_matches(page, files, n=1, cutoff=0)
    never = "if it was never published, remove this line"
    moved = f'add a redirect under [moved] in book.toml, such as "{url}" = "{files[near[0]]}"'
    if mark:
        slug = anchor.removeprefix(anchor_id(""))
        return f"add {{#{slug}}} after the heading that replaces it, or {moved}; {never}"
    return f"{moved}; {never}"
