"""Links: where each document and heading is published, and the links that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import chain
from pathlib import PurePosixPath
from posixpath import relpath
from types import MappingProxyType

from codebook import addresses
from codebook.book import Chapter, Place
from codebook.layout import HOME, article_number, article_path, class_text_path, table_data
from codebook.problems import Problem, Rule, did_you_mean
from codebook.records import Body, Documents
from codebook.richtext import Target, anchor_id

_CURE = "link to a file of the book, by its path from this one"


def places_of(documents: Documents, chapters: Sequence[Chapter]) -> Mapping[Place, str]:
    """The address of every document, and of every heading that a link may lead to.

    The home page is there even where nobody wrote a text for it, and every code has its place
    under the path of its article, written or not. A register's headings lead to their classes.
    """
    first = documents.settings.path
    places: dict[Place, str] = {(HOME, ""): addresses.HOME}
    for register in documents.registers:
        places[register.path, ""] = addresses.codes(first)
        for section in register.sections:
            label = section.code_class.label
            places[register.path, section.slug] = addresses.code_class(first, label)
    for chapter in chapters:
        label = chapter.code_class.label
        text = chapter.text.body if chapter.text else None
        places |= _headings(class_text_path(label), addresses.code_class(first, label), text)
    for code in chain.from_iterable(chapter.codes for chapter in chapters):
        address = addresses.code(first, code.number)
        body = code.article.body if code.article else None
        places |= _headings(article_path(code.number), address, body)
    for guide in documents.guides:
        places |= _headings(guide.path, addresses.guide(guide.slug), guide.body)
    for table in documents.tables:
        places |= _headings(table.path, addresses.table(table.slug), table.body)
    if documents.home:
        places |= _headings(documents.home.path, addresses.HOME, documents.home.body)
    return MappingProxyType(places)


def broken(documents: Documents, places: Mapping[Place, str]) -> Iterator[Problem]:
    """Links to documents or headings that are not there, and credits of absent documents."""
    for target in documents.targets:
        if (target.path, target.anchor) in places or _is_excused(target, places, documents):
            continue
        if (target.path, "") in places:
            yield _broken_anchor(target, places)
        else:
            yield _broken_link(target, places)
    paths = [path.as_posix() for path, anchor in places if not anchor]
    for word in (word for credit in documents.settings.credits for word in credit.documents):
        if word.text not in paths and PurePosixPath(word.text) not in documents.unread:
            yield Problem(
                Rule.BROKEN_LINK,
                word.span,
                f'there is no document "{word.text}"',
                help=did_you_mean(word.text, paths),
            )


def _headings(path: PurePosixPath, address: str, body: Body | None) -> dict[Place, str]:
    places: dict[Place, str] = {(path, ""): address}
    for heading in body.headings if body else ():
        places[path, heading.slug] = f"{address}#{anchor_id(heading.slug)}"
    return places


def _is_excused(target: Target, places: Mapping[Place, str], documents: Documents) -> bool:
    """Whether the link leads to something that is there, and wrong for a reason of its own."""
    number = article_number(target.path)
    is_known = (target.path, "") in places
    if number is not None and not is_known and documents.may_describe(number):
        return True
    if not documents.unread.isdisjoint({target.path, table_data(target.path)}):
        return True
    return any(each.unplaced for each in documents.registers if each.path == target.path)


def _broken_anchor(target: Target, places: Mapping[Place, str]) -> Problem:
    known = [anchor for path, anchor in places if path == target.path and anchor]
    return Problem(
        Rule.BROKEN_ANCHOR,
        target.span,
        f'there is no heading "#{target.anchor}" in {target.path}',
        help=did_you_mean(target.anchor, known) if known else f"link to {target.path} itself",
    )


def _broken_link(target: Target, places: Mapping[Place, str]) -> Problem:
    known = [path.as_posix() for path, anchor in places if not anchor]
    near = get_close_matches(target.path.as_posix().lstrip("/"), known, n=1)
    cure = f"did you mean {relpath(near[0], target.base.parent)}?" if near else _CURE
    number = article_number(target.path)
    return Problem(
        Rule.BROKEN_LINK,
        target.span,
        f'there is no document "{target.path}" in the book',
        help=cure if number is None else f"{cure} else describe code {number} in a register",
    )
