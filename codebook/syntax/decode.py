"""Bytes into a source: UTF-8 only, no byte order mark, no characters that nobody can see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath

from codebook.cache import Cache, memoize_each
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Folder, Source, Span

_LARGEST = 1_000_000
"""Bytes of one file. The largest known book of this kind takes a tenth of it."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
"""What a file in UTF-16 begins with."""
_TEXTS = frozenset({".css", ".html", ".js", ".svg"})
"""The endings of those files beside the templates that are read as text."""
_CONTROL = "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029"
_HIDDEN = (
    "\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u3164"
    "\ufeff\uffa0\U000e0000-\U000e007f"
)
"""Characters that reorder, split or carry text without being seen (Unicode Standard Annex 9 for
the first kind). The two joiners that scripts and emoji need are not among them."""
_INVISIBLE = re.compile(f"(?P<control>[{_CONTROL}])|[{_HIDDEN}]")


@memoize_each
def decode(
    _cache: Cache, display_path: str, path: PurePosixPath, data: bytes
) -> Parsed[tuple[Source, ...]]:
    """The text of a file; none where it cannot be decoded."""
    if len(data) > _LARGEST:
        return Parsed((), (_too_large(display_path, len(data)),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Parsed((), (_not_utf8(display_path, data, error),))
    source = Source.of(path, display_path, text)
    return Parsed((source,), tuple(_invisible_characters(source)))


def template_diagnostics(cache: Cache, templates: Folder) -> Iterator[Diagnostic]:
    """What is wrong with the characters of templates and of the texts beside them."""
    for path, data in templates.files.items():
        if path.suffix in _TEXTS:
            yield from decode(cache, templates.show(path), path, data).diagnostics


def spelled_out(text: str, source: Source) -> str:
    """The first invisible character of a text that the file only spells out, or nothing.

    Entities in Markdown and escapes in TOML spell characters out.
    """
    characters = (match[0] for match in _INVISIBLE.finditer(text))
    return next((character for character in characters if character not in source.text), "")


def invisible_character(character: str, span: Span) -> Diagnostic:
    """The diagnostic for a control character or another one that nobody can see."""
    number = f"U+{ord(character):04X}"
    match = _INVISIBLE.match(character)
    if match and match["control"]:
        message = f"the control character {number} stands here"
        return Diagnostic(Rule.CONTROL_CHARACTER, span, message, help="remove it")
    name = unicodedata.name(character, "").lower()
    label = f"{number} ({name})" if name else number
    message = f"the character {label} stands here, which nobody can see"
    return Diagnostic(Rule.HIDDEN_CHARACTER, span, message, help="remove it, or type the word anew")


def _invisible_characters(source: Source) -> Iterator[Diagnostic]:
    for number, line in enumerate(source.lines, start=1):
        for match in _INVISIBLE.finditer(line):
            yield invisible_character(match[0], source.at(number, match.start() + 1))


def symlink_diagnostics(folder: Folder) -> Iterator[Diagnostic]:
    """A problem for each file that was not read because it leads elsewhere."""
    for path in folder.symlinks:
        yield Diagnostic(
            Rule.SYMLINK,
            Span(folder.show(path)),
            f"this is a symbolic link, which is not read: it may lead out of {folder.display_path}",
            help="put the file itself in its place",
        )


def _too_large(display_path: str, size: int) -> Diagnostic:
    return Diagnostic(
        Rule.TOO_LARGE,
        Span(display_path),
        f"the file has {size:,} bytes, and may have {_LARGEST:,}",
        help="split it, or leave out a part of it",
    )


def _not_utf8(display_path: str, data: bytes, error: UnicodeDecodeError) -> Diagnostic:
    before = error.object[: error.start].decode("utf-8")
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    byte = data[error.start]
    message = f"the file is not UTF-8: byte 0x{byte:02x} does not fit"
    if data.startswith(_UTF16):
        message = "the file is UTF-16, not UTF-8"
    elif (letter := bytes([byte]).decode("cp1252", "replace")).isalpha():
        message += f', which is "{letter}" in Windows-1252'
    span = Span(display_path, len(lines), len(lines[-1]) + 1)
    help_text = "save it anew, with the encoding UTF-8"
    return Diagnostic(Rule.NOT_UTF8, span, message, help=help_text)
