"""Safe automatic fixes, which change nothing on the site except the errors.

Each module contains one kind of fix, which takes the content and returns the changed files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import PurePosixPath

from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.fix.links import fixed_links
from codebook.authoring.fix.order import fixed_order
from codebook.authoring.fix.spaces import fixed_spaces
from codebook.authoring.fix.whitespace import fixed_line_ends, fixed_whitespace
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.excerpt import printable
from codebook.diagnostics.source import Folder, split_lines

_STRUCTURAL = frozenset(
    {
        *(Rule.MERGE_CONFLICT, Rule.NOT_UTF8, Rule.TOO_LARGE, Rule.TOO_DEEP, Rule.INVALID_NAME),
        *(Rule.UNEXPECTED_BLOCK, Rule.MISSING_TITLE, Rule.MISSING_HEAD, Rule.INVALID_TOML),
        *(Rule.INVALID_CLASS, Rule.OVERLAPPING_CLASS, Rule.UNANNOUNCED_SECTION),
        *(Rule.DUPLICATE_SECTION, Rule.MISNUMBERED_SECTION, Rule.INVALID_CODE),
        *(Rule.DUPLICATE_CODE, Rule.MISPLACED_CODE, Rule.MISSING_TEXT, Rule.INVALID_CSV),
    }
)
"""Rules about how a file is read: if one is broken, texts may belong elsewhere than it seems."""


def left_files(content: CheckedContent) -> Mapping[PurePosixPath, tuple[Rule, ...]]:
    """The files that fixes leave as they are, each with the rules that it breaks.

    Broken line endings and byte order marks, which fixes replace, can break other rules.
    """
    fixed = content.with_files(fixed_line_ends(content))
    paths = {content.folder.show(path): path for path in content.folder.files}
    left: dict[PurePosixPath, tuple[Rule, ...]] = {}
    for diagnostic in fixed.diagnostics:
        path = paths.get(diagnostic.span.path)
        if path and diagnostic.rule in _STRUCTURAL:
            left[path] = tuple(dict.fromkeys((*left.get(path, ()), diagnostic.rule)))
    return left


def fixed_files(content: CheckedContent) -> Mapping[PurePosixPath, bytes]:
    """The files that fixes change, with their fixed data. Fixing them again changes nothing."""
    fixed = content
    left = left_files(content)
    # Line endings first: the other fixes need the lines of a file to match those of its source.
    for fix in (fixed_line_ends, fixed_spaces, fixed_links, fixed_whitespace, fixed_order):
        files = {path: data for path, data in fix(fixed).items() if path not in left}
        fixed = fixed.with_files(files)
    before = content.folder.files
    return {path: data for path, data in fixed.folder.files.items() if data != before[path]}


def count_fixable(content: CheckedContent) -> int:
    """The number of diagnostics that the fixes resolve."""
    files = fixed_files(content)
    if not files:
        return 0
    return len(content.diagnostics) - len(content.with_files(files).diagnostics)


def diff(folder: Folder, files: Mapping[PurePosixPath, bytes]) -> str:
    """A unified diff of the files. Unprintable characters, even at line ends, become U+FFFD."""
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
