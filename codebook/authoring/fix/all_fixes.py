"""Everything that can be mended, one kind after the other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.fix.line_ends import ends
from codebook.authoring.fix.links import links
from codebook.authoring.fix.order import order
from codebook.authoring.fix.whitespace import blanks


def fixed_files(manuscript: CheckedContent) -> Mapping[PurePosixPath, bytes]:
    """The files that are different once they are mended; mending them again changes nothing."""
    now = manuscript
    # Only where each line ends in the same way are the lines of a file those of its source.
    for mend in (ends, links, blanks, order):
        if changed := mend(now):
            now = now.with_files(changed)
    return {
        path: data
        for path, data in now.folder.files.items()
        if data != manuscript.folder.files[path]
    }


def count_fixable(manuscript: CheckedContent) -> int:
    """How many of the problems are none any more once everything is mended."""
    changed = fixed_files(manuscript)
    return (
        len(manuscript.diagnostics) - len(manuscript.with_files(changed).diagnostics)
        if changed
        else 0
    )
