"""Find the guides and tables whose files were renamed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import PurePosixPath

from codebook.book.documents import Documents
from codebook.book.layout import GUIDES, TABLES, csv_path
from codebook.diagnostics.diagnostic import similar_word
from codebook.site.check.missing import document_of
from codebook.site.routes import Anchor


def renamed_documents(
    documents: Documents, anchors: Mapping[Anchor, str]
) -> Mapping[PurePosixPath, PurePosixPath]:
    """Return the new path of each missing document, if it's certain.

    It is certain if [moved] says so. Without it, the folder must have exactly one document that was
    published and is missing, and one that wasn't published yet. The new document must also have all
    headings of the missing one, or a similar name if that had none.
    """
    certain: dict[PurePosixPath, PurePosixPath] = {}
    published: defaultdict[PurePosixPath, set[str]] = defaultdict(set)
    for line in documents.published or ():
        is_page = line.text.startswith((f"{GUIDES}/", f"{TABLES}/"))
        if is_page and (anchor := document_of(line.text, documents)):
            published[anchor[0]].add(anchor[1])
    for folder in (GUIDES, TABLES):
        missing = [path for path in published if _is_in(path, folder) and (path, "") not in anchors]
        new = [path for path, slug in anchors if _is_in(path, folder) and not slug]
        new = [path for path in new if path not in published]
        is_read = not any(_is_in(path, folder) for path in documents.unparsed)
        if is_read and len(missing) == len(new) == 1:
            (old,), (path,) = missing, new
            headings = published[old] - {""}
            is_alike = headings or similar_word(old.stem, [path.stem])
            if is_alike and all((path, heading) in anchors for heading in headings):
                certain[old] = path
    for moved in documents.settings.moved:
        anchor = document_of(moved.url.text, documents)
        is_known = (moved.target.path, "") in anchors
        if anchor and is_known and not anchor[1] and _is_gone(anchor[0], anchors, documents):
            certain[anchor[0]] = moved.target.path
    return certain


def _is_in(path: PurePosixPath, folder: str) -> bool:
    return path.parent.as_posix() == folder


def _is_gone(path: PurePosixPath, anchors: Mapping[Anchor, str], documents: Documents) -> bool:
    """Whether the file of a guide or a table doesn't exist."""
    is_page = any(_is_in(path, folder) for folder in (GUIDES, TABLES))
    is_unparsed = not documents.unparsed.isdisjoint({path, csv_path(path)})
    return is_page and (path, "") not in anchors and not is_unparsed
