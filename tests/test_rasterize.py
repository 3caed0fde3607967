"""Pictures are the same everywhere, whole, and never without their words."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook.publish.images.rasterize import (
    CARD_HEIGHT,
    CARD_WIDTH,
    framed,
    ico,
    is_valid_png,
    png,
)

ROOT = Path(__file__).resolve().parent.parent
FONTS = tuple(ROOT / f"templates/fonts/InterDisplay-{each}.ttf" for each in ("Bold", "Medium"))
ICON = (ROOT / "templates/assets/icon.svg").read_text(encoding="utf-8")
CARD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630" font-family="Inter Display">'
    '<rect width="1200" height="630" fill="#147"/><text x="70" y="344" font-size="280" fill="#fff" '
    'font-weight="700">11</text><text x="80" y="450" font-size="64">Harbour open</text></svg>'
)
"""As large as a card, with words in both fonts."""


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


def test_a_picture_is_the_same_whatever_the_process_is_like(tmp_path: Path) -> None:
    """Neither locale, time zone, hash seed, home nor folder shows in a picture."""
    program = (
        "import sys; from hashlib import sha256; from pathlib import Path;"
        "from codebook.publish.images.rasterize import png;"
        "read = sys.stdin.buffer.read().decode();"
        "print(sha256(png(read, [Path(each) for each in sys.argv[1:]], 1200, 630)).hexdigest())"
    )
    environments = (
        {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1", "HOME": str(tmp_path)},
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "2", "HOME": "/"},
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program, *map(str, FONTS)],
            input=CARD.encode(),
            stdout=subprocess.PIPE,
            cwd=env["HOME"],
            env={**os.environ, **env, "PYTHONPATH": str(ROOT)},
            check=True,
        ).stdout.decode()
        for env in environments
    }
    here = sha256(png(CARD, FONTS, CARD_WIDTH, CARD_HEIGHT)).hexdigest()
    assert digests == {f"{here}\n"}


def test_fonts_that_are_not_there_are_refused(tmp_path: Path) -> None:
    """Resvg would leave the words out and say nothing."""
    with pytest.raises(ValueError, match="no words"):
        png(CARD, [tmp_path / "none.ttf"], CARD_WIDTH, CARD_HEIGHT)


@pytest.mark.parametrize("broken", ["", "<svg", "<svg xmlns='http://www.w3.org/2000/svg'>\x00"])
def test_what_is_no_svg_is_refused(broken: str) -> None:
    """The error is one that a caller can name."""
    with pytest.raises(ValueError, match=r"."):
        png(broken, (), 16, 16)


def test_damage_anywhere_in_a_picture_is_seen() -> None:
    """One byte changed, the end cut off or something added: none of them is whole."""
    data = png(ICON, (), 32, 32)
    assert is_valid_png(data, 32, 32)
    for at in range(len(data)):
        assert not is_valid_png(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :], 32, 32), at
        assert not is_valid_png(data[:at], 32, 32), at
        assert not is_valid_png(data[:at] + data[at + 1 :], 32, 32), at
    assert not is_valid_png(data + b"\0", 32, 32)
    assert not is_valid_png(data + data[8:], 32, 32)


@pytest.mark.parametrize("size", [(32, 16), (16, 32), (33, 32), (0, 0)])
def test_a_picture_of_another_size_is_not_whole(size: tuple[int, int]) -> None:
    """Both sides count."""
    assert not is_valid_png(png(ICON, (), 32, 32), *size)


def test_damage_anywhere_in_a_large_picture_is_seen() -> None:
    """As in a small one, at bytes that are far from each other."""
    data = png(CARD, FONTS, CARD_WIDTH, CARD_HEIGHT)
    assert is_valid_png(data, CARD_WIDTH, CARD_HEIGHT)
    for at in range(0, len(data), 211):
        damaged = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        assert not is_valid_png(damaged, CARD_WIDTH, CARD_HEIGHT), at


@given(st.binary(max_size=80))
def test_bytes_that_are_no_picture_are_not_whole(data: bytes) -> None:
    """Whatever was found in its place, the answer is no and never an error."""
    assert not is_valid_png(data, 16, 16)
    assert not is_valid_png(b"\x89PNG\r\n\x1a\n" + data, 16, 16)


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
