"""What can be fixed without a question: the site stays as it is, but for what was wrong.

There is a module for each kind of fix; it takes the content and returns the files that it changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import PurePosixPath

from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.fix.links import fixed_links
from codebook.authoring.fix.order import fixed_order
from codebook.authoring.fix.whitespace import fixed_line_ends, fixed_whitespace
from codebook.diagnostics.excerpt import printable
from codebook.diagnostics.source import Folder, split_lines


def fixed_files(content: CheckedContent) -> Mapping[PurePosixPath, bytes]:
    """The files that are different once they are fixed; fixing them again changes nothing."""
    fixed = content
    # Only where each line ends in the same way are the lines of a file those of its source.
    for fix in (fixed_line_ends, fixed_links, fixed_whitespace, fixed_order):
        if files := fix(fixed):
            fixed = fixed.with_files(files)
    before = content.folder.files
    return {path: data for path, data in fixed.folder.files.items() if data != before[path]}


def count_fixable(content: CheckedContent) -> int:
    """How many of the diagnostics are gone once everything is fixed."""
    files = fixed_files(content)
    if not files:
        return 0
    return len(content.diagnostics) - len(content.with_files(files).diagnostics)


def diff(folder: Folder, files: Mapping[PurePosixPath, bytes]) -> str:
    """A unified diff of the files. What does not print is shown as U+FFFD, line ends too."""
    return "".join(
        f"{line}\n"
        for path, data in sorted(files.items())
        for line in _diff_lines(folder.show(path), folder.files[path].decode(), data.decode())
    )


def _diff_lines(display_path: str, before: str, after: str) -> Iterator[str]:
    names = (f"a/{display_path}", f"b/{display_path}")
    for line in unified_diff(split_lines(before), split_lines(after), *names):
        text = line.removesuffix("\n")
        yield "\t".join(printable(part) for part in text.split("\t"))
        if text == line:
            yield "\\ No newline at end of file"
