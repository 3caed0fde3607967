"""The code blocks of the repository's documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING_OR_BLOCK = re.compile(
    r"^## (?P<heading>[^\n]+)$|^(?P<fence> *`{3,})(?P<language>\w*)\n(?P<code>.*?)^(?P=fence)$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A fenced block of code, and the section that contains it."""

    heading: str
    language: str
    code: str


def code_blocks(text: str) -> Iterator[CodeBlock]:
    """Find the code blocks of a document, in order. A heading in a block is part of the block."""
    heading = ""
    for match in _HEADING_OR_BLOCK.finditer(text):
        if match["heading"]:
            heading = match["heading"]
        else:
            yield CodeBlock(heading, match["language"], match["code"])
