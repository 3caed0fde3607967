"""Character widths of the fonts, from `widths.json` next to them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import PurePosixPath

from msgspec import Struct

from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Folder, Span

WIDTHS = PurePosixPath("fonts/widths.json")
_MANUAL = WIDTHS.with_name("README.md")
_LIMIT = 1 << 16
"""Fonts store widths in two bytes."""


class Face(Struct, frozen=True):
    """The character widths of a font."""

    widths: Mapping[str, float]
    """By character, at size 1."""

    def width(self, text: str) -> float:
        """The width of a line at size 1. Characters that the font lacks count as full squares."""
        return sum(self.widths.get(character, 1.0) for character in text)

    def missing(self, text: str) -> str:
        """The characters that the font lacks, sorted and without duplicates."""
        return "".join(sorted(set(text) - self.widths.keys()))


def read_faces(templates: Folder, fonts: Iterable[PurePosixPath]) -> Parsed[tuple[Face, ...]]:
    """The face of each font, or a diagnostic if the widths of a font are unusable."""
    try:
        entries = json.loads(templates.files.get(WIDTHS, b"null"))
    except ValueError as error:
        return _failure(templates, f"the file is not valid JSON: {error}")
    if not isinstance(entries, dict):
        return _failure(templates, "the file is missing or is not a JSON object")
    faces: list[Face] = []
    for font in fonts:
        match entries.get(font.name):
            case {"sha256": digest, "unitsPerEm": int(unit), "widths": dict(widths)} if (
                0 < unit < _LIMIT and all(width in range(_LIMIT) for width in widths.values())
            ):
                if digest != sha256(templates.files[font]).hexdigest():
                    # Lines would break in the wrong places, and no other check would notice.
                    return _failure(templates, f"the widths do not match {font.name}")
                faces.append(Face({character: width / unit for character, width in widths.items()}))
            case _:
                return _failure(templates, f"the widths of {font.name} are missing or invalid")
    return Parsed(tuple(faces))


def _failure(templates: Folder, message: str) -> Parsed[tuple[Face, ...]]:
    help_text = f"regenerate the file with the command in {templates.show(_MANUAL)}"
    span = Span(templates.show(WIDTHS))
    return Parsed((), (Diagnostic(Rule.TEMPLATE_ERROR, span, message, help=help_text),))
