"""A content folder into documents: which file is what, each read by its own module.

book.toml             settings
facts.toml            which facts there are
index.md              the text of the home page
NAME.md               a register
codes/NUMBER.md       an article
guides/NAME.md        a guide
tables/NAME.md, .csv  a table
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeVar

from codebook.parse.article import article
from codebook.parse.decode import decode
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

BOOK = PurePosixPath("book.toml")
FACTS = PurePosixPath("facts.toml")
HOME = PurePosixPath("index.md")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
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
    own = settings(sources[BOOK]) if BOOK in sources else Parsed(Settings())
    kinds: Parsed[tuple[FactKind, ...] | None] = (
        fact_kinds(sources[FACTS]) if FACTS in sources else Parsed(())
    )
    problems += own.problems + kinds.problems
    records: list[_Record] = []
    for path in watch(sorted({*folder.files} - {BOOK, FACTS})):
        read = _record(path, folder, sources, own.value)
        records += read.value
        problems += read.problems
    pages = _only(records, Guide)
    made = Documents(
        settings=own.value,
        facts=kinds.value,
        home=next((page for page in pages if page.path == HOME), None),
        registers=_only(records, Register),
        articles=_only(records, Article),
        guides=tuple(page for page in pages if page.path != HOME),
        tables=_only(records, Table),
    )
    if not made.registers:
        problems.append(_no_register(folder.shown))
    shown = {source.shown: source for source in sources.values()}
    return Parsed(Read(made, shown), tuple(problems))


_Record = Register | Article | Guide | Table


def _record(
    path: PurePosixPath,
    folder: Folder,
    sources: Mapping[PurePosixPath, Source],
    own: Settings,
) -> Parsed[tuple[_Record, ...]]:
    """What one file holds: nothing where it is half of a pair, or cannot be read."""
    fault = _fault(path, folder)
    if fault or path not in sources:
        return Parsed((), fault)
    source = sources[path]
    read: Parsed[Register] | Parsed[Guide] | Parsed[Article | None] | Parsed[Table | None]
    match path.parent.name, path.suffix:
        case "", ".md" if path != HOME:
            read = register(source)
        case ("", ".md") | ("guides", ".md"):
            read = guide(source)
        case "codes", ".md":
            read = article(source, own.headings)
        case "tables", ".md" if (data := path.with_suffix(".csv")) in sources:
            read = table(source, sources[data])
        case _:
            return Parsed(())
    return Parsed((read.value,) if read.value else (), read.problems)


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
    if path.parent.name in {"guides", "tables"} and not _SLUG.fullmatch(path.stem):
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
    if path.parent.name == "tables" and path.with_suffix(".csv") not in folder.files:
        cure = f"add {folder.show(path.with_suffix('.csv'))}"
        return (Problem(Rule.MISSING_TABLE_DATA, span, "this page has no table", help=cure),)
    return ()


_PLACES = frozenset(
    {(".", ".md"), ("codes", ".md"), ("guides", ".md"), ("tables", ".md"), ("tables", ".csv")}
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
