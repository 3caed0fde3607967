"""A card shows all of its text, within its areas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import product
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import meta

from codebook.cache import Cache
from codebook.io.sources import read_folder
from codebook.publish.images.rasterize import png
from codebook.publish.images.social_card import lay_out, wrapped
from codebook.publish.images.typeface import read_faces
from codebook.site.html.contexts import Card, CardView
from codebook.site.html.palette import class_colors, read_palette
from codebook.site.html.render import environment
from tests.offenders import assert_none

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = read_folder(ROOT / "templates", "templates")
FONT_PATHS = tuple(PurePosixPath(f"fonts/InterDisplay-{name}.ttf") for name in ("Bold", "Medium"))
FONTS = tuple(TEMPLATES.files[path] for path in FONT_PATHS)
BOLD, MEDIUM = read_faces(TEMPLATES, FONT_PATHS).value
TEMPLATE = TEMPLATES.files[PurePosixPath("card.svg")].decode()
PALETTE = read_palette(Cache(), TEMPLATES).value
JINJA = environment({"card.svg": TEMPLATE})

LINE = st.text(alphabet="aW mi0–é\n", max_size=60)
"""Narrow and wide letters, with spaces anywhere."""


def svg(  # noqa: PLR0917 - each test names the ones it needs
    number: str,
    name: str,
    kind: str = "Client error",
    position: int = 4,
    classes: int = 5,
    summary: str = "",
) -> str:
    """The card as the template writes it."""
    view = CardView(number, name, summary, kind, position, "Codes")
    card = lay_out(view, class_colors(PALETTE, classes), bold=BOLD, medium=MEDIUM)
    context = {name: getattr(card, name) for name in Card.__struct_fields__}
    return JINJA.get_template("card.svg").render(context)


def has_text(card: str, x: int, y: int, width: int, height: int) -> bool:
    """Whether any text is in this part of a card."""
    head = f'width="{width}" height="{height}" viewBox="{x} {y} {width} {height}"'
    part = card.replace('width="1200" height="630" viewBox="0 0 1200 630"', head, 1)
    return png(part, FONTS, width, height) != png(part, (), width, height)


def stays_inside(card: str, bottom: int = 590) -> bool:
    """Whether all text is in its area."""
    return not (
        has_text(card, 0, 0, 60, 630)
        or has_text(card, 860, 0, 340, 630)
        or has_text(card, 0, 0, 1200, 60)
        or has_text(card, 0, bottom, 1200, 630 - bottom)
    )


def names(pages: Mapping[PurePosixPath, bytes]) -> Iterator[str]:
    """The title of each page, which is the longest text on its card."""
    for path, data in pages.items():
        if path.suffix == ".html":
            (title,) = re.findall("<title>(.*?)</title>", data.decode())
            yield unescape(title)


def test_the_fonts_have_every_character_of_the_book(
    built_site: Mapping[PurePosixPath, bytes],
) -> None:
    """Otherwise, a card would show a box in place of a letter."""
    titles = set(names(built_site))
    assert titles
    assert {name: MEDIUM.missing(name) + BOLD.missing(name) for name in titles} == dict.fromkeys(
        titles, ""
    )


@pytest.mark.slow
def test_the_text_of_every_page_stays_inside_its_card(
    built_site: Mapping[PurePosixPath, bytes],
) -> None:
    """The longest names don't overlap the margins or the grid, with or without a number."""
    longest = sorted(names(built_site), key=BOLD.width)[-6:]
    for name in longest:
        assert stays_inside(svg("404", name)), name
        assert stays_inside(svg("", name)), name


@pytest.mark.slow
def test_hostile_text_stays_inside_a_card() -> None:
    """Numbers and names of any length stay in their areas."""
    numbers = ("4", "40", "404", "4040", "999999999", "4xx", "404xx", "")
    names = ("", "W", "Wide " * 99, "W" * 999, "<&\"'>", "ÀÇĞ" * 40)
    texts = {*product(numbers, ("", "W" * 999)), *product(("404", "999999999", ""), names)}
    assert_none(
        f"{number}: {name}"
        for number, name in texts
        if not stays_inside(svg(number, name, kind="Kind " * 99))
    )


@pytest.mark.parametrize("name", ["Gj", "Gj " * 99, "Gjgj" * 99])
@pytest.mark.parametrize("number", ["404", ""])
def test_a_name_ends_above_the_title_of_the_site(number: str, name: str) -> None:
    """There is space between the maximum number of lines and the title."""
    without_foot = re.sub('<text fill-opacity="0.85".*', "", svg(number, name))
    assert not has_text(without_foot, 0, 528, 1200, 102)


@pytest.mark.parametrize("name", ["Gj", "Gj " * 99])
@pytest.mark.parametrize("summary", ["Gj.", "Gj " * 99, "W" * 155])
def test_a_summary_is_between_the_name_and_the_title_of_the_site(name: str, summary: str) -> None:
    """The number and the name are smaller than on other cards."""
    card = svg("404", name, summary=summary)
    assert stays_inside(card, bottom=612)
    assert not has_text(re.sub('<text fill-opacity="0.85".*', "", card), 0, 580, 1200, 50)
    without_summary = re.sub(r'<text y="\d+" font-size="28">.*?</text>', "", card, flags=re.DOTALL)
    assert without_summary != card
    (top,) = map(int, re.findall(r'<text y="(\d+)" font-size="28">', card))
    assert not has_text(without_summary, 0, top + 4, 1200, 570 - top)


@given(text=LINE, size=st.integers(20, 200), width=st.integers(0, 900), most=st.integers(1, 4))
def test_lines_are_limited_and_keep_the_text_in_order(
    text: str, size: int, width: int, most: int
) -> None:
    """The text is complete, unless it ends in an ellipsis."""
    lines = wrapped(text, BOLD, size, width, most)
    assert len(lines) <= most
    for line in lines:
        assert BOLD.width(line) * size <= width or len(line) == 1
    whole = "".join(text.split())
    joined = "".join("".join(lines).split())
    assert joined == whole or (len(lines) == most and whole.startswith(joined.removesuffix("…")))


def test_no_card_repeats_a_text() -> None:
    """The home page has the same name as the site."""
    card = lay_out(CardView("", "Codes", "", "", 0, "Codes"), PALETTE, bold=BOLD, medium=MEDIUM)
    assert (card.lines, card.site_title) == (("Codes",), "")


def test_lines_are_of_about_equal_length() -> None:
    """Where possible, the last line isn't a single short word."""
    lines = wrapped("Unavailable For Legal Reasons", BOLD, 64, 730, 2)
    assert lines == ("Unavailable For", "Legal Reasons")


def test_a_card_has_the_color_of_its_class() -> None:
    """If there are more classes than colors, they repeat, as on pages."""
    backgrounds = [
        re.findall(r'<rect fill="(#\w+)"', svg("404", "Not Found", "Class", position, 12))
        for position in range(13)
    ]
    assert backgrounds == [["#27303a"], *([color.light] for color in class_colors(PALETTE, 12))]


@pytest.mark.parametrize(("classes", "shown", "height"), [(1, 1, 10), (10, 10, 10), (30, 12, 12)])
def test_the_home_page_has_a_row_for_each_class(classes: int, shown: int, height: int) -> None:
    """At least ten rows and at most twelve, with the colors for dark backgrounds."""
    card = svg("", "Codes", "", 0, classes)
    assert f'viewBox="0 0 3 {height}"' in card
    rows = re.findall(r'<g fill="(#\w+)"><use href="#d0" y="(\d+)"/>', card)
    colors = class_colors(PALETTE, classes)[:shown]
    assert rows == [(color.dark, str(row)) for row, color in enumerate(colors)]
    assert card.count('href="#after"') == height


def test_a_card_shows_the_label_of_any_class() -> None:
    """A letter has all holes of its column, and a dash has none."""
    marks = re.findall(r'<use href="#d(.)" x="(\d)"/>\n', svg("0–1x", "Low"))
    assert [(mark, int(column)) for mark, column in marks][-3:] == [("0", 0), ("1", 2), ("x", 3)]


def test_neighboring_classes_have_different_symbols() -> None:
    """Their cards differ in more than color; nine classes are all different."""
    symbols = [
        re.findall(r'href="#s(\w*)"', svg("404", "Not Found", "Class", position, 12))
        for position in range(13)
    ]
    assert symbols == [[], *([symbol] for symbol in [*"123456789", *"123"])]
    assert {TEMPLATE.count(f'id="s{symbol}"') for (symbol,) in symbols[1:]} == {1}


def test_a_card_has_the_fields_that_its_template_uses() -> None:
    """No field is missing, and none is unused."""
    used = meta.find_undeclared_variables(JINJA.parse(TEMPLATE))
    assert used == {*Card.__struct_fields__}
