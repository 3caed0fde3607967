"""Fixes line endings and unneeded whitespace."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from codebook.authoring.checked_content import CheckedContent
from codebook.book.layout import FACTS, PUBLISHED_URLS, SETTINGS, is_register
from codebook.book.parse.file_names import is_placed
from codebook.diagnostics.source import Source
from codebook.syntax import markdown
from codebook.syntax.csv_cells import without_spaces

_BYTE_ORDER_MARK = "\ufeff"


def fixed_line_ends(content: CheckedContent) -> Mapping[PurePosixPath, bytes]:
    """The documents without byte order marks, and with a line feed after every line."""
    return {
        path: fixed
        for path, data in content.folder.files.items()
        if content.source(path) and (is_placed(path) or path in {PUBLISHED_URLS, SETTINGS, FACTS})
        if (fixed := _with_line_feeds(data.decode()).encode()) != data
    }


def _with_line_feeds(text: str) -> str:
    unified = text.lstrip(_BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n")
    return unified if not unified or unified.endswith("\n") else f"{unified}\n"


def fixed_whitespace(content: CheckedContent) -> Mapping[PurePosixPath, bytes]:
    """The documents without unneeded whitespace at the ends of lines, in list items, and in cells.

    Registers are skipped, because whitespace has no meaning there.
    """
    files: dict[PurePosixPath, bytes] = {}
    for path in content.folder.files:
        source = content.source(path)
        if source and is_placed(path) and not is_register(path):
            text = _without_extra_whitespace(source)
            if text != source.text:
                files[path] = text.encode()
    return files


def _without_extra_whitespace(source: Source) -> str:
    if source.path.suffix == ".csv":
        return without_spaces(source)
    return "\n".join(markdown.without_extra_whitespace(source))
