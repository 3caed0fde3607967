"""The colors of classes come from the style sheet, and are legible."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest

from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Folder
from codebook.site.html.palette import ClassColor, class_colors, read_palette
from codebook.site.html.scope import html_site
from tests.sample_books import second_book, table

STYLE_SHEET = PurePosixPath("assets/style.css")
RULE = '[data-hue="1"] { --hue: light-dark(#102030, #A0B0C0); }\n'
AA = 4.5
"""The contrast that WCAG 2.2 requires for text of normal size at level AA."""


def with_style_sheet(text: str) -> Folder:
    """Templates with only a style sheet."""
    return Folder("mine", {STYLE_SHEET: text.encode()})


def luminance(color: str) -> float:
    """The relative luminance of a color, by WCAG 2.2."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colors, by WCAG 2.2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(color: str, background: str, share: float) -> str:
    """A color mixed with another in sRGB."""
    pairs = [(int(color[at : at + 2], 16), int(background[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(top * share + low * (1 - share)):02x}" for top, low in pairs)


def test_the_colors_are_those_of_the_style_sheet(templates: Folder) -> None:
    """Comments don't count, and line breaks don't matter."""
    assert read_palette(Cache(), with_style_sheet(RULE)).value == (
        ClassColor("#102030", "#A0B0C0"),
    )
    broken = RULE.replace("1", "2").replace("{ ", "{\n  color: red;\n  ").replace(", ", ",\n")
    text = f'{RULE}/* [data-hue="2"] {{}}\n */ {broken} [data-hue] {{ --wash: red; }}'
    assert len(read_palette(Cache(), with_style_sheet(text)).value) == 2
    assert len(read_palette(Cache(), templates).value) == 8


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("\n.alert { --hue: light-dark(#102030, #a0b0c0); }", 1),
        (f"\n{RULE}{RULE}", 3),
        (RULE.replace("1", "2", 1), 1),
        (f'/*\n*/\n{RULE}[data-hue="2"] {{ --hue: #102030; }}', 4),
        ('[data-hue="1"] { --hue: light-dark(red, blue); }', 1),
    ],
    ids=["empty", "none", "repeated", "gap", "one theme", "names"],
)
def test_a_style_sheet_without_valid_colors_is_an_error(text: str, line: int) -> None:
    """The first invalid rule is reported; cards and the icon need its colors."""
    (diagnostic,) = read_palette(Cache(), with_style_sheet(text)).diagnostics
    assert diagnostic.rule is Rule.TEMPLATE_ERROR
    assert (diagnostic.span.path, diagnostic.span.line) == ("mine/assets/style.css", line)
    assert "[data-hue=" in diagnostic.help


def test_a_style_sheet_that_cannot_be_decoded_is_reported_only_as_such() -> None:
    """Its colors aren't missing."""
    folder = Folder("mine", {STYLE_SHEET: b"\xff"})
    assert read_palette(Cache(), folder).diagnostics == ()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_color_has_contrast_in_both_color_themes(scheme: str, templates: Folder) -> None:
    """On the paper of pages, on the wash of tiles, and below the white text of cards."""
    css = templates.files[STYLE_SHEET].decode()
    papers = re.search(r"--paper: light-dark\((#\w+), (#\w+)\)", css)
    share = re.search(r"--wash: color-mix\(in srgb, var\(--hue\) (\d+)%, var\(--paper\)\)", css)
    assert papers
    assert share
    paper = papers[1 if scheme == "light" else 2]
    for color in read_palette(Cache(), templates).value:
        hue = color.light if scheme == "light" else color.dark
        assert contrast(hue, paper) >= AA, hue
        assert contrast(hue, mixed(hue, paper, int(share[1]) / 100)) >= AA, hue
        assert contrast(color.light, "#ffffff") >= AA, color


def test_colors_repeat_if_there_are_more_classes() -> None:
    """Each class has a color, and neighbors differ."""
    first, second = ClassColor("#000001", "#000002"), ClassColor("#000003", "#000004")
    assert class_colors((first, second), 3) == (first, second, first)
    assert class_colors((first, second), 1) == (first,)


def test_a_class_has_the_color_of_its_position() -> None:
    """Its label makes no difference."""
    site = table(second_book()).site
    html = html_site(Cache(), site, {}, has_cards=False, has_feed=False, color_count=4)
    labels = [code_class.label for code_class in site.book.classes]
    assert [html.positions[label] for label in labels] == [1, 2, 3, 4, 5, 6]
    assert [html.hue(label) for label in labels] == [1, 2, 3, 4, 1, 2]
