"""Explains why a page or a heading is missing, for links to it and for its published URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from types import MappingProxyType

from msgspec import Struct

from codebook.book.check.tables import names_by_code
from codebook.book.documents import Documents, Register
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


class Inventory(Struct, frozen=True, dict=True):
    """What a book contains, to explain what is missing.

    Many links can be broken at once, so everything that one explanation would search for is indexed
    when it's first needed.
    """

    documents: Documents
    anchors: Mapping[Anchor, str]
    """The URL of each existing document and heading."""

    def subject_of(self, anchor: Anchor) -> str:
        """What is missing: a document, or only a heading of it."""
        path, heading = anchor
        if not heading or (path, "") not in self.anchors:
            return str(path)
        return f"{path}#{heading}" if path in self.documents.by_path else str(path)

    def explanations(self, anchor: Anchor) -> tuple[str, ...]:
        """The display paths of the files whose errors can explain why the anchor is missing."""
        documents = self.documents
        path, heading = anchor
        number = article_number(path)
        is_known = (path, "") in self.anchors
        own = (path, csv_path(path))
        files = [] if documents.unparsed.isdisjoint(own) else [*own]
        files += documents.misnamed(path)
        own_headings: tuple[str, ...] = ()
        if heading and is_known:
            is_whole = self._has_all_headings(path)
            files += [] if is_whole else [path]
            own_headings = tuple(f"{file}#" for file in documents.show(path))
            if number is not None and number not in documents.articles_by_number:
                files += self._misnamed_articles
        if path.parent.as_posix() == CLASSES and (heading or not is_known):
            files += self._orphan_class_texts
        registers: tuple[str, ...] = ()
        if number is not None and not is_known:
            registers = documents.hiding_code(number)
        elif path.parent.as_posix() == CLASSES and not is_known:
            registers = documents.hiding_class(path.stem)
        elif is_register(path) and not documents.registers:
            registers = (documents.folder,)
        return tuple(dict.fromkeys((*documents.show(*files), *own_headings, *registers)))

    @cached_property
    def paths(self) -> Mapping[str, PurePosixPath]:
        """The documents by path, as written from the content folder."""
        return {path.as_posix(): path for path, heading in self.anchors if not heading}

    @cached_property
    def paths_by_stem(self) -> Mapping[str, Sequence[str]]:
        """The documents by file name without its suffix, except for numbers."""
        by_stem: dict[str, list[str]] = {}
        for text, path in self.paths.items():
            if not NUMBER.fullmatch(path.stem):
                by_stem.setdefault(path.stem, []).append(text)
        return by_stem

    @cached_property
    def headings(self) -> Mapping[PurePosixPath, Sequence[str]]:
        """The slugs of the headings of each document."""
        headings: dict[PurePosixPath, list[str]] = {}
        for path, heading in self.anchors:
            slugs = headings.setdefault(path, [])
            slugs += [heading] if heading else []
        return headings

    def _has_all_headings(self, path: PurePosixPath) -> bool:
        """Whether no unclosed fence hides some headings of the document."""
        match self.documents.by_path.get(path):
            case None:
                return True
            case Register() as register:
                return register.is_whole and not register.has_unclear_classes
            case page:
                return page.body.is_whole

    @cached_property
    def _misnamed_articles(self) -> Sequence[PurePosixPath]:
        """The articles whose file names are invalid or match no code."""
        documents = self.documents
        unparsed = [path for path in sorted(documents.unparsed) if path.parent.as_posix() == CODES]
        described = {
            entry.number
            for register in documents.registers
            for section in register.sections
            for entry in section.entries
        }
        articles = documents.articles_by_number.items()
        return [*unparsed, *(it.path for number, it in articles if number not in described)]

    @cached_property
    def _orphan_class_texts(self) -> Sequence[PurePosixPath]:
        texts = (text.path for text in self.documents.class_texts)
        return [path for path in texts if (path, "") not in self.anchors]


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


def numbers_by_slug(documents: Documents) -> Mapping[str, int]:
    """The code of each URL made of a name, also for codes that no register describes."""
    names = {number: [name] for number, name in names_by_code(documents).value.items()}
    for article in documents.articles:
        number = article.code.number
        names[number] = (
            [
                article.name,
                article.known_as.text,
                *names.get(number, ()),
                *(former.name for former in article.formerly),
            ]
            if article.aliases is None
            else [alias.text for alias in article.aliases]
        )
    return {slug(name): number for number, all_names in names.items() for name in all_names}
