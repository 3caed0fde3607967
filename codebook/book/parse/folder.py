"""A content folder into documents: `layout` says which file is what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import TypeVar

from codebook.book.documents import Article, ClassText, Documents, Guide, Register, Table
from codebook.book.layout import FACTS, HOME, PUBLISHED_URLS, SETTINGS, TABLES, csv_path
from codebook.book.parse.article import article
from codebook.book.parse.class_text import class_text
from codebook.book.parse.file_names import faults, is_placed, no_register
from codebook.book.parse.guide import guide
from codebook.book.parse.published_urls import published
from codebook.book.parse.register import register
from codebook.book.parse.settings import fact_kinds, settings
from codebook.book.parse.table import table
from codebook.book.settings import FactKind, Settings, Word
from codebook.cache.memory import Cache
from codebook.diagnostics.diagnostic import Diagnostic, Parsed
from codebook.diagnostics.source import Folder, Source
from codebook.syntax.decode import decode, symlink_diagnostics

T = TypeVar("T")
Watch = Callable[[Iterable[PurePosixPath]], Iterable[PurePosixPath]]
"""Hands on what it is given; the caller can see by it how far the reading is."""

_NONE = PurePosixPath()
_SUFFIXES = frozenset({".md", ".csv", ".toml"})


@dataclass(frozen=True, slots=True)
class ParsedContent:
    """The documents of a folder, and their texts for whoever shows a problem."""

    documents: Documents
    sources: Mapping[str, Source]
    """By their shown path."""


def parse_documents(
    folder: Folder, memory: Cache | None = None, watch: Watch = lambda paths: paths
) -> Parsed[ParsedContent]:
    """Every document of the folder. Bad content never raises."""
    memory = memory or Cache()
    diagnostics = [*symlink_diagnostics(folder)]
    names = memory.recall(("names",), tuple(folder.files), partial(_Names.of, folder))
    texts = {path: folder.files[path] for path in names.texts}
    decoded = memory.recall_each("decoded", texts, lambda path, _: decode(folder, path))
    diagnostics += (diagnostic for each in decoded.values() for diagnostic in each.diagnostics)
    sources = {each.path: each for found in decoded.values() for each in found.value}
    unread = {path for path in names.texts if path != PUBLISHED_URLS} - sources.keys()
    unread |= set(folder.symlinks)
    own: Parsed[Settings | None] = Parsed(Settings())
    kinds: Parsed[tuple[FactKind, ...] | None] = Parsed(())
    if SETTINGS in sources:
        own = memory.recall(("settings",), sources[SETTINGS], partial(settings, sources[SETTINGS]))
        unread |= {SETTINGS} if own.value is None else set()
    if FACTS in sources:
        kinds = memory.recall(("kinds",), sources[FACTS], partial(fact_kinds, sources[FACTS]))
        unread |= {FACTS} if kinds.value is None else set()
    diagnostics += own.diagnostics + kinds.diagnostics
    records: list[_Record] = []
    headings = (own.value or Settings()).headings
    given = {
        path: (wrong, sources.get(path), sources.get(names.data.get(path, _NONE)), headings)
        for path, wrong in names.faults.items()
    }
    found = memory.recall_each("record", given, lambda _, each: _record(*each), watch=watch)
    for path, read in found.items():
        records += (read.value,) if read.value else ()
        is_half = path.suffix == ".csv" and not read.diagnostics
        unread |= {path} if not read.value and is_placed(path) and not is_half else set()
        diagnostics += read.diagnostics
    tables = _only(records, Table)
    pages = _only(records, Guide)
    made = Documents(
        settings=own.value or Settings(),
        facts=kinds.value or (),
        home=next((page for page in pages if page.path == HOME), None),
        registers=_only(records, Register),
        articles=_only(records, Article),
        class_texts=_only(records, ClassText),
        guides=tuple(page for page in pages if page.path != HOME),
        tables=tables,
        unread=frozenset(unread),
        published=_published(sources.get(PUBLISHED_URLS), memory),
    )
    if not made.registers and not made.lacks_register:
        diagnostics.append(no_register(folder.display_path))
    shown = {source.display_path: source for source in sources.values()}
    return Parsed(ParsedContent(made, shown), tuple(diagnostics))


def _published(listed: Source | None, memory: Cache) -> tuple[Word, ...] | None:
    if listed is None:
        return None
    return memory.recall(("published",), listed, partial(published, listed))


_Record = Register | Article | ClassText | Guide | Table


@dataclass(frozen=True, slots=True)
class _Names:
    """What the names of the files alone show."""

    texts: tuple[PurePosixPath, ...]
    """The files that are read as text."""
    faults: Mapping[PurePosixPath, tuple[Diagnostic, ...]]
    """The files that may be documents, in order, with what is wrong with their names."""
    data: Mapping[PurePosixPath, PurePosixPath]
    """The file with the rows of each page of a table."""

    @classmethod
    def of(cls, folder: Folder) -> _Names:
        """The names of the files of a folder."""
        pages = sorted({*folder.files} - {PUBLISHED_URLS, SETTINGS, FACTS})
        return cls(
            tuple(
                path for path in folder.files if path.suffix in _SUFFIXES or path == PUBLISHED_URLS
            ),
            {path: tuple(faults(path, folder)) for path in pages},
            {path: csv_path(path) for path in pages if path.parent.name == TABLES},
        )


def _record(
    wrong: tuple[Diagnostic, ...],
    source: Source | None,
    data: Source | None,
    headings: Sequence[str],
) -> Parsed[_Record | None]:
    """What one file holds: nothing where it is half of a pair, or cannot be read.

    `wrong` is what its name alone shows; `data` are the rows, where it is the page of a table.
    """
    if wrong or source is None:
        return Parsed(None, wrong)
    made: Parsed[_Record | None] = Parsed(None)
    match source.path.parent.name, source.path.suffix:
        case "", ".md" if source.path != HOME:
            made = register(source)
        case (("" | "guides"), ".md"):
            made = guide(source)
        case "codes", ".md":
            made = article(source, headings)
        case "classes", ".md":
            made = class_text(source)
        case "tables", ".md" if data:
            made = table(source, data)
    return made


def _only(records: Iterable[object], kind: type[T]) -> tuple[T, ...]:
    return tuple(each for each in records if isinstance(each, kind))
