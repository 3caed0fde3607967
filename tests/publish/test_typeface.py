"""The measured widths of a font match its drawn text."""

from __future__ import annotations

import json
from hashlib import sha256
from html import escape
from pathlib import Path, PurePosixPath

import pytest

from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Folder
from codebook.io.sources import read_folder
from codebook.publish.images.rasterize import png
from codebook.publish.images.typeface import WIDTHS, read_faces

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = read_folder(ROOT / "templates", "templates")
FONTS = tuple(PurePosixPath(f"fonts/InterDisplay-{name}.ttf") for name in ("Bold", "Medium"))
FACES = dict(zip(FONTS, read_faces(TEMPLATES, FONTS).value, strict=True))
HEAD = 'xmlns="http://www.w3.org/2000/svg" font-family="Inter Display"'

DIGEST = sha256(b"a font").hexdigest()
ENTRY = {"sha256": DIGEST, "unitsPerEm": 2000, "widths": {"a": 500, "b": 1000}}


@pytest.mark.parametrize("font", FONTS, ids=str)
def test_a_font_has_the_characters_that_it_declares(font: PurePosixPath) -> None:
    """No character is drawn as the box for unknown ones."""
    face = FACES[font]

    def glyph(character: str) -> bytes:
        text = f'<text y="40" font-size="30">{character}M</text>'
        svg = f'<svg {HEAD} width="60" height="50">{text}</svg>'
        return png(svg, [TEMPLATES.files[font]], 60, 50)

    unknown = glyph("\u4e2d")
    assert face.missing("\u4e2d") == "\u4e2d"
    glyphs = {character: glyph(f"&#{ord(character)};") for character in face.widths}
    assert [character for character, data in glyphs.items() if data == unknown] == []


@pytest.mark.parametrize("font", FONTS, ids=str)
def test_a_character_has_its_declared_width(font: PurePosixPath) -> None:
    """The next character begins where its width ends."""
    face = FACES[font]

    height = 20 * len(face.widths) + 20

    def column(*starts: str) -> bytes:
        lines = (
            f'<text y="{20 * row}" style="font-kerning: none">{start}M</tspan></text>'
            for row, start in enumerate(starts, 1)
        )
        svg = f'<svg {HEAD} width="100" height="{height}" font-size="20">{"".join(lines)}</svg>'
        return png(svg, [TEMPLATES.files[font]], 100, height)

    drawn = [f'<tspan fill="none">M{escape(character)}</tspan><tspan>' for character in face.widths]
    measured = [f'<tspan x="{20 * face.width("M" + character)}">' for character in face.widths]
    assert column(*drawn) == column(*measured)


def widths(entry: object) -> Folder:
    """Templates with one font and this entry for it."""
    text = json.dumps({"a.ttf": entry}).encode()
    return Folder("templates", {WIDTHS: text, PurePosixPath("a.ttf"): b"a font"})


def test_a_text_is_as_wide_as_its_characters() -> None:
    """A character that the font lacks is as wide as it is high."""
    (face,) = read_faces(widths(ENTRY), [PurePosixPath("a.ttf")]).value
    assert [face.width(text) for text in ("", "a", "ab", "b?")] == [0, 0.25, 0.75, 1.5]


@pytest.mark.parametrize(
    "entry",
    [
        None,
        [],
        {},
        {**ENTRY, "sha256": sha256(b"another font").hexdigest()},
        {**ENTRY, "sha256": None},
        {**ENTRY, "unitsPerEm": 0},
        {**ENTRY, "unitsPerEm": 10**400},
        {**ENTRY, "unitsPerEm": "2000"},
        {**ENTRY, "widths": None},
        {**ENTRY, "widths": ["a"]},
        {**ENTRY, "widths": {"a": "500"}},
        {**ENTRY, "widths": {"a": -1}},
        {**ENTRY, "widths": {"a": 10**400}},
    ],
)
def test_widths_of_a_different_font_are_rejected(entry: object) -> None:
    """The diagnostic names the font, and the instructions in the same folder of templates."""
    read = read_faces(widths(entry), [PurePosixPath("a.ttf")])
    (diagnostic,) = read.diagnostics
    assert (diagnostic.rule, diagnostic.span.path) == (Rule.TEMPLATE_ERROR, f"templates/{WIDTHS}")
    assert "a.ttf" in diagnostic.message
    assert "templates/fonts/README.md" in (diagnostic.help or "")


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[]", b"null", b'"a.ttf"'], ids=str)
def test_widths_that_are_not_a_json_object_are_rejected(data: bytes) -> None:
    """The error is reported before anything is drawn."""
    broken = Folder("templates", {**TEMPLATES.files, WIDTHS: data})
    (diagnostic,) = read_faces(broken, FONTS).diagnostics
    assert (diagnostic.rule, diagnostic.span.path) == (Rule.TEMPLATE_ERROR, f"templates/{WIDTHS}")
