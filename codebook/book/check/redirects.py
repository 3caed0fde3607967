"""Redirects: the addresses that lead on to a page, and those that must not be lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from codebook.book import urls
from codebook.book.book import Book, Code, Place, Redirect
from codebook.book.documents import Documents
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.syntax.rich_text import anchor_id


def redirects_of(
    documents: Documents, codes: Mapping[int, Code], places: Mapping[Place, str]
) -> tuple[Redirect, ...]:
    """Short addresses and names of codes, and the addresses that pages once had."""
    found = [
        *(each for code in codes.values() for each in _of_code(code, documents.settings.path)),
        *_moved(documents, places),
    ]
    return tuple(sorted(found, key=lambda each: each.address))


def lost(book: Book, documents: Documents) -> Iterator[Diagnostic]:
    """Addresses that the book once had and has no more."""
    if documents.published is None or documents.unread:
        return
    pages = {each.address for each in book.redirects}
    known = book.addresses | {each.address.text for each in documents.settings.moved}
    for word in documents.published:
        page, mark, _ = word.text.partition("#")
        if word.text not in known and not (mark and page in pages):
            yield Diagnostic(
                Rule.LOST_ADDRESS,
                word.span,
                f"the address /{word.text} was published and leads nowhere now",
                help=_cure(word.text, book),
            )


def _cure(address: str, book: Book) -> str:
    page, mark, anchor = address.partition("#")
    files = {to: path for (path, heading), to in book.places.items() if not heading}
    near = get_close_matches(page, files, n=1, cutoff=0)
    moved = f'write under [moved] in book.toml: "{address}" = "{files[near[0]]}"'
    if mark:
        own = anchor.removeprefix(anchor_id(""))
        return f"write {{#{own}}} behind the heading that it leads to now, or {moved}"
    return f"{moved}, or the file that it leads to now"


def _of_code(code: Code, first: str) -> Iterator[Redirect]:
    page = urls.code(first, code.number)
    article = code.article
    yield Redirect(urls.short_url(code.number), page, code.span)
    if article and article.aliases is not None:
        for alias in article.aliases:
            yield Redirect(urls.name_url(first, alias.text), page, alias.span)
        return
    former = article.formerly if article else ()
    for slug in dict.fromkeys(map(urls.slug, [code.name, *(each.name for each in former)])):
        if slug:
            yield Redirect(urls.name_url(first, slug), page, code.span)


def _moved(documents: Documents, places: Mapping[Place, str]) -> Iterator[Redirect]:
    """Pages that have another address now; where a heading went is for its old page to say."""
    for each in documents.settings.moved:
        to = places.get((each.target.path, each.target.anchor))
        if to is not None and "#" not in each.address.text:
            yield Redirect(each.address.text, to, each.address.span, is_former=True)
