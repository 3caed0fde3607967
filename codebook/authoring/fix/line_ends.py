"""Files that begin with their text, and lines that end as all others do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from codebook.authoring.checked_content import CheckedContent
from codebook.book.layout import FACTS, PUBLISHED_URLS, SETTINGS
from codebook.book.parse.file_names import is_placed

_MARK = "\ufeff"


def ends(manuscript: CheckedContent) -> Mapping[PurePosixPath, bytes]:
    """Every document without a byte order mark, each of its lines ended by a line feed."""
    made = {
        path: _ended(data.decode()).encode()
        for path, data in manuscript.folder.files.items()
        if manuscript.source(path)
        and (is_placed(path) or path in {PUBLISHED_URLS, SETTINGS, FACTS})
    }
    return {path: data for path, data in made.items() if data != manuscript.folder.files[path]}


def _ended(text: str) -> str:
    unified = text.removeprefix(_MARK).replace("\r\n", "\n").replace("\r", "\n")
    return unified if not unified or unified.endswith("\n") else f"{unified}\n"
