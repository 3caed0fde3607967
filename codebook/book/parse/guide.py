"""A free page from its Markdown: a title, then whatever its author likes."""

from __future__ import annotations

from codebook.book.documents import Guide
from codebook.book.parse import body as common
from codebook.diagnostics.diagnostic import Parsed
from codebook.diagnostics.source import Source
from codebook.syntax import markdown


def guide(source: Source) -> Parsed[Guide | None]:
    """The guide, its title taken from the heading that it begins with."""
    read = markdown.read(source)
    if read.value is None:
        return Parsed(None, read.diagnostics)
    titled = common.titled(read.value.blocks, source)
    body = common.body(titled.value.blocks, read.value, source)
    diagnostics = (*read.diagnostics, *titled.diagnostics, *body.diagnostics)
    return Parsed(Guide(source.path, titled.value.title, body.value, source.at(1)), diagnostics)
