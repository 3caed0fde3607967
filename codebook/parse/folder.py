"""A content folder into documents: `layout` says which file is what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import TypeVar

from codebook.decode import decode, symlinks
from codebook.layout import ADDRESSES, BOOK, FACTS, HOME, TABLES, table_data
from codebook.memory import Memory
from codebook.parse.article import article
from codebook.parse.class_text import class_text
from codebook.parse.guide import guide
from codebook.parse.names import faults, is_placed, no_register
from codebook.parse.published import published
from codebook.parse.register import register
from codebook.parse.settings import fact_kinds, settings
from codebook.parse.table import table
from codebook.problems import Parsed, Problem
from codebook.records import Article, ClassText, Documents, Guide, Register, Table
from codebook.settings import FactKind, Settings, Word
from codebook.source import Folder, Source

T = TypeVar("T")
Watch = Callable[[Iterable[PurePosixPath]], Iterable[PurePosixPath]]
"""Hands on what it is given; the caller can see by it how far the reading is."""

_SUFFIXES = frozenset({".md", ".csv", ".toml"})


@dataclass(frozen=True, slots=True)
class Read:
    """The documents of a folder, and their texts for whoever shows a problem."""

    documents: Documents
    sources: Mapping[str, Source]
    """By their shown path."""


def documents(
    folder: Folder, memory: Memory | None = None, watch: Watch = lambda paths: paths
) -> Parsed[Read]:
    """Every document of the folder. Bad content never raises."""
    memory = memory or Memory()
    problems = [*symlinks(folder)]
    sources: dict[PurePosixPath, Source] = {}
    for path in folder.files:
        if path.suffix in _SUFFIXES or path == ADDRESSES:
            decoded = memory.recall(
                ("decoded", str(path)), folder.files[path], partial(decode, folder, path)
            )
            problems += decoded.problems
            sources.update((each.path, each) for each in decoded.value)
    unread = {path for path in folder.files if path.suffix in _SUFFIXES} - sources.keys()
    unread |= set(folder.symlinks)
    own: Parsed[Settings | None] = Parsed(Settings())
    kinds: Parsed[tuple[FactKind, ...] | None] = Parsed(())
    if BOOK in sources:
        own = memory.recall(("settings",), sources[BOOK], partial(settings, sources[BOOK]))
        unread |= {BOOK} if own.value is None else set()
    if FACTS in sources:
        kinds = memory.recall(("kinds",), sources[FACTS], partial(fact_kinds, sources[FACTS]))
        unread |= {FACTS} if kinds.value is None else set()
    problems += own.problems + kinds.problems
    records: list[_Record] = []
    names = memory.recall(("names",), tuple(folder.files), partial(_names, folder))
    for path in watch(tuple(names)):
        read = _record(path, names[path], sources, own.value or Settings(), memory)
        records += (read.value,) if read.value else ()
        is_half = path.suffix == ".csv" and not read.problems
        unread |= {path} if not read.value and is_placed(path) and not is_half else set()
        problems += read.problems
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
        published=_published(sources.get(ADDRESSES), memory),
    )
    if not made.registers and not made.lacks_register:
        problems.append(no_register(folder.shown))
    shown = {source.shown: source for source in sources.values()}
    return Parsed(Read(made, shown), tuple(problems))


def _published(listed: Source | None, memory: Memory) -> tuple[Word, ...] | None:
    if listed is None:
        return None
    return memory.recall(("published",), listed, partial(published, listed))


_Record = Register | Article | ClassText | Guide | Table


def _names(folder: Folder) -> Mapping[PurePosixPath, tuple[Problem, ...]]:
    """The files that may be documents, in order, with what their names show to be wrong."""
    others = {ADDRESSES, BOOK, FACTS}
    return {path: tuple(faults(path, folder)) for path in sorted({*folder.files} - others)}


def _record(
    path: PurePosixPath,
    wrong: tuple[Problem, ...],
    sources: Mapping[PurePosixPath, Source],
    own: Settings,
    memory: Memory,
) -> Parsed[_Record | None]:
    """What one file holds: nothing where it is half of a pair, or cannot be read.

    `wrong` is what its name alone shows.
    """
    if wrong or path not in sources:
        return Parsed(None, wrong)
    data = sources.get(table_data(path)) if path.parent.name == TABLES else None
    given = (sources[path], data, own.headings)
    return memory.recall(("record", str(path)), given, lambda: _read(*given))


def _read(source: Source, data: Source | None, headings: Sequence[str]) -> Parsed[_Record | None]:
    match source.path.parent.name, source.path.suffix:
        case "", ".md" if source.path != HOME:
            return register(source)
        case (("" | "guides"), ".md"):
            return guide(source)
        case "codes", ".md":
            return article(source, headings)
        case "classes", ".md":
            return class_text(source)
        case "tables", ".md" if data:
            return table(source, data)
    return Parsed(None)


def _only(records: Iterable[object], kind: type[T]) -> tuple[T, ...]:
    return tuple(each for each in records if isinstance(each, kind))
