"""What would be changed, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import PurePosixPath

from codebook.diagnostics.excerpt import printable
from codebook.diagnostics.source import Folder, split_lines


def diff(folder: Folder, changed: Mapping[PurePosixPath, bytes]) -> str:
    """A unified diff of the files. What does not print is shown as U+FFFD, line ends too."""
    return "".join(
        f"{line}\n"
        for path, data in sorted(changed.items())
        for line in _lines(folder.show(path), folder.files[path].decode(), data.decode())
    )


def _lines(shown: str, before: str, after: str) -> Iterator[str]:
    for line in unified_diff(split_lines(before), split_lines(after), f"a/{shown}", f"b/{shown}"):
        text = line.removesuffix("\n")
        yield "\t".join(printable(part) for part in text.split("\t"))
        if text == line:
            yield "\\ No newline at end of file"
