"""Parse a content folder; `layout` defines the paths of documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import TypeVar

from msgspec import Struct

from codebook.book.documents import Article, ClassText, Documents, Guide, Register, Table
from codebook.book.layout import FACTS, HOME, PUBLISHED_URLS, SETTINGS, TABLES, csv_path, is_readme
from codebook.book.parse.copies import find_original
from codebook.book.parse.file_names import (
    FileNames,
    is_placed,
    missing_register,
    name_diagnostics,
    name_evidence,
)
from codebook.book.parse.parsed import File, ParsedFile
from codebook.book.parse.published_urls import parse_published_urls
from codebook.book.settings import FactKind, Settings, Word
from codebook.cache import Cache, each, memoize
from codebook.diagnostics.diagnostic import Diagnostic, Parsed
from codebook.diagnostics.progress import Progress, no_progress
from codebook.diagnostics.source import Folder, Source
from codebook.syntax.decode import decode_file, symlink_diagnostics

T = TypeVar("T")
_SUFFIXES = frozenset({".md", ".csv", ".toml"})


class _Name(Struct, frozen=True):
    """What the name of a file says about it, next to the names of the other files."""

    path: PurePosixPath
    display_path: str
    errors: tuple[Diagnostic, ...]
    is_text: bool
    """Whether the file can be a text of the book."""
    csv: PurePosixPath | None
    """The CSV file if the file is the page of a table."""
    is_document: bool
    """Whether the book lacks a document if the file can't be parsed."""


@memoize
def parse_documents(
    cache: Cache, folder: Folder, progress: Progress = no_progress
) -> Parsed[Documents]:
    """Parse all documents of the folder. Invalid content never raises."""
    diagnostics = [*symlink_diagnostics(folder)]
    files = folder.files
    names = _names(cache, _without_texts(folder))
    unparsed = set(folder.symlinks)
    settings: Parsed[Settings | None] = Parsed(Settings())
    kinds: Parsed[tuple[FactKind, ...] | None] = Parsed(())
    if SETTINGS in files:
        work = {SETTINGS: (folder.show(SETTINGS), files[SETTINGS])}
        settings = each(cache, _settings, work, Parsed[Settings | None])[SETTINGS]
        unparsed |= {SETTINGS} if settings.value is None else set()
    if FACTS in files:
        work = {FACTS: (folder.show(FACTS), files[FACTS])}
        kinds = each(cache, _fact_kinds, work, Parsed[tuple[FactKind, ...] | None])[FACTS]
        unparsed |= {FACTS} if kinds.value is None else set()
    diagnostics += settings.diagnostics + kinds.diagnostics
    headings = (settings.value or Settings()).headings
    texts = {
        path: (
            File(
                name.display_path,
                name.errors,
                files[path] if name.is_text else None,
                files[name.csv] if name.csv else None,
                headings,
            ),
        )
        for path, name in names.items()
    }
    parsed = each(cache, _file, texts, ParsedFile, lambda paths: progress(paths, "reading"))
    for path, file in parsed.items():
        if not file.is_decoded or (names[path].is_document and not file.document):
            unparsed.add(path)
        diagnostics += file.diagnostics
    found = [file.document for file in parsed.values()]
    guides = _only(found, Guide)
    published: Parsed[tuple[Word, ...] | None] = Parsed(None)
    if PUBLISHED_URLS in files:
        work = {PUBLISHED_URLS: (folder.show(PUBLISHED_URLS), files[PUBLISHED_URLS])}
        kind = Parsed[tuple[Word, ...] | None]
        published = each(cache, _published, work, kind)[PUBLISHED_URLS]
        diagnostics += published.diagnostics
    documents = Documents(
        settings=settings.value or Settings(),
        facts=kinds.value or (),
        home=next((guide for guide in guides if guide.path == HOME), None),
        registers=_only(found, Register),
        articles=_only(found, Article),
        class_texts=_only(found, ClassText),
        guides=tuple(guide for guide in guides if guide.path != HOME),
        tables=_only(found, Table),
        unparsed=frozenset(unparsed),
        published=published.value,
        folder=folder.display_path,
    )
    if not documents.registers and not documents.unparsed_registers:
        diagnostics.append(missing_register(folder.display_path))
    return Parsed(documents, tuple(diagnostics))


# Most builds parse few files, if any, and all parsers together take long to import.


def _file(path: PurePosixPath, file: File) -> ParsedFile:
    from codebook.book.parse.file import parse_file  # noqa: PLC0415 - see above

    return parse_file(path, file)


def _settings(path: PurePosixPath, display_path: str, data: bytes) -> Parsed[Settings | None]:
    from codebook.book.parse.settings import parse_settings  # noqa: PLC0415 - see above

    return _with_source(path, display_path, data, parse_settings)


def _fact_kinds(
    path: PurePosixPath, display_path: str, data: bytes
) -> Parsed[tuple[FactKind, ...] | None]:
    from codebook.book.parse.settings import parse_fact_kinds  # noqa: PLC0415 - see above

    return _with_source(path, display_path, data, parse_fact_kinds)


def _published(
    path: PurePosixPath, display_path: str, data: bytes
) -> Parsed[tuple[Word, ...] | None]:
    return _with_source(
        path, display_path, data, lambda source: Parsed(parse_published_urls(source))
    )


def _with_source(
    path: PurePosixPath,
    display_path: str,
    data: bytes,
    parse: Callable[[Source], Parsed[T | None]],
) -> Parsed[T | None]:
    """Decode and parse a file; None if it can't be decoded."""
    decoded = decode_file(display_path, path, data)
    results = [parse(source) for source in decoded.value]
    return Parsed(
        results[0].value if results else None,
        (*decoded.diagnostics, *(it for result in results for it in result.diagnostics)),
    )


def _without_texts(folder: Folder) -> Folder:
    """The folder without file contents, so editing a text doesn't invalidate the cache."""
    files = {path: name_evidence(path, data) for path, data in folder.files.items()}
    return Folder(folder.display_path, files, folder.symlinks)


@memoize
def _names(cache: Cache, folder: Folder) -> Mapping[PurePosixPath, _Name]:
    """What the name of each possible document says; sorted by path."""
    names = each(cache, _read_names, {"": (folder,)}, tuple[_Name, ...])[""]
    return {name.path: name for name in names}


def _read_names(_all: str, folder: Folder) -> tuple[_Name, ...]:
    paths = sorted({*folder.files} - {PUBLISHED_URLS, SETTINGS, FACTS})
    names = FileNames.of(folder)
    errors = {path: tuple(name_diagnostics(path, names)) for path in paths}
    originals = {
        path: original
        for path in paths
        if errors[path] and (original := find_original(path, folder.files))
    }
    texts = {
        path
        for path in paths
        if path.suffix in _SUFFIXES and not is_readme(path) and path not in originals
    }

    def csv(path: PurePosixPath) -> PurePosixPath | None:
        data = csv_path(path)
        return data if path.parent.name == TABLES and data in texts else None

    def is_document(path: PurePosixPath) -> bool:
        # The page and the CSV file of a table are one document.
        is_csv = path.suffix == ".csv" and not errors[path]
        return is_placed(path) and not is_csv and originals.get(path) not in folder.files

    return tuple(
        _Name(path, folder.show(path), errors[path], path in texts, csv(path), is_document(path))
        for path in paths
    )


def _only(documents: Iterable[object], kind: type[T]) -> tuple[T, ...]:
    return tuple(document for document in documents if isinstance(document, kind))
