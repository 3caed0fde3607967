"""Check that no published URL stops working."""

from __future__ import annotations

from collections.abc import Iterator

from codebook.book.layout import CLASSES, SETTINGS, article_number, range_of
from codebook.book.settings import Word
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.site.check.missing import Inventory, document_of, numbers_by_slug
from codebook.site.routes import Anchor, PageTable

_NEVER = "if it was never published, remove this line"
_MOVED = "list the URL under [moved] in book.toml, with the file that replaces it"


def lost_urls(table: PageTable, inventory: Inventory) -> Iterator[Diagnostic]:
    """Report published URLs that no longer exist."""
    documents = inventory.documents
    if not documents.published:
        return
    moved = {moved.url.text for moved in documents.settings.moved}
    redirected = moved.union(redirect.url for redirect in table.site.redirects)
    known = table.published_urls | moved
    lost = []
    for line in documents.published:
        page, mark, _ = line.text.partition("#")
        if line.text not in known and not (mark and page in redirected):
            lost.append(line)
    numbers = numbers_by_slug(documents) if lost else {}
    for line in lost:
        yield _lost(line, document_of(line.text, documents, numbers), inventory)


def _lost(line: Word, anchor: Anchor | None, inventory: Inventory) -> Diagnostic:
    documents = inventory.documents
    folder, _, name = line.text.partition("/")
    if anchor:
        subject = inventory.subject_of(anchor)
        causes = inventory.explanations(anchor)
        help_text = _help(anchor, inventory)
    elif name and folder == documents.settings.codes_path:
        subject, causes = line.text, documents.hiding_names
        help_text = f"restore the name in the register or the article of its code, or {_MOVED}"
    else:
        subject, causes = f"/{folder}/", documents.show(SETTINGS)
        help_text = f'if "path" in book.toml has changed, restore it, or {_MOVED}'
    # If the settings have an error, the redirects and the path of codes may be unknown.
    if SETTINGS in documents.unparsed:
        causes = (*causes, *documents.show(SETTINGS))
    return Diagnostic(
        Rule.LOST_URL,
        line.span,
        f"the published URL /{line.text} no longer exists",
        help=f"{help_text}; {_NEVER}",
        subject=subject,
        follows_from=causes,
    )


def _help(anchor: Anchor, inventory: Inventory) -> str:
    path, heading = anchor
    (file,) = inventory.documents.show(path)
    if heading and path in inventory.documents.by_path:
        return (
            f"add #{heading} to the IDs of the heading that replaces it, such as "
            f"{{#its-own-id #{heading}}}, or {_MOVED}"
        )
    number = article_number(path)
    if number is not None and anchor in inventory.anchors:
        return f'add the former name of the code to "formerly" in {file}, or {_MOVED}'
    numbers = range_of(path.stem) if path.parent.name == CLASSES and not heading else range(0)
    if numbers:
        what = f"the class {numbers[0]}–{numbers[-1]} in the list of a register"
    elif number is None or heading:
        what = file
    else:
        what = f"the code {number} in a register"
    return f"restore {what}, or {_MOVED}"
