"""The colors of classes, which the style sheet states for pages, cards, and the icon."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import PurePosixPath

from msgspec import Struct

from codebook.cache import Cache, memoize
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Folder, Source, Span
from codebook.site.html.contexts import ClassRow
from codebook.syntax.decode import decode

_STYLE_SHEET = PurePosixPath("assets/style.css")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r'\[data-hue="(?P<number>[^"]*)"\]\s*\{(?P<declarations>[^}]*)\}')
_HUE = re.compile(
    r"--hue:\s*light-dark\(\s*(?P<light>#[0-9a-f]{6})\s*,\s*(?P<dark>#[0-9a-f]{6})\s*\)",
    re.IGNORECASE,
)
_PATTERN = '[data-hue="{}"] {{ --hue: light-dark(#rrggbb, #rrggbb); }}'


class ClassColor(Struct, frozen=True):
    """A color of the design, as `#rrggbb`."""

    light: str
    """In the light color theme; also the background of cards, below white text."""
    dark: str
    """In the dark color theme; also on the dark home page card and the icon."""


@memoize
def read_palette(cache: Cache, templates: Folder) -> Parsed[tuple[ClassColor, ...]]:
    """The colors of the style sheet, in order, or a diagnostic for the first invalid rule.

    A style sheet that can't be decoded is reported with all other templates.
    """
    path, data = templates.show(_STYLE_SHEET), templates.files.get(_STYLE_SHEET, b"")
    for source in decode(cache, path, _STYLE_SHEET, data).value:
        return _colors(source)
    return Parsed(())


def class_colors(palette: Sequence[ClassColor], classes: int) -> tuple[ClassColor, ...]:
    """The color of each class, in order. If there are more classes than colors, they repeat."""
    return tuple(islice(cycle(palette), classes))


def class_rows(colors: Sequence[ClassColor], minimum: int, maximum: int) -> tuple[ClassRow, ...]:
    """A row for each class, in its color on a dark background, and empty rows up to the minimum."""
    shown = [color.dark for color in colors[:maximum]]
    empty = [""] * (minimum - len(shown))
    return tuple(ClassRow(row, color) for row, color in enumerate([*shown, *empty]))


def _colors(source: Source) -> Parsed[tuple[ClassColor, ...]]:
    # Comments keep their line ends, so that positions stay correct.
    text = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source.text)
    colors: list[ClassColor] = []
    for number, rule in enumerate(_RULE.finditer(text), start=1):
        hue = _HUE.search(rule["declarations"])
        if hue is None or rule["number"] != str(number):
            return _failure(
                source.whole(text.count("\n", 0, rule.start()) + 1),
                f"the rule does not set color {number} of the classes",
                f"write {_PATTERN.format(number)}; the rules are numbered from 1",
            )
        colors.append(ClassColor(hue["light"], hue["dark"]))
    if not colors:
        message = "no rule sets a color of the classes"
        help_text = f"add a rule for each color: {_PATTERN.format(1)}"
        return _failure(source.at(1), message, help_text)
    return Parsed(tuple(colors))


def _failure(span: Span, message: str, help_text: str) -> Parsed[tuple[ClassColor, ...]]:
    return Parsed((), (Diagnostic(Rule.TEMPLATE_ERROR, span, message, help=help_text),))
