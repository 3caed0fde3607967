"""A content folder into documents: `layout` says which file is what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeVar

from codebook.decode import decode
from codebook.layout import BOOK, CODES, FACTS, GUIDES, HOME, SLUG, TABLES, table_data
from codebook.parse.article import article
from codebook.parse.guide import guide
from codebook.parse.register import register
from codebook.parse.settings import fact_kinds, settings
from codebook.parse.table import table
from codebook.problems import Parsed, Problem, Rule
from codebook.records import Article, Documents, Guide, Register, Table
from codebook.settings import FactKind, Settings
from codebook.source import Folder, Source, Span

T = TypeVar("T")
Watch = Callable[[Iterable[PurePosixPath]], Iterable[PurePosixPath]]
"""Hands on what it is given; the caller can see by it how far the reading is."""

_SUFFIXES = frozenset({".md", ".csv", ".toml"})
_SILENT = re.compile(r"(?:.*/)?(?:\.[^/]*|LICEN[CS]E(?:\.txt)?)", re.IGNORECASE)
"""Files that may lie beside the documents: licences, and whatever begins with a dot."""


@dataclass(frozen=True, slots=True)
class Read:
    """The documents of a folder, and their texts for whoever shows a problem."""

    documents: Documents
    sources: Mapping[str, Source]
    """By their shown path."""


def documents(folder: Folder, watch: Watch = lambda paths: paths) -> Parsed[Read]:
    """Every document of the folder. Bad content never raises."""
    problems = [_symlink(folder.show(path)) for path in folder.symlinks]
    sources: dict[PurePosixPath, Source] = {}
    for path in folder.files:
        if path.suffix in _SUFFIXES:
            decoded = decode(folder, path)
            problems += decoded.problems
            sources.update((each.path, each) for each in decoded.value)
    unread = {path for path in folder.files if path.suffix in _SUFFIXES} - sources.keys()
    unread |= set(folder.symlinks)
    own: Parsed[Settings | None] = Parsed(Settings())
    kinds: Parsed[tuple[FactKind, ...] | None] = Parsed(())
    if BOOK in sources:
        own = settings(sources[BOOK])
        unread |= {BOOK} if own.value is None else set()
    if FACTS in sources:
        kinds = fact_kinds(sources[FACTS])
        unread |= {FACTS} if kinds.value is None else set()
    problems += own.problems + kinds.problems
    records: list[_Record] = []
    for path in watch(sorted({*folder.files} - {BOOK, FACTS})):
        read = _record(path, folder, sources, own.value or Settings())
        records += (read.value,) if read.value else ()
        is_half = path.suffix == ".csv" and not read.problems
        is_known = (path.parent.as_posix(), path.suffix) in _PLACES
        unread |= {path} if is_known and not is_half and not read.value else set()
        problems += read.problems
    tables = _only(records, Table)
    pages = _only(records, Guide)
    made = Documents(
        settings=own.value or Settings(),
        facts=kinds.value or (),
        home=next((page for page in pages if page.path == HOME), None),
        registers=_only(records, Register),
        articles=_only(records, Article),
        guides=tuple(page for page in pages if page.path != HOME),
        tables=tables,
        unread=frozenset(unread),
    )
    if not made.registers and not made.lacks_register:
        problems.append(_no_register(folder.shown))
    shown = {source.shown: source for source in sources.values()}
    return Parsed(Read(made, shown), tuple(problems))


_Record = Register | Article | Guide | Table


def _record(
    path: PurePosixPath,
    folder: Folder,
    sources: Mapping[PurePosixPath, Source],
    own: Settings,
) -> Parsed[_Record | None]:
    """What one file holds: nothing where it is half of a pair, or cannot be read."""
    fault = _fault(path, folder)
    if fault or path not in sources:
        return Parsed(None, fault)
    source = sources[path]
    match path.parent.name, path.suffix:
        case "", ".md" if path != HOME:
            return register(source)
        case (("" | "guides"), ".md"):
            return guide(source)
        case "codes", ".md":
            return article(source, own.headings)
        case "tables", ".md" if (data := table_data(path)) in sources:
            return table(source, sources[data])
        case _:
            return Parsed(None)


def _fault(path: PurePosixPath, folder: Folder) -> tuple[Problem, ...]:
    """What a file's name alone shows to be wrong."""
    span = Span(folder.show(path))
    if (path.parent.as_posix(), path.suffix) not in _PLACES:
        if _SILENT.fullmatch(path.as_posix()):
            return ()
        return (
            Problem(
                Rule.UNEXPECTED_FILE,
                span,
                "this file is not read: nothing in a book has this place and ending",
                help="move it out of the book, or see which files a book has in the README",
            ),
        )
    is_half = path.suffix == ".csv" and path.with_suffix(".md") in folder.files
    if path.parent.name in {GUIDES, TABLES} and not SLUG.fullmatch(path.stem) and not is_half:
        return (
            Problem(
                Rule.INVALID_NAME,
                span,
                f'"{path.stem}" cannot be part of an address',
                help="use lower-case letters, digits and single hyphens",
            ),
        )
    if path.suffix == ".csv" and path.with_suffix(".md") not in folder.files:
        page = path.with_suffix(".md")
        cure = f"add {folder.show(page)}, which says what the table is and where it is from"
        return (Problem(Rule.MISSING_TABLE_PAGE, span, "this table has no page", help=cure),)
    if path.parent.name == TABLES and table_data(path) not in folder.files:
        cure = f"add {folder.show(table_data(path))}"
        return (Problem(Rule.MISSING_TABLE_DATA, span, "this page has no table", help=cure),)
    return ()


_PLACES = frozenset(
    {(".", ".md"), (CODES, ".md"), (GUIDES, ".md"), (TABLES, ".md"), (TABLES, ".csv")}
)


def _symlink(shown: str) -> Problem:
    return Problem(
        Rule.SYMLINK,
        Span(shown),
        "this is a symbolic link, which may lead out of the book",
        help="put the file itself here",
    )


def _no_register(shown: str) -> Problem:
    return Problem(
        Rule.MISSING_REGISTER,
        Span(shown),
        "the book has no register",
        help="add a Markdown file that lists the classes and describes the codes",
    )


def _only(records: Iterable[object], kind: type[T]) -> tuple[T, ...]:
    return tuple(each for each in records if isinstance(each, kind))
