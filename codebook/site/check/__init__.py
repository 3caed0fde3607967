"""Checks that need the whole page table: colliding URLs, broken links, and lost URLs."""

from __future__ import annotations

from codebook.book.documents import Documents
from codebook.cache import Cache, memoize
from codebook.diagnostics.diagnostic import Diagnostic
from codebook.site.check.collisions import collisions
from codebook.site.check.links import broken_links, unknown_credits
from codebook.site.check.missing import Inventory
from codebook.site.check.published_urls import lost_urls
from codebook.site.routes import PageTable

__all__ = ["check_pages"]


@memoize
def check_pages(cache: Cache, table: PageTable, documents: Documents) -> tuple[Diagnostic, ...]:
    """The errors in the URLs and links of a book. `table` must be made from `documents`."""
    inventory = Inventory(documents, table.site.anchors)
    return (
        *broken_links(cache, inventory),
        *unknown_credits(inventory),
        *lost_urls(table, inventory),
        *collisions(table.routes),
    )
