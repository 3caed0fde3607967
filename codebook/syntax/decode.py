"""Decode files: UTF-8 only, without a byte order mark, invisible characters, or merge conflicts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from codebook.cache import Cache, memoize_each
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Folder, Source, Span
from codebook.syntax.conflicts import conflict_diagnostics

_LARGEST = 1_000_000
"""The maximum number of bytes of a file: ten times the largest known register."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
"""The byte order marks of UTF-16."""
_TEXTS = frozenset({".css", ".html", ".js", ".json", ".svg", ".txt", ".webmanifest", ".xml"})
"""The suffixes of files in the templates folder that are read as text."""
_CONTROL = "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029"
_HIDDEN = (
    "\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u3164"
    "\ufeff\uffa0\U000e0000-\U000e007f"
)
"""Invisible characters that reorder, split, or carry text (for the first kind, see Unicode Standard
Annex 9). The two joiners that scripts and emoji require are allowed."""
_INVISIBLE = re.compile(f"[{_CONTROL}{_HIDDEN}]")


_ABOUT_NAMES = frozenset({Rule.INVALID_NAME, Rule.UNEXPECTED_FILE})


@memoize_each
def decode(
    _cache: Cache, display_path: str, path: PurePosixPath, data: bytes
) -> Parsed[tuple[Source, ...]]:
    """Decode a file as `decode_file` does."""
    return decode_file(display_path, path, data)


def decode_file(display_path: str, path: PurePosixPath, data: bytes) -> Parsed[tuple[Source, ...]]:
    """Decode a file; the result is empty if it can't be decoded or has a merge conflict.

    Both versions of a text are in it then, so whatever a parser would find is misleading.
    """
    if len(data) > _LARGEST:
        return Parsed((), (_too_large(display_path, len(data)),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Parsed((), (_not_utf8(display_path, data, error),))
    source = Source.of(path, display_path, text)
    if conflicts := tuple(conflict_diagnostics(source)):
        return Parsed((), conflicts)
    return Parsed((source,), tuple(_invisible_characters(source)))


def sources_of(folder: Folder, diagnostics: Iterable[Diagnostic]) -> Mapping[str, Source]:
    """Return the files that diagnostics point to, by display path.

    Files that can't be decoded are left out, unless they have a merge conflict to show. So are
    files with a wrong name: the first line of one doesn't explain the error.
    """
    spans = [
        (span.path, it.rule)
        for it in diagnostics
        for span in (it.span, it.note and it.note.span)
        if span and it.rule not in _ABOUT_NAMES
    ]
    conflicts = {path for path, rule in spans if rule is Rule.MERGE_CONFLICT}
    paths = {path for path, _ in spans}
    sources: dict[str, Source] = {}
    for path, data in folder.files.items():
        name = folder.show(path)
        if name in conflicts:
            sources[name] = Source.of(path, name, data.decode("utf-8-sig", "replace"))
        elif name in paths:
            sources.update((name, source) for source in decode_file(name, path, data).value)
    return sources


def template_diagnostics(cache: Cache, templates: Folder) -> Iterator[Diagnostic]:
    """Check the characters of templates and of other texts in their folder."""
    for path, data in templates.files.items():
        if path.suffix in _TEXTS:
            yield from decode(cache, templates.show(path), path, data).diagnostics


def invisible_characters(text: str) -> tuple[str, ...]:
    """Return the control characters and other invisible characters of a text, each once."""
    return tuple(dict.fromkeys(match[0] for match in _INVISIBLE.finditer(text)))


def visible(text: str) -> str:
    """Return the text without invisible characters, each of which is an error of its own."""
    return _INVISIBLE.sub("", text).strip()


def invisible_character(character: str, span: Span) -> Diagnostic:
    """Return the diagnostic for a control character or another invisible character."""
    number = f"U+{ord(character):04X}"
    if re.match(f"[{_CONTROL}]", character):
        message = f"unexpected control character {number}"
        return Diagnostic(Rule.CONTROL_CHARACTER, span, message, help="remove the character")
    name = unicodedata.name(character, "").lower()
    label = f"{number} ({name})" if name else number
    message = f"invisible character {label}"
    help_text = "remove the character, or retype the word"
    return Diagnostic(Rule.HIDDEN_CHARACTER, span, message, help=help_text)


def _invisible_characters(source: Source) -> Iterator[Diagnostic]:
    if not _INVISIBLE.search(source.text):
        return
    for number, line in enumerate(source.lines, start=1):
        for match in _INVISIBLE.finditer(line):
            yield invisible_character(match[0], source.at(number, match.start() + 1))


def symlink_diagnostics(folder: Folder) -> Iterator[Diagnostic]:
    """Report each symbolic link."""
    for path in folder.symlinks:
        yield Diagnostic(
            Rule.SYMLINK,
            Span(folder.show(path)),
            f"symbolic links are not read: they can point outside {folder.display_path}",
            help="replace the link with a copy of the file",
        )


def _too_large(display_path: str, size: int) -> Diagnostic:
    return Diagnostic(
        Rule.TOO_LARGE,
        Span(display_path),
        f"the file is too large: {size:,} bytes, but the limit is {_LARGEST:,}",
        help="split it into several files, or shorten it",
    )


def _not_utf8(display_path: str, data: bytes, error: UnicodeDecodeError) -> Diagnostic:
    before = error.object[: error.start].decode("utf-8")
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    byte = data[error.start]
    message = f"the file is not valid UTF-8: unexpected byte 0x{byte:02x}"
    if data.startswith(_UTF16):
        message = "the file is encoded in UTF-16, not UTF-8"
    elif (letter := bytes([byte]).decode("cp1252", "replace")).isalpha():
        message += f' ("{letter}" in Windows-1252)'
    span = Span(display_path, len(lines), len(lines[-1]) + 1)
    help_text = "save the file as UTF-8"
    return Diagnostic(Rule.NOT_UTF8, span, message, help=help_text)
