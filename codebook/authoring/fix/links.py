"""Links in other forms than a book's: by the address of a page, or by a number alone."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from codebook.authoring.checked_content import CheckedContent
from codebook.book.book import Book, Place
from codebook.book.layout import CODES, article_number
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax.links import link_target as target_of
from codebook.syntax.rich_text import LinkTarget, anchor_id

_BROKEN = frozenset({Rule.BROKEN_LINK, Rule.BROKEN_ANCHOR})
_ENDINGS = ("", "/index.html", "/index.md", ".html")
"""What may stand behind an address and leads to the same page."""


def links(manuscript: CheckedContent) -> Mapping[PurePosixPath, bytes]:
    """The documents with broken links of which it is certain where they were to lead."""
    broken = {each.span for each in manuscript.diagnostics if each.rule in _BROKEN}
    pages = _pages(manuscript.book)
    cures: defaultdict[PurePosixPath, dict[Span, str]] = defaultdict(dict)
    for target in manuscript.documents.targets:
        source = manuscript.source(target.base)
        if target.span in broken and source and target.base.suffix == ".md":
            places = set(_places(target, _typed(target, source), manuscript.book, pages))
            if len(places) == 1 and (cure := _written(places.pop(), target)):
                cures[target.base][target.span] = cure
    made: dict[PurePosixPath, bytes] = {}
    for path, own in cures.items():
        if source := manuscript.source(path):
            made[path] = _replaced(source, own).encode()
    return made


def _pages(book: Book) -> Mapping[str, PurePosixPath]:
    """The document of each address, former and short ones among them, without its slashes."""
    found: dict[str, PurePosixPath] = {}
    for (path, heading), address in book.places.items():
        if not heading:
            found.setdefault(address.strip("/"), path)
    for each in book.redirects:
        if (document := found.get(each.to.strip("/"))) is not None:
            found.setdefault(each.address.strip("/"), document)
    return found


def _typed(target: LinkTarget, source: Source) -> str:
    """The link as it stands in the file; nothing where its place is not known to the letter."""
    span = target.span
    typed = source.lines[span.line - 1][span.column - 1 : span.column - 1 + span.length]
    return typed if target_of(typed, target.base, span) == target else ""


def _places(
    target: LinkTarget, typed: str, book: Book, pages: Mapping[str, PurePosixPath]
) -> Iterator[Place]:
    """Wherever the link may be meant to lead."""
    path = unquote(typed.partition("#")[0])
    here = book.places.get((target.base, ""), "")
    documents = {target.path, PurePosixPath(posixpath.normpath(path.lstrip("/") or "."))}
    address = path if path.startswith("/") else posixpath.join(here, path)
    bare = posixpath.normpath(f"/{address.lstrip('/')}")
    for ending in _ENDINGS:
        if bare.endswith(ending) and (page := pages.get(bare.removesuffix(ending).strip("/"))):
            documents.add(page)
    stem = path.removesuffix(".md").removesuffix(".html")
    number = article_number(PurePosixPath(CODES, f"{stem}.md"))
    if number is not None:
        documents.add(PurePosixPath(CODES, f"{number}.md"))
    for document in documents:
        for slug in {target.anchor, target.anchor.removeprefix(anchor_id(""))}:
            if typed and (document, slug) in book.places:
                yield document, slug


def _written(place: Place, target: LinkTarget) -> str:
    """The link to a place as a book writes it; nothing where it would lead elsewhere."""
    path, slug = place
    anchor = f"#{slug}" if slug else ""
    is_within = path == target.base and slug
    relative = "" if is_within else posixpath.relpath(path, target.base.parent)
    made = target_of(relative + anchor, target.base, target.span)
    return relative + anchor if (made.path, made.anchor) == place else ""


def _replaced(source: Source, cures: Mapping[Span, str]) -> str:
    lines = list(source.lines)
    for span, cure in sorted(cures.items(), reverse=True):
        line, start = lines[span.line - 1], span.column - 1
        lines[span.line - 1] = line[:start] + cure + line[start + span.length :]
    return "\n".join(lines)
