"""A free page from its Markdown: a title, then whatever its author likes."""

from __future__ import annotations

from codebook import markdown
from codebook.parse import body as common
from codebook.problems import Parsed
from codebook.records import Guide
from codebook.source import Source


def guide(source: Source) -> Parsed[Guide | None]:
    """The guide, its title taken from the heading that it begins with."""
    read = markdown.read(source)
    if read.value is None:
        return Parsed(None, read.problems)
    titled = common.titled(read.value.blocks, source)
    body = common.body(titled.value.blocks, read.value, source)
    problems = (*read.problems, *titled.problems, *body.problems)
    return Parsed(Guide(source.path, titled.value.title, body.value, source.at(1)), problems)
