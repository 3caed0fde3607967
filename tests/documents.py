"""The code in the repository's documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING_OR_CODE = re.compile(
    r"^## (?P<heading>[^\n]+)$"
    r"|^(?P<fence>(?P<indent> *)`{3,})(?P<language>\w*)\n(?P<block>.*?)^(?P=fence)$"
    r"|`(?P<span>[^`]+)`",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Code:
    """A code span or a fenced block of code, and the section that contains it."""

    heading: str
    text: str
    language: str | None
    """The language of a block; None for a span."""
    is_step: bool
    """Whether it's a block in an item of a list."""


def all_code(document: str) -> Iterator[Code]:
    """Find the code of a document, in order. What looks like a heading in a block isn't one."""
    heading = ""
    for match in _HEADING_OR_CODE.finditer(document):
        if match["heading"]:
            heading = match["heading"]
        elif match["span"]:
            yield Code(heading, " ".join(match["span"].split()), None, is_step=False)
        else:
            yield Code(heading, match["block"], match["language"], bool(match["indent"]))
