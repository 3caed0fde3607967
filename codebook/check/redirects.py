"""Redirects: the addresses that lead on to a page, and those that must not be lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from codebook import addresses
from codebook.book import Code, Place, Redirect
from codebook.problems import Problem, Rule
from codebook.records import Documents


def redirects_of(
    documents: Documents, codes: Mapping[int, Code], places: Mapping[Place, str]
) -> tuple[Redirect, ...]:
    """Short addresses and names of codes, and the addresses that pages once had."""
    found = [
        *(each for code in codes.values() for each in _of_code(code, documents.settings.path)),
        *_moved(documents, places),
    ]
    return tuple(sorted(found, key=lambda each: each.address))


def lost(
    documents: Documents, places: Mapping[Place, str], redirects: tuple[Redirect, ...]
) -> Iterator[Problem]:
    """Addresses that the book once had and has no more."""
    if documents.published is None or documents.unread:
        return
    known = {*addresses_of(places, redirects), *(e.address.text for e in documents.settings.moved)}
    for word in documents.published:
        page, mark, anchor = word.text.partition("#")
        if word.text in known or (mark and any(page == each.address for each in redirects)):
            continue
        own = anchor.removeprefix("h-")
        yield Problem(
            Rule.LOST_ADDRESS,
            word.span,
            f"the address /{word.text} was published and leads nowhere now",
            help=f"write {{#{own}}} behind the heading that it leads to, or name it under [moved] "
            f'in book.toml: "{word.text}" = "the file that says it now"'
            if mark
            else f'lead it on under [moved] in book.toml: "{word.text}" = "the file of a page"',
        )


def addresses_of(places: Mapping[Place, str], redirects: tuple[Redirect, ...]) -> frozenset[str]:
    """Every address that the book has, those of headings among them."""
    return frozenset({*places.values(), *(each.address for each in redirects)} - {addresses.HOME})


def _of_code(code: Code, first: str) -> Iterator[Redirect]:
    page = addresses.code(first, code.number)
    article = code.article
    yield Redirect(addresses.short(code.number), page, code.span)
    if article and article.aliases is not None:
        for alias in article.aliases:
            yield Redirect(addresses.named(first, alias.text), page, alias.span)
        return
    former = article.formerly if article else ()
    for slug in dict.fromkeys(map(addresses.slug, [code.name, *(each.name for each in former)])):
        if slug:
            yield Redirect(addresses.named(first, slug), page, code.span)


def _moved(documents: Documents, places: Mapping[Place, str]) -> Iterator[Redirect]:
    """Pages that have another address now; where a heading went is for its old page to say."""
    for each in documents.settings.moved:
        to = places.get((each.target.path, each.target.anchor))
        if to is not None and "#" not in each.address.text:
            yield Redirect(each.address.text, to, each.address.span, is_former=True)
