"""Replaces spaces that only look like the ones that Markdown needs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from codebook.authoring.checked_content import CheckedContent
from codebook.book.parse.file_names import is_placed
from codebook.syntax import markdown


def fixed_spaces(content: CheckedContent) -> Mapping[PurePosixPath, bytes]:
    """The documents with plain spaces after markers, in indentation, and in the lines of tables."""
    files: dict[PurePosixPath, bytes] = {}
    for path in content.folder.files:
        source = content.source(path)
        if source and path.suffix == ".md" and is_placed(path):
            text = markdown.with_plain_spaces(source).value.text
            if text != source.text:
                files[path] = text.encode()
    return files
