"""Markdown without blanks that say nothing.

Registers are left as they are: no blank says anything there, so none is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from codebook.authoring.checked_content import CheckedContent
from codebook.book.layout import is_register
from codebook.book.parse.file_names import is_placed
from codebook.syntax import markdown


def blanks(manuscript: CheckedContent) -> Mapping[PurePosixPath, bytes]:
    """The documents in which lines end, or items of lists begin, with blanks of no use."""
    made: dict[PurePosixPath, bytes] = {}
    for path in manuscript.folder.files:
        source = manuscript.source(path)
        if source and path.suffix == ".md" and is_placed(path) and not is_register(path):
            tidied = markdown.tidied(source)
            if tidied != source.lines:
                made[path] = "\n".join(tidied).encode()
    return made
