"""Images are valid, the same on every machine, and never without their text."""

from __future__ import annotations

import os
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
    check_text,
    framed,
    ico,
    is_valid_png,
    png,
)

ROOT = Path(__file__).resolve().parents[2]
FONT_PATHS = tuple(ROOT / f"templates/fonts/InterDisplay-{name}.ttf" for name in ("Bold", "Medium"))
FONTS = tuple(path.read_bytes() for path in FONT_PATHS)
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    '<rect width="16" height="16" rx="2.5" fill="#147"/><path d="M1 1h4v2H1z" fill="#fff"/></svg>'
)
"""A hole in a background with round corners."""
CARD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630" font-family="Inter Display">'
    '<rect width="1200" height="630" fill="#147"/><text x="70" y="344" font-size="280" fill="#fff" '
    'font-weight="700">11</text><text x="80" y="450" font-size="64">Harbor open</text></svg>'
)
"""As large as a card, with text in both fonts."""


def icons(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The width, the height, and the bytes of each image in an ICO file."""
    reserved, kind, count = struct.unpack("<HHH", data[:6])
    assert (reserved, kind) == (0, 1)
    end = 6 + 16 * count
    for at in range(6, end, 16):
        width, height, colors, zero, planes, depth, size, offset = struct.unpack(
            "<BBBBHHII", data[at : at + 16]
        )
        assert (colors, zero, planes, depth) == (0, 0, 1, 32)
        yield width or 256, height or 256, data[offset : offset + size]


def test_an_image_does_not_depend_on_the_environment(tmp_path: Path) -> None:
    """Neither locale, time zone, hash seed, home, nor folder changes an image."""
    program = (
        "import sys; from hashlib import sha256; from pathlib import Path;"
        "from codebook.publish.images.rasterize import png;"
        "read = sys.stdin.buffer.read().decode();"
        "fonts = [Path(font).read_bytes() for font in sys.argv[1:]];"
        "print(sha256(png(read, fonts, 1200, 630)).hexdigest())"
    )
    environments = (
        {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1", "HOME": str(tmp_path)},
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "2", "HOME": "/"},
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program, *map(str, FONT_PATHS)],
            input=CARD.encode(),
            stdout=subprocess.PIPE,
            cwd=env["HOME"],
            env={**os.environ, **env, "PYTHONPATH": str(ROOT)},
            check=True,
        ).stdout.decode()
        for env in environments
    }
    expected = sha256(png(CARD, FONTS, CARD_WIDTH, CARD_HEIGHT)).hexdigest()
    assert digests == {f"{expected}\n"}


@pytest.mark.parametrize("fonts", [(), (b"",), (b"no font",)])
def test_unusable_fonts_are_rejected(fonts: tuple[bytes, ...]) -> None:
    """The text would be missing silently."""
    with pytest.raises(ValueError, match="no text can be drawn"):
        check_text(CARD, fonts)


def test_a_family_that_no_font_has_is_rejected() -> None:
    """There is no fallback to another family. One of the two weights is enough."""
    with pytest.raises(ValueError, match="no text can be drawn"):
        check_text(CARD.replace("Inter Display", "Inter"), FONTS)
    check_text(CARD, FONTS[:1])


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("", "not valid XML"),
        ("<svg", "not valid XML"),
        (f"{ICON}\x00", "not valid XML"),
        ("<html/>", "not an svg element"),
        ('<svg viewBox="0 0 16 16"/>', "xmlns"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="0"/>', "InvalidSize"),
    ],
)
def test_invalid_svg_is_rejected(broken: str, message: str) -> None:
    """The error is a ValueError, also if resvg panics."""
    with pytest.raises(ValueError, match=message):
        png(broken, (), 16, 16)


@pytest.mark.parametrize("size", [(16, 8), (16, 17), (1200, 630)])
def test_an_image_of_another_aspect_ratio_is_rejected(size: tuple[int, int]) -> None:
    """It would be distorted or cut off."""
    with pytest.raises(ValueError, match="cannot be drawn at {} by {} pixels".format(*size)):
        png(ICON, (), *size)


def test_any_damage_to_an_image_is_detected() -> None:
    """Changed, missing, and added bytes make an image invalid."""
    data = png(ICON, (), 32, 32)
    assert is_valid_png(data, 32, 32)
    for at in range(len(data)):
        assert not is_valid_png(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :], 32, 32), at
        assert not is_valid_png(data[:at], 32, 32), at
        assert not is_valid_png(data[:at] + data[at + 1 :], 32, 32), at
    assert not is_valid_png(data + b"\0", 32, 32)
    assert not is_valid_png(data + data[8:], 32, 32)


@pytest.mark.parametrize("size", [(32, 16), (16, 32), (33, 32), (0, 0)])
def test_an_image_of_another_size_is_invalid(size: tuple[int, int]) -> None:
    """The width and the height are checked."""
    assert not is_valid_png(png(ICON, (), 32, 32), *size)


def test_any_damage_to_a_large_image_is_detected() -> None:
    """Bytes throughout the image are checked."""
    data = png(CARD, FONTS, CARD_WIDTH, CARD_HEIGHT)
    assert is_valid_png(data, CARD_WIDTH, CARD_HEIGHT)
    for at in range(0, len(data), 211):
        damaged = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        assert not is_valid_png(damaged, CARD_WIDTH, CARD_HEIGHT), at


@given(st.binary(max_size=80))
def test_arbitrary_bytes_are_not_a_valid_image(data: bytes) -> None:
    """The result is false, not an exception."""
    assert not is_valid_png(data, 16, 16)
    assert not is_valid_png(b"\x89PNG\r\n\x1a\n" + data, 16, 16)


def test_an_icon_file_contains_its_images() -> None:
    """Each at its size, and unchanged."""
    images = [png(ICON, (), size, size) for size in (16, 32, 48, 256)]
    entries = list(icons(ico(images)))
    assert [data for *_, data in entries] == images
    assert [(width, height) for width, height, _ in entries] == [
        (size, size) for size in (16, 32, 48, 256)
    ]


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", png(ICON, (), 257, 257), png(ICON, (), 16, 16)[:-1]]
)
def test_an_icon_file_accepts_only_small_square_images(data: bytes) -> None:
    """Browsers could not show others."""
    with pytest.raises(ValueError, match="square PNG"):
        ico([data])


def test_a_framed_icon_stays_inside_the_safe_circle() -> None:
    """A circle that covers it hides the whole icon."""
    background = "#147"
    icon = framed(ICON, background, 62)
    covered = (
        icon.removesuffix("</svg>") + f'<circle cx="50" cy="50" r="40" fill="{background}"/></svg>'
    )
    plain = framed("<svg />", background, 62)
    assert png(covered, (), 512, 512) == png(plain, (), 512, 512)
    assert png(icon, (), 512, 512) != png(plain, (), 512, 512)
