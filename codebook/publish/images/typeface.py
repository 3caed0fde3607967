"""How wide the characters of the fonts are, as `widths.json` beside the fonts states it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Folder, Span

WIDTHS = PurePosixPath("fonts/widths.json")
_LIMIT = 1 << 16
"""Fonts state widths in two bytes."""


@dataclass(frozen=True, slots=True)
class Face:
    """How wide the characters of a font are."""

    widths: Mapping[str, float]
    """Of each character the font has, at size 1."""

    def width(self, text: str) -> float:
        """The width of one line at size 1; what the font does not have counts as a full square."""
        return sum(self.widths.get(character, 1.0) for character in text)

    def missing(self, text: str) -> str:
        """The characters that the font does not have, each once, in order."""
        return "".join(sorted(set(text) - self.widths.keys()))


def read_faces(templates: Folder, fonts: Iterable[PurePosixPath]) -> Parsed[tuple[Face, ...]]:
    """The face of each of these fonts, or why one of them has none."""
    try:
        entries = json.loads(templates.files.get(WIDTHS, b"null"))
    except ValueError as error:
        return _refused(templates, f"the file is no JSON: {error}")
    if not isinstance(entries, dict):
        return _refused(templates, "the file is missing or holds no JSON object")
    faces: list[Face] = []
    for font in fonts:
        match entries.get(font.name):
            case {"sha256": digest, "unitsPerEm": int(unit), "widths": dict(widths)} if (
                0 < unit < _LIMIT and all(width in range(_LIMIT) for width in widths.values())
            ):
                if digest != sha256(templates.files[font]).hexdigest():
                    # Lines would be too long or too short, and nothing else would show it.
                    return _refused(templates, f"the widths are of another version of {font.name}")
                faces.append(Face({character: width / unit for character, width in widths.items()}))
            case _:
                return _refused(templates, f"the widths of {font.name} are missing or malformed")
    return Parsed(tuple(faces))


def _refused(templates: Folder, message: str) -> Parsed[tuple[Face, ...]]:
    help_text = "write the file again with the command in templates/fonts/README.md"
    span = Span(templates.show(WIDTHS))
    return Parsed((), (Diagnostic(Rule.TEMPLATE_ERROR, span, message, help=help_text),))
