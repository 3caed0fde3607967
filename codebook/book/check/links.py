"""Links: where each document and heading is published, and the links that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import chain
from pathlib import PurePosixPath
from posixpath import normpath, relpath
from types import MappingProxyType

from codebook.book import urls
from codebook.book.book import Chapter, Place
from codebook.book.documents import Body, Documents
from codebook.book.layout import (
    HOME,
    NUMBER,
    article_number,
    article_path,
    class_text_path,
    csv_path,
)
from codebook.diagnostics.diagnostic import Diagnostic, Rule, did_you_mean
from codebook.syntax.rich_text import LinkTarget, anchor_id

_CURE = "link to a file of the book, by its path from this one"
_WEB = re.compile(r"(?:https?:?/+)?(?P<rest>www\..+|(?<=/).+\..+)", re.IGNORECASE)
"""What was to be an address elsewhere."""
_NEAR = 0.6
"""How alike two paths must be to be taken for one; the folder counts as well."""


def places_of(documents: Documents, chapters: Sequence[Chapter]) -> Mapping[Place, str]:
    """The address of every document, and of every heading that a link may lead to.

    The home page is there even where nobody wrote a text for it, and every code has its place
    under the path of its article, written or not. A register's headings lead to their classes.
    """
    first = documents.settings.path
    places: dict[Place, str] = {(HOME, ""): urls.HOME}
    for register in documents.registers:
        places[register.path, ""] = urls.codes(first)
        for section in register.sections:
            label = section.code_class.label
            places[register.path, section.slug] = urls.code_class(first, label)
    for chapter in chapters:
        label = chapter.code_class.label
        text = chapter.text.body if chapter.text else None
        places |= _headings(class_text_path(label), urls.code_class(first, label), text)
    for code in chain.from_iterable(chapter.codes for chapter in chapters):
        address = urls.code(first, code.number)
        body = code.article.body if code.article else None
        places |= _headings(article_path(code.number), address, body)
    for guide in documents.guides:
        places |= _headings(guide.path, urls.guide(guide.slug), guide.body)
    for table in documents.tables:
        places |= _headings(table.path, urls.table(table.slug), table.body)
    if documents.home:
        places |= _headings(documents.home.path, urls.HOME, documents.home.body)
    return MappingProxyType(places)


def broken(documents: Documents, places: Mapping[Place, str]) -> Iterator[Diagnostic]:
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
            yield Diagnostic(
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


def _is_excused(target: LinkTarget, places: Mapping[Place, str], documents: Documents) -> bool:
    """Whether the link leads to something that is there, and wrong for a reason of its own."""
    number = article_number(target.path)
    is_known = (target.path, "") in places
    if number is not None and not is_known and documents.may_describe(number):
        return True
    if not documents.unread.isdisjoint({target.path, csv_path(target.path)}):
        return True
    if any(_is_meant(target.path, each) for each in documents.unread):
        return True
    if target.anchor and (target.path in _hiding(documents) or _has_strayed(number, documents)):
        return True
    return any(each.unplaced for each in documents.registers if each.path == target.path)


def _is_meant(path: PurePosixPath, unread: PurePosixPath) -> bool:
    """Whether a file that could not be read would be this one under another name or elsewhere."""
    slug = re.sub(r"[^a-z0-9]+", "-", unread.stem.lower())
    return path.name == unread.name or path == unread.with_name(f"{slug}{unread.suffix}")


def _hiding(documents: Documents) -> Iterator[PurePosixPath]:
    """Documents that may have headings which could not be read."""
    pages = (*documents.articles, *documents.class_texts, *documents.guides, *documents.tables)
    home = (documents.home,) if documents.home else ()
    yield from (each.path for each in (*home, *pages) if not each.body.is_whole)


def _has_strayed(number: int | None, documents: Documents) -> bool:
    """Whether a code has no article, and one is there whose name is no code of the registers."""
    if number is None or number in {each.code.number for each in documents.articles}:
        return False
    described = {
        entry.number
        for register in documents.registers
        for section in register.sections
        for entry in section.entries
    }
    return any(each.code.number not in described for each in documents.articles)


def _broken_anchor(target: LinkTarget, places: Mapping[Place, str]) -> Diagnostic:
    known = [f"#{anchor}" for path, anchor in places if path == target.path and anchor]
    return Diagnostic(
        Rule.BROKEN_ANCHOR,
        target.span,
        f'there is no heading "#{target.anchor}" in {target.path}',
        help=did_you_mean(f"#{target.anchor}", known)
        if known
        else f"remove #{target.anchor}; the page has no headings",
    )


def _broken_link(target: LinkTarget, places: Mapping[Place, str]) -> Diagnostic:
    return Diagnostic(
        Rule.BROKEN_LINK,
        target.span,
        f'there is no document "{target.path}" in the book',
        help=_cure(target, places),
    )


def _cure(target: LinkTarget, places: Mapping[Place, str]) -> str:
    here = target.base.parent
    written = relpath(target.path.as_posix(), here)
    if web := _WEB.fullmatch(written):
        return f"did you mean https://{web['rest']}?"
    known = [path.as_posix() for path, anchor in places if not anchor]
    if "\\" in written:
        path = normpath(here.joinpath(written.replace("\\", "/")).as_posix())
        if path in known:
            return f"write / for \\: {relpath(path, here)}"
    near = _meant(target.path, known)
    cure = f"did you mean {relpath(near, here)}?" if near else _CURE
    number = article_number(target.path)
    is_described = number is None or article_path(number).as_posix() in known
    return cure if is_described else f"{cure} else describe code {number} in a register"


def _meant(path: PurePosixPath, known: Sequence[str]) -> str:
    """The document that is most like a path, or whose page has it for an address."""
    stem = path.name.partition(".")[0]
    if NUMBER.fullmatch(stem) and (article := article_path(int(stem)).as_posix()) in known:
        return article
    alike = [each for each in known if PurePosixPath(each).stem == stem]
    near = get_close_matches(path.as_posix().lstrip("/"), alike or known, n=1, cutoff=_NEAR)
    return near[0] if near else alike[0] if len(alike) == 1 else ""
