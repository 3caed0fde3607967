"""Bytes into a source: UTF-8 only, no byte order mark, no characters that cannot be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from codebook.problems import Parsed, Problem, Rule
from codebook.source import Folder, Source, Span

_LARGEST = 1_000_000
"""Bytes of one file. The largest known book of this kind takes a tenth of it."""

_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_HIDDEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u3164"
    "\ufeff\uffa0\U000e0000-\U000e007f]"
)
"""Characters that reorder, split or carry words without being seen (Unicode Standard Annex 9 for
the first kind). The two joiners that scripts and emoji need are not among them."""


def decode(folder: Folder, path: PurePosixPath) -> Parsed[tuple[Source, ...]]:
    """The file's text; none where it cannot be decoded."""
    data = folder.files[path]
    shown = folder.show(path)
    if len(data) > _LARGEST:
        return Parsed((), (_too_large(shown, len(data)),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Parsed((), (_not_utf8(shown, data, error),))
    source = Source.of(path, shown, text)
    return Parsed((source,), tuple(_unseen(source)))


def _too_large(shown: str, size: int) -> Problem:
    return Problem(
        Rule.TOO_LARGE,
        Span(shown),
        f"the file has {size:,} bytes, more than {_LARGEST:,}",
        help="split it",
    )


def _not_utf8(shown: str, data: bytes, error: UnicodeDecodeError) -> Problem:
    before = error.object[: error.start].decode("utf-8")
    line = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Problem(
        Rule.NOT_UTF8,
        Span(shown, len(line), len(line[-1]) + 1),
        f"the file is not UTF-8: byte 0x{data[error.start]:02x} does not fit",
        help="save it in UTF-8",
    )


def _unseen(source: Source) -> Iterator[Problem]:
    for number, line in enumerate(source.lines, start=1):
        for match in _CONTROL.finditer(line):
            yield Problem(
                Rule.CONTROL_CHARACTER,
                source.at(number, match.start() + 1),
                f"here is the control character U+{ord(match[0]):04X}",
                help="remove it",
            )
        for match in _HIDDEN.finditer(line):
            yield Problem(
                Rule.HIDDEN_CHARACTER,
                source.at(number, match.start() + 1),
                f"here is the character U+{ord(match[0]):04X}, which nobody can see",
                help="remove it",
            )
