"""Parse one file of a content folder."""

from __future__ import annotations

from pathlib import PurePosixPath

from codebook.book.layout import HOME, csv_path
from codebook.book.parse.articles import parse_article, parse_class_text, parse_guide
from codebook.book.parse.parsed import Document, File, ParsedFile
from codebook.diagnostics.diagnostic import Parsed
from codebook.diagnostics.source import Source
from codebook.syntax.decode import decode_file


def parse_file(path: PurePosixPath, file: File) -> ParsedFile:
    """Parse a file. Invalid content never raises."""
    if file.data is None:
        return ParsedFile(None, file.name_errors)
    decoded = decode_file(file.display_path, path, file.data)
    for source in decoded.value:
        if not file.name_errors:
            document = _parse_document(source, file)
            return ParsedFile(document.value, (*decoded.diagnostics, *document.diagnostics))
    diagnostics = (*decoded.diagnostics, *file.name_errors)
    return ParsedFile(None, diagnostics, is_decoded=bool(decoded.value))


def _parse_document(source: Source, file: File) -> Parsed[Document | None]:
    document: Parsed[Document | None] = Parsed(None)
    # Most edits are to articles, so the parsers of registers and tables are imported on demand.
    match source.path.parent.name, source.path.suffix:
        case "", ".md" if source.path != HOME:
            from codebook.book.parse.register import parse_register  # noqa: PLC0415 - see above

            document = parse_register(source)
        case (("" | "guides"), ".md"):
            document = parse_guide(source)
        case "codes", ".md":
            document = parse_article(source, file.headings)
        case "classes", ".md":
            document = parse_class_text(source)
        case "tables", ".md" if file.csv is not None:
            from codebook.book.parse.table import parse_table  # noqa: PLC0415 - see above

            path = csv_path(source.path)
            display_path = csv_path(PurePosixPath(source.display_path)).as_posix()
            # Errors in the CSV file itself are reported with that file.
            for csv_source in decode_file(display_path, path, file.csv).value:
                document = parse_table(source, csv_source)
    return document
