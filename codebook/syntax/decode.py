"""Bytes into a source: UTF-8 only, no byte order mark, no characters that cannot be seen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath

from codebook.cache.memory import Cache
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Folder, Source, Span
from codebook.syntax.characters import unseen

_LARGEST = 1_000_000
"""Bytes of one file. The largest known book of this kind takes a tenth of it."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
"""What a file in UTF-16 begins with."""
_TEXTS = frozenset({".css", ".html", ".js", ".svg"})
"""The endings of those files beside the templates that are read as text."""


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
    return Parsed((source,), tuple(unseen(source)))


def decode_template(
    templates: Folder, path: PurePosixPath, memory: Cache
) -> Parsed[tuple[Source, ...]]:
    """The same of a file of the templates, worked out again only where it has changed."""
    key, data = ("template", str(path)), templates.files[path]
    return memory.recall(key, data, partial(decode, templates, path))


def template_diagnostics(templates: Folder, memory: Cache) -> Iterator[Diagnostic]:
    """What is wrong with the characters of templates and of the texts beside them."""
    for path in templates.files:
        if path.suffix in _TEXTS:
            yield from decode_template(templates, path, memory).diagnostics


def symlink_diagnostics(folder: Folder) -> Iterator[Diagnostic]:
    """A problem for each file that was not read because it leads elsewhere."""
    for path in folder.symlinks:
        yield Diagnostic(
            Rule.SYMLINK,
            Span(folder.show(path)),
            f"this is a symbolic link, which is not read: it may lead out of {folder.display_path}",
            help="put the file itself in its place",
        )


def _too_large(shown: str, size: int) -> Diagnostic:
    return Diagnostic(
        Rule.TOO_LARGE,
        Span(shown),
        f"the file has {size:,} bytes, and may have {_LARGEST:,}",
        help="split it, or leave out a part of it",
    )


def _not_utf8(shown: str, data: bytes, error: UnicodeDecodeError) -> Diagnostic:
    before = error.object[: error.start].decode("utf-8")
    line = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    byte = data[error.start]
    message = f"the file is not UTF-8: byte 0x{byte:02x} does not fit"
    if data.startswith(_UTF16):
        message = "the file is UTF-16, not UTF-8"
    elif (letter := bytes([byte]).decode("cp1252", "replace")).isalpha():
        message += f', which is "{letter}" in Windows-1252'
    cure = "save it anew, with the encoding UTF-8"
    return Diagnostic(Rule.NOT_UTF8, Span(shown, len(line), len(line[-1]) + 1), message, help=cure)
