"""Parse a content folder; `layout` defines the paths of documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import TypeVar

from msgspec import Struct

from codebook.book.documents import Article, ClassText, Documents, Guide, Register, Table
from codebook.book.layout import FACTS, HOME, PUBLISHED_URLS, SETTINGS, TABLES, csv_path, is_readme
from codebook.book.parse.articles import parse_article, parse_class_text, parse_guide
from codebook.book.parse.copies import find_original
from codebook.book.parse.file_names import (
    FileNames,
    is_placed,
    missing_register,
    name_diagnostics,
    name_evidence,
)
from codebook.book.parse.published_urls import parse_published_urls
from codebook.book.parse.register import parse_register
from codebook.book.parse.settings import parse_fact_kinds, parse_settings
from codebook.book.parse.table import parse_table
from codebook.book.settings import FactKind, Settings, Word
from codebook.cache import Cache, each, memoize
from codebook.diagnostics.diagnostic import Diagnostic, Parsed
from codebook.diagnostics.progress import Progress, no_progress
from codebook.diagnostics.source import Folder, Source
from codebook.syntax.decode import decode_file, symlink_diagnostics

T = TypeVar("T")
_SUFFIXES = frozenset({".md", ".csv", ".toml"})


_Document = Register | Article | ClassText | Guide | Table


class File(Struct, frozen=True):
    """A file, and everything else that its meaning depends on."""

    display_path: str
    name_errors: tuple[Diagnostic, ...]
    data: bytes | None
    """None if it isn't a text of the book."""
    csv: bytes | None
    """The CSV file if the file is the page of a table."""
    headings: tuple[str, ...]
    """The allowed headings of articles, from the settings."""


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


class ParsedFile(Struct, frozen=True):
    """What a file contains."""

    document: _Document | None
    """None if it's the CSV file of a table or can't be parsed."""
    diagnostics: tuple[Diagnostic, ...]
    is_decoded: bool = True


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
        settings = _settings(cache, folder.show(SETTINGS), files[SETTINGS])
        unparsed |= {SETTINGS} if settings.value is None else set()
    if FACTS in files:
        kinds = _fact_kinds(cache, folder.show(FACTS), files[FACTS])
        unparsed |= {FACTS} if kinds.value is None else set()
    diagnostics += settings.diagnostics + kinds.diagnostics
    headings = (settings.value or Settings()).headings
    work = {
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
    parsed = each(cache, parse_file, work, ParsedFile, lambda paths: progress(paths, "reading"))
    for path, file in parsed.items():
        if not file.is_decoded or (names[path].is_document and not file.document):
            unparsed.add(path)
        diagnostics += file.diagnostics
    found = [file.document for file in parsed.values()]
    guides = _only(found, Guide)
    published: Parsed[tuple[Word, ...] | None] = Parsed(None)
    if PUBLISHED_URLS in files:
        published = _published(cache, folder.show(PUBLISHED_URLS), files[PUBLISHED_URLS])
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


@memoize
def _settings(_cache: Cache, display_path: str, data: bytes) -> Parsed[Settings | None]:
    return _with_source(SETTINGS, display_path, data, parse_settings)


@memoize
def _fact_kinds(
    _cache: Cache, display_path: str, data: bytes
) -> Parsed[tuple[FactKind, ...] | None]:
    return _with_source(FACTS, display_path, data, parse_fact_kinds)


@memoize
def _published(_cache: Cache, display_path: str, data: bytes) -> Parsed[tuple[Word, ...] | None]:
    return _with_source(
        PUBLISHED_URLS, display_path, data, lambda source: Parsed(parse_published_urls(source))
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


def parse_file(path: PurePosixPath, file: File) -> ParsedFile:
    """Parse a file."""
    if file.data is None:
        return ParsedFile(None, file.name_errors)
    decoded = decode_file(file.display_path, path, file.data)
    for source in decoded.value:
        if not file.name_errors:
            document = _parse_document(source, file)
            return ParsedFile(document.value, (*decoded.diagnostics, *document.diagnostics))
    diagnostics = (*decoded.diagnostics, *file.name_errors)
    return ParsedFile(None, diagnostics, is_decoded=bool(decoded.value))


def _parse_document(source: Source, file: File) -> Parsed[_Document | None]:
    document: Parsed[_Document | None] = Parsed(None)
    match source.path.parent.name, source.path.suffix:
        case "", ".md" if source.path != HOME:
            document = parse_register(source)
        case (("" | "guides"), ".md"):
            document = parse_guide(source)
        case "codes", ".md":
            document = parse_article(source, file.headings)
        case "classes", ".md":
            document = parse_class_text(source)
        case "tables", ".md" if file.csv is not None:
            path = csv_path(source.path)
            display_path = csv_path(PurePosixPath(source.display_path)).as_posix()
            # Errors in the CSV file itself are reported with that file.
            for csv_source in decode_file(display_path, path, file.csv).value:
                document = parse_table(source, csv_source)
    return document


def _only(documents: Iterable[object], kind: type[T]) -> tuple[T, ...]:
    return tuple(document for document in documents if isinstance(document, kind))
