"""Pictures are the same everywhere, whole, and show every word they are given."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from hashlib import sha256
from html import unescape
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import meta

from codebook.drawing import (
    CARD_HEIGHT,
    CARD_WIDTH,
    Card,
    Face,
    card,
    framed,
    ico,
    is_whole,
    png,
    wrapped,
)
from codebook.render import environment

ROOT = Path(__file__).resolve().parent.parent
FONTS = tuple(ROOT / f"templates/fonts/InterDisplay-{each}.ttf" for each in ("Bold", "Medium"))
BOLD, MEDIUM = (Face.of(font.read_bytes()) for font in FONTS)
TEMPLATE = (ROOT / "templates/card.svg").read_text(encoding="utf-8")
JINJA = environment({"card.svg": TEMPLATE})
ICON = (ROOT / "templates/assets/icon.svg").read_text(encoding="utf-8")

LINE = st.text(alphabet="aW mi0–é\n", max_size=60)
"""Narrow and wide letters, with blanks anywhere."""


def svg(number: str, name: str, kind: str = "Client error", family: str = "4") -> str:
    """The card as the template writes it."""
    made = card(number, name, kind, family, "Codes", bold=BOLD, medium=MEDIUM)
    context = {field.name: getattr(made, field.name) for field in fields(Card)}
    return JINJA.get_template("card.svg").render(context)


def has_words(picture: str, x: int, y: int, width: int, height: int) -> bool:
    """Whether any word reaches into this part of a card."""
    head = f'width="{width}" height="{height}" viewBox="{x} {y} {width} {height}"'
    part = picture.replace('width="1200" height="630" viewBox="0 0 1200 630"', head, 1)
    # One word is in both pictures, because to draw fonts but no words is an error.
    word = f'<text x="{x}" y="{y + height}" font-size="{height // 2}">M</text></svg>'
    bare = re.sub("<text.*?</text>", "", part, flags=re.DOTALL)
    with_words, without = (
        png(each.strip().removesuffix("</svg>") + word, FONTS, width, height)
        for each in (part, bare)
    )
    return with_words != without


def stays_inside(picture: str) -> bool:
    """Whether all words keep to the place that is theirs."""
    return not (
        has_words(picture, 0, 0, 60, 630)
        or has_words(picture, 860, 0, 340, 630)
        or has_words(picture, 0, 0, 1200, 60)
        or has_words(picture, 0, 590, 1200, 40)
    )


def names(pages: Mapping[PurePosixPath, bytes]) -> Iterator[str]:
    """The title of each page, which is the longest name that it has."""
    for path, data in pages.items():
        if path.suffix == ".html":
            (title,) = re.findall("<title>(.*?)</title>", data.decode())
            yield unescape(title)


def icons(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The width, the height and the bytes of each picture in an ICO file."""
    reserved, kind, count = struct.unpack("<HHH", data[:6])
    assert (reserved, kind) == (0, 1)
    end = 6 + 16 * count
    for at in range(6, end, 16):
        width, height, colours, zero, planes, depth, size, offset = struct.unpack(
            "<BBBBHHII", data[at : at + 16]
        )
        assert (colours, zero, planes, depth) == (0, 0, 1, 32)
        yield width or 256, height or 256, data[offset : offset + size]


def contrast(colour: str) -> float:
    """Of white on this colour, as WCAG 2.2 counts it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_a_card_is_the_same_whatever_the_process_is_like(tmp_path: Path) -> None:
    """Neither locale, time zone, hash seed, home nor folder shows in a picture."""
    picture = svg("511", "Network Authentication Required", "Server error", "5")
    program = (
        "import sys; from hashlib import sha256; from pathlib import Path;"
        "from codebook.drawing import png; read = sys.stdin.buffer.read().decode();"
        "print(sha256(png(read, [Path(each) for each in sys.argv[1:]], 1200, 630)).hexdigest())"
    )
    environments = (
        {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1", "HOME": str(tmp_path)},
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "2", "HOME": "/"},
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program, *map(str, FONTS)],
            input=picture.encode(),
            stdout=subprocess.PIPE,
            cwd=env["HOME"],
            env={**os.environ, **env, "PYTHONPATH": str(ROOT)},
            check=True,
        ).stdout.decode()
        for env in environments
    }
    here = sha256(png(picture, FONTS, CARD_WIDTH, CARD_HEIGHT)).hexdigest()
    assert digests == {f"{here}\n"}


def test_the_fonts_have_every_character_of_the_book(
    built: Mapping[PurePosixPath, bytes],
) -> None:
    """No card shows a box where a letter should be."""
    found = set(names(built))
    assert found
    assert {name: MEDIUM.missing(name) + BOLD.missing(name) for name in found} == dict.fromkeys(
        found, ""
    )


def test_the_words_of_every_page_stay_inside_its_card(
    built: Mapping[PurePosixPath, bytes],
) -> None:
    """The longest names of the book leave the margins and the grid alone, with a number or not."""
    longest = sorted(names(built), key=BOLD.width)[-6:]
    for name in longest:
        assert stays_inside(svg("404", name)), name
        assert stays_inside(svg("", name)), name


@pytest.mark.parametrize("number", ["4", "40", "404", "4040", "999999999", "4xx", "404xx", ""])
@pytest.mark.parametrize("name", ["", "W", "Wide " * 99, "W" * 999, "<&\"'>", "ÀÇĞ" * 40])
def test_hostile_words_stay_inside_a_card(number: str, name: str) -> None:
    """However long a number or a name is, it keeps to its place."""
    assert stays_inside(svg(number, name, kind="Kind " * 99))


@pytest.mark.parametrize("name", ["Gj", "Gj " * 99, "Gjgj" * 99])
@pytest.mark.parametrize("number", ["404", ""])
def test_a_name_ends_above_the_title_of_the_site(number: str, name: str) -> None:
    """The most lines there can be, and the foot below them, have space between them."""
    without_foot = re.sub('<text class="foot".*', "", svg(number, name))
    assert not has_words(without_foot, 0, 528, 1200, 102)


@given(words=LINE, size=st.integers(20, 200), width=st.integers(0, 900), most=st.integers(1, 4))
def test_lines_are_never_too_many_and_hold_words_in_order(
    words: str, size: int, width: int, most: int
) -> None:
    """Every word is there, unless an ellipsis says that some are not."""
    lines = wrapped(words, BOLD, size, width, most)
    assert len(lines) <= most
    for line in lines:
        assert BOLD.width(line) * size <= width or len(line) == 1
    whole = "".join(words.split())
    shown = "".join("".join(lines).split())
    assert shown == whole or (len(lines) == most and whole.startswith(shown.removesuffix("…")))


def test_no_card_says_the_same_twice() -> None:
    """The home page is named as the site is."""
    made = card("", "Codes", "", "", "Codes", bold=BOLD, medium=MEDIUM)
    assert (made.lines, made.site_title) == (("Codes",), "")


def test_lines_are_of_about_equal_length() -> None:
    """No line of a name is left with one short word, where that can be helped."""
    lines = wrapped("Unavailable For Legal Reasons", BOLD, 64, 730, 2)
    assert lines == ("Unavailable For", "Legal Reasons")


def test_a_font_has_the_characters_that_it_is_said_to_have() -> None:
    """What is measured is what is drawn: no character comes out as the box for unknown ones."""

    def glyph(character: str) -> bytes:
        head = 'xmlns="http://www.w3.org/2000/svg" width="60" height="50"'
        text = f'<text y="40" font-size="30">{character}M</text>'
        return png(f'<svg {head} font-family="Inter Display">{text}</svg>', FONTS[1:], 60, 50)

    unknown = glyph("\u4e2d")
    assert MEDIUM.missing("\u4e2d") == "\u4e2d"
    drawn = {each: glyph(f"&#{ord(each)};") for each in MEDIUM.advances}
    assert [each for each, data in drawn.items() if data == unknown] == []


@pytest.mark.parametrize("font", [b"", b"OTTO", bytes(400), FONTS[0].read_bytes()[:900]])
def test_what_is_no_font_is_refused(font: bytes) -> None:
    """A damaged font is an error, never a picture without words."""
    with pytest.raises(ValueError, match="TrueType"):
        Face.of(font)


def test_fonts_that_are_not_there_are_refused(tmp_path: Path) -> None:
    """Resvg would leave the words out and say nothing."""
    with pytest.raises(ValueError, match="no words"):
        png(svg("404", "Not Found"), [tmp_path / "none.ttf"], CARD_WIDTH, CARD_HEIGHT)


@pytest.mark.parametrize("broken", ["", "<svg", "<svg xmlns='http://www.w3.org/2000/svg'>\x00"])
def test_what_is_no_svg_is_refused(broken: str) -> None:
    """The error is one that a caller can name."""
    with pytest.raises(ValueError, match=r"."):
        png(broken, (), 16, 16)


def test_damage_anywhere_in_a_picture_is_seen() -> None:
    """One byte changed, the end cut off or something added: none of them is whole."""
    data = png(ICON, (), 32, 32)
    assert is_whole(data, 32, 32)
    for at in range(len(data)):
        assert not is_whole(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :], 32, 32), at
        assert not is_whole(data[:at], 32, 32), at
        assert not is_whole(data[:at] + data[at + 1 :], 32, 32), at
    assert not is_whole(data + b"\0", 32, 32)
    assert not is_whole(data + data[8:], 32, 32)


@pytest.mark.parametrize("size", [(32, 16), (16, 32), (33, 32), (0, 0)])
def test_a_picture_of_another_size_is_not_whole(size: tuple[int, int]) -> None:
    """Both sides count."""
    assert not is_whole(png(ICON, (), 32, 32), *size)


def test_damage_anywhere_in_a_card_is_seen() -> None:
    """The same in a large picture, at bytes that are far from each other."""
    data = png(svg("404", "Not Found"), FONTS, CARD_WIDTH, CARD_HEIGHT)
    assert is_whole(data, CARD_WIDTH, CARD_HEIGHT)
    for at in range(0, len(data), 211):
        damaged = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        assert not is_whole(damaged, CARD_WIDTH, CARD_HEIGHT), at


@given(st.binary(max_size=80))
def test_bytes_that_are_no_picture_are_not_whole(data: bytes) -> None:
    """Whatever was found in its place, the answer is no and never an error."""
    assert not is_whole(data, 16, 16)
    assert not is_whole(b"\x89PNG\r\n\x1a\n" + data, 16, 16)


def test_an_icon_file_holds_its_pictures() -> None:
    """Each at its size, and each whole."""
    pictures = [png(ICON, (), size, size) for size in (16, 32, 48, 256)]
    found = list(icons(ico(pictures)))
    assert [data for *_, data in found] == pictures
    assert [(width, height) for width, height, _ in found] == [
        (size, size) for size in (16, 32, 48, 256)
    ]


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", png(ICON, (), 257, 257), png(ICON, (), 16, 16)[:-1]]
)
def test_an_icon_file_is_made_of_small_square_pictures_only(data: bytes) -> None:
    """What a browser could not show is refused."""
    with pytest.raises(ValueError, match="square PNG"):
        ico([data])


def test_nothing_of_a_framed_icon_is_outside_the_circle_that_systems_keep() -> None:
    """Covered by that circle, the icon is gone."""
    (ground,) = re.findall(r"^\.ground { fill: (#\w+); }", ICON, flags=re.MULTILINE)
    icon = framed(ICON, ground, 62)
    covered = (
        icon.removesuffix("</svg>") + f'<circle cx="50" cy="50" r="40" fill="{ground}"/></svg>'
    )
    plain = framed("<svg />", ground, 62)
    assert png(covered, (), 512, 512) == png(plain, (), 512, 512)
    assert png(icon, (), 512, 512) != png(plain, (), 512, 512)


def test_white_words_can_be_read_on_every_ground() -> None:
    """At least 4.5 to 1, as WCAG 2.2 asks of small words."""
    grounds = re.findall(r"{ color: (#\w+);", TEMPLATE)
    assert len(grounds) == 10
    assert {ground: contrast(ground) >= 4.5 for ground in grounds} == dict.fromkeys(grounds, True)


@pytest.mark.parametrize("family", [*"123456789", ""])
def test_every_class_has_a_picture_of_its_own(family: str) -> None:
    """By its sign too, not by its colour alone."""
    picture = svg("404", "Not Found", "Class", family)
    assert (f'href="#s{family}"' in picture) == bool(family)
    assert not family or TEMPLATE.count(f'id="s{family}"') == 1


def test_a_card_is_given_what_its_template_uses() -> None:
    """No name is missing, and none is there for nothing."""
    used = meta.find_undeclared_variables(JINJA.parse(TEMPLATE))
    assert used == {field.name for field in fields(Card)}
