"""Explains why a page or a heading is missing, for links to it and for its published URL."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from codebook.book.check.tables import names_by_code
from codebook.book.documents import Documents
from codebook.book.layout import (
    CLASSES,
    CODES,
    LABEL,
    NUMBER,
    article_number,
    article_path,
    class_text_path,
    csv_path,
    is_register,
)
from codebook.book.urls import slug
from codebook.site.routes import Anchor
from codebook.syntax.rich_text import anchor_id


def subject_of(anchor: Anchor, anchors: Mapping[Anchor, str], documents: Documents) -> str:
    """What is missing: a document, or only a heading of it."""
    path, heading = anchor
    if not heading or (path, "") not in anchors:
        return str(path)
    is_written = any(page.path == path for page in (*documents.pages, *documents.registers))
    return f"{path}#{heading}" if is_written else str(path)


def explanations(
    anchor: Anchor, anchors: Collection[Anchor], documents: Documents
) -> tuple[str, ...]:
    """The display paths of the files whose errors can explain why the anchor is missing."""
    path, heading = anchor
    number = article_number(path)
    is_known = (path, "") in anchors
    own = (path, csv_path(path))
    files = [] if documents.unparsed.isdisjoint(own) else [*own]
    files += [file for file in sorted(documents.unparsed) if _is_misnamed(path, file)]
    own_headings: tuple[str, ...] = ()
    if heading and is_known:
        is_whole = _has_all_headings(path, documents)
        files += [] if is_whole else [path]
        own_headings = tuple(f"{file}#" for file in documents.show(path))
        if number is not None:
            files += _misnamed_articles(number, documents)
    if path.parent.as_posix() == CLASSES and (heading or not is_known):
        files += [text.path for text in documents.class_texts if (text.path, "") not in anchors]
    registers: tuple[str, ...] = ()
    if number is not None and not is_known:
        registers = documents.hiding_code(number)
    elif path.parent.as_posix() == CLASSES and not is_known:
        registers = documents.hiding_class(path.stem)
    elif is_register(path) and not documents.registers:
        registers = (documents.folder,)
    return tuple(dict.fromkeys((*documents.show(*files), *own_headings, *registers)))


def document_of(
    url: str, documents: Documents, numbers_by_slug: Mapping[str, int] = MappingProxyType({})
) -> Anchor | None:
    """The document and the heading that a URL of the site belongs to; None if that isn't known.

    It isn't known for other paths of codes, and for names of codes that nothing has anymore.

    `numbers_by_slug` has the codes of URLs that are made of names.
    """
    page, _, fragment = url.partition("#")
    heading = fragment.removeprefix(anchor_id(""))
    match page.rstrip("/").split("/"):
        case [digits] if NUMBER.fullmatch(digits):
            return article_path(int(digits)), heading
        case ["guides" | "tables" as folder, name]:
            return PurePosixPath(folder, f"{name}.md"), heading
        case [documents.settings.codes_path, name]:
            number = numbers_by_slug.get(name, int(name) if NUMBER.fullmatch(name) else None)
            if number is not None:
                return article_path(number), heading
            if LABEL.fullmatch(name):
                return class_text_path(name), heading
    return None


def _has_all_headings(path: PurePosixPath, documents: Documents) -> bool:
    """Whether no unclosed fence hides some headings of the document."""
    wholes = [page.body.is_whole for page in documents.pages if page.path == path]
    wholes += [
        register.is_whole and not register.has_unclear_classes
        for register in documents.registers
        if register.path == path
    ]
    return all(wholes)


def _is_misnamed(path: PurePosixPath, unparsed: PurePosixPath) -> bool:
    """Whether an unreadable file looks like this document with a wrong name or folder."""
    name = re.sub(r"[^a-z0-9]+", "-", unparsed.stem.lower())
    return path.name == unparsed.name or path == unparsed.with_name(f"{name}{unparsed.suffix}")


def _misnamed_articles(number: int, documents: Documents) -> Collection[PurePosixPath]:
    """The articles whose file names are invalid or match no code, if the code has no article."""
    articles = {article.code.number: article.path for article in documents.articles}
    if number in articles:
        return ()
    unparsed = [path for path in sorted(documents.unparsed) if path.parent.as_posix() == CODES]
    described = {
        entry.number
        for register in documents.registers
        for section in register.sections
        for entry in section.entries
    }
    return [*unparsed, *(path for other, path in articles.items() if other not in described)]


def numbers_by_slug(documents: Documents) -> Mapping[str, int]:
    """The code of each URL made of a name, also for codes that no register describes."""
    names = {number: [name] for number, name in names_by_code(documents).value.items()}
    for article in documents.articles:
        number = article.code.number
        names[number] = (
            [article.name, *names.get(number, ()), *(former.name for former in article.formerly)]
            if article.aliases is None
            else [alias.text for alias in article.aliases]
        )
    return {slug(name): number for number, all_names in names.items() for name in all_names}
