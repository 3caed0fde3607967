"""Parse a content folder; `layout` defines the paths of documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from msgspec import Struct

from codebook.book.documents import Article, ClassText, Documents, Guide, Register, Table
from codebook.book.layout import FACTS, HOME, PUBLISHED_URLS, SETTINGS, TABLES, csv_path, is_readme
from codebook.book.parse.articles import parse_article, parse_class_text, parse_guide
from codebook.book.parse.copies import find_original
from codebook.book.parse.file_names import (
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
from codebook.cache import Cache, memoize, memoize_each
from codebook.diagnostics.diagnostic import Diagnostic, Parsed
from codebook.diagnostics.progress import Progress, no_progress
from codebook.diagnostics.source import Folder, Source
from codebook.syntax.decode import decode, symlink_diagnostics

T = TypeVar("T")
_SUFFIXES = frozenset({".md", ".csv", ".toml"})


class ParsedContent(Struct, frozen=True):
    """The documents of a folder, and the sources of their diagnostics."""

    documents: Documents
    sources: Mapping[str, Source]
    """By display path."""


def parse_documents(
    cache: Cache, folder: Folder, progress: Progress = no_progress
) -> Parsed[ParsedContent]:
    """Parse all documents of the folder. Invalid content never raises."""
    diagnostics = [*symlink_diagnostics(folder)]
    name_errors = _name_errors(cache, _without_texts(folder))
    originals = {
        path: original
        for path, errors in name_errors.items()
        if errors and (original := find_original(path, folder.files))
    }
    texts = [
        path
        for path in folder.files
        if (path.suffix in _SUFFIXES and not is_readme(path) and path not in originals)
        or path == PUBLISHED_URLS
    ]
    sources: dict[PurePosixPath, Source] = {}
    for path in texts:
        decoded = decode(cache, folder.show(path), path, folder.files[path])
        diagnostics += decoded.diagnostics
        sources.update((path, source) for source in decoded.value)
    unparsed = {path for path in texts if path != PUBLISHED_URLS} - sources.keys()
    unparsed |= set(folder.symlinks)
    settings: Parsed[Settings | None] = Parsed(Settings())
    kinds: Parsed[tuple[FactKind, ...] | None] = Parsed(())
    if SETTINGS in sources:
        settings = _settings(cache, sources[SETTINGS])
        unparsed |= {SETTINGS} if settings.value is None else set()
    if FACTS in sources:
        kinds = _fact_kinds(cache, sources[FACTS])
        unparsed |= {FACTS} if kinds.value is None else set()
    diagnostics += settings.diagnostics + kinds.diagnostics
    headings = (settings.value or Settings()).headings
    parsed_documents: list[_Document] = []
    for path in progress(name_errors, "reading"):
        csv = sources.get(csv_path(path)) if path.parent.name == TABLES else None
        document = parse_file(cache, path, name_errors[path], sources.get(path), csv, headings)
        parsed_documents += (document.value,) if document.value else ()
        # The page and the CSV file of a table are one document.
        is_csv = path.suffix == ".csv" and not document.diagnostics
        is_missing = not document.value and is_placed(path) and not is_csv
        unparsed |= {path} if is_missing and originals.get(path) not in folder.files else set()
        diagnostics += document.diagnostics
    guides = _only(parsed_documents, Guide)
    documents = Documents(
        settings=settings.value or Settings(),
        facts=kinds.value or (),
        home=next((guide for guide in guides if guide.path == HOME), None),
        registers=_only(parsed_documents, Register),
        articles=_only(parsed_documents, Article),
        class_texts=_only(parsed_documents, ClassText),
        guides=tuple(guide for guide in guides if guide.path != HOME),
        tables=_only(parsed_documents, Table),
        unparsed=frozenset(unparsed),
        published=_published(cache, sources[PUBLISHED_URLS]) if PUBLISHED_URLS in sources else None,
        folder=folder.display_path,
    )
    if not documents.registers and not documents.unparsed_registers:
        diagnostics.append(missing_register(folder.display_path))
    by_display_path = {source.display_path: source for source in sources.values()}
    return Parsed(ParsedContent(documents, by_display_path), tuple(diagnostics))


_Document = Register | Article | ClassText | Guide | Table


@memoize
def _settings(_cache: Cache, source: Source) -> Parsed[Settings | None]:
    return parse_settings(source)


@memoize
def _fact_kinds(_cache: Cache, source: Source) -> Parsed[tuple[FactKind, ...] | None]:
    return parse_fact_kinds(source)


@memoize
def _published(_cache: Cache, source: Source) -> tuple[Word, ...]:
    return parse_published_urls(source)


def _without_texts(folder: Folder) -> Folder:
    """The folder without file contents, so editing a text doesn't invalidate the cache."""
    files = {path: name_evidence(path, data) for path, data in folder.files.items()}
    return Folder(folder.display_path, files, folder.symlinks)


@memoize
def _name_errors(_cache: Cache, folder: Folder) -> Mapping[PurePosixPath, tuple[Diagnostic, ...]]:
    """The errors in the name of each possible document; sorted by path."""
    paths = sorted({*folder.files} - {PUBLISHED_URLS, SETTINGS, FACTS})
    return {path: tuple(name_diagnostics(path, folder)) for path in paths}


@memoize_each
def parse_file(
    _cache: Cache,
    _path: PurePosixPath,
    name_errors: tuple[Diagnostic, ...],
    source: Source | None,
    csv: Source | None,
    headings: Sequence[str],
) -> Parsed[_Document | None]:
    """Parse a file; None if it's the CSV file of a table or can't be parsed.

    `csv` is the CSV file if the file is the page of a table.
    """
    if name_errors or source is None:
        return Parsed(None, name_errors)
    document: Parsed[_Document | None] = Parsed(None)
    match source.path.parent.name, source.path.suffix:
        case "", ".md" if source.path != HOME:
            document = parse_register(source)
        case (("" | "guides"), ".md"):
            document = parse_guide(source)
        case "codes", ".md":
            document = parse_article(source, headings)
        case "classes", ".md":
            document = parse_class_text(source)
        case "tables", ".md" if csv:
            document = parse_table(source, csv)
    return document


def _only(documents: Iterable[object], kind: type[T]) -> tuple[T, ...]:
    return tuple(document for document in documents if isinstance(document, kind))
