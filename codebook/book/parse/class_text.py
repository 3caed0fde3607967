"""The text of a class from its Markdown: a head, then whatever its author likes."""

from __future__ import annotations

from codebook.book.documents import ClassText
from codebook.book.parse import body as common
from codebook.book.parse.front_matter import head_of
from codebook.book.parse.toml_types import ClassTextHead
from codebook.book.settings import Word
from codebook.diagnostics.diagnostic import Parsed
from codebook.diagnostics.source import Source
from codebook.syntax import markdown, toml


def class_text(source: Source) -> Parsed[ClassText | None]:
    """The text of the class that the file is named after; nothing where it cannot be read."""
    read = markdown.read(source)
    if read.value is None:
        return Parsed(None, read.diagnostics)
    headed = head_of(read.value, source)
    if headed.value is None:
        return Parsed(None, (*read.diagnostics, *headed.diagnostics))
    fitted = toml.fit(headed.value, ClassTextHead)
    body = common.body(read.value.blocks[1:], read.value, source)
    head = fitted.value or ClassTextHead()
    label = Word(source.path.stem, source.at(1))
    diagnostics = (*read.diagnostics, *headed.diagnostics, *fitted.diagnostics, *body.diagnostics)
    return Parsed(ClassText(source.path, label, head.unassigned, body.value), diagnostics)
