"""A card is drawn once: the next build reuses it until its content changes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath

import pytest

from codebook.build.pipeline import BuildResult, build_site
from codebook.cli import main
from codebook.diagnostics.source import Folder
from codebook.io.site import read_built, write_site
from codebook.io.sources import read_folder
from codebook.publish.images import rasterize

Files = Mapping[PurePosixPath, bytes]
Site = Callable[..., BuildResult]

ROOT = Path(__file__).resolve().parents[2]
URL = "https://codes.example/"
BOOK = {
    "book.toml": 'title = "Harbor"',
    "signals.md": "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n"
    "- 11 Open\nThe harbor is open.\n\n- 12 Closed\nThe harbor is closed.\n",
}
ELEVEN, TWELVE = (PurePosixPath(f"cards/status/{code}.png") for code in (11, 12))
CARDS = 5
"""The home page, all codes, the class and the two codes."""


@pytest.fixture(scope="module")
def site(templates: Folder) -> Site:
    """Build the site of the book at its public URL, with some files changed."""

    def site(
        changed: Mapping[str, str] | None = None,
        kept: Files | None = None,
        with_templates: Folder = templates,
    ) -> BuildResult:
        files = {
            PurePosixPath(path): text.encode()
            for path, text in sorted({**BOOK, **(changed or {})}.items())
        }
        return build_site(
            Folder("content", files), with_templates, "site", URL, previous_cards=kept or {}
        )

    return site


@pytest.fixture(scope="module")
def built_once(site: Site) -> Files:
    """The site of the book after its first build."""
    result = site()
    assert result.files is not None, result.diagnostics
    return result.files


def cards(files: Files) -> dict[PurePosixPath, bytes]:
    """The cards of a site."""
    return {path: data for path, data in files.items() if path.parts[0] == "cards"}


def test_a_second_build_draws_nothing(
    site: Site, built_once: Files, drawn_cards: list[str]
) -> None:
    """The cards of the first build are reused."""
    result = site(kept=cards(built_once))
    assert drawn_cards == []
    assert result.files == built_once


def test_a_changed_name_draws_only_the_card_of_its_page(
    site: Site, built_once: Files, drawn_cards: list[str]
) -> None:
    """Other cards are reused."""
    changed = {"signals.md": BOOK["signals.md"].replace("Closed", "Shut")}
    result = site(changed, cards(built_once))
    assert result.files
    (svg,) = drawn_cards
    assert "Shut" in svg
    assert result.files[TWELVE] != built_once[TWELVE]
    assert {**cards(result.files), TWELVE: built_once[TWELVE]} == cards(built_once)


def test_a_changed_text_draws_nothing(
    site: Site, built_once: Files, drawn_cards: list[str]
) -> None:
    """Cards don't show it."""
    changed = {"signals.md": BOOK["signals.md"].replace("is closed", "is shut")}
    assert site(changed, cards(built_once)).files
    assert drawn_cards == []


def test_a_changed_title_of_the_site_draws_every_card(
    site: Site, built_once: Files, drawn_cards: list[str]
) -> None:
    """Every card shows it."""
    assert site({"book.toml": 'title = "Quay"'}, cards(built_once)).files
    assert len(drawn_cards) == CARDS


def test_another_version_of_the_renderer_draws_every_card(
    site: Site, built_once: Files, drawn_cards: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It might render different bytes."""
    monkeypatch.setattr(rasterize, "VERSION", "of tomorrow")
    assert site(kept=cards(built_once)).files
    assert len(drawn_cards) == CARDS


def test_another_font_draws_every_card(
    site: Site, built_once: Files, drawn_cards: list[str], tmp_path: Path
) -> None:
    """The text and the template can be the same."""
    folder = shutil.copytree(ROOT / "templates", tmp_path / "templates")
    font = folder / "fonts" / "InterDisplay-Bold.ttf"
    before = sha256(font.read_bytes()).hexdigest()
    font.write_bytes(font.read_bytes() + bytes(4))
    widths = font.with_name("widths.json")
    text = widths.read_text(encoding="utf-8")
    digest = sha256(font.read_bytes()).hexdigest()
    widths.write_text(text.replace(before, digest), encoding="utf-8")
    result = site(kept=cards(built_once), with_templates=read_folder(folder, "templates"))
    assert result.files
    assert len(drawn_cards) == CARDS


def origin(card: bytes) -> bytes:
    """The digest of the card's source: the text chunk after the header."""
    match = re.match(rb".{33}(\0\0\0.tEXtSource\0.{32}.{4})", card, re.DOTALL)
    assert match
    return match[1]


def smaller(files: Files) -> bytes:
    """An image of another size with the digest of the card's source."""
    (icon,) = [data for path, data in files.items() if path.match("assets/icon-512.*.png")]
    return icon[:33] + origin(files[TWELVE]) + icon[33:]


DAMAGED: Mapping[str, Callable[[Files], bytes]] = {
    "empty": lambda _: b"",
    "cut off": lambda files: files[TWELVE][:-20],
    "damaged": lambda files: files[TWELVE][:-30] + b"?" + files[TWELVE][-29:],
    "with something added": lambda files: files[TWELVE] + b"\0",
    "of another page": lambda files: files[ELEVEN],
    "of another size": smaller,
    "drawn by others": lambda files: files[TWELVE].replace(origin(files[TWELVE]), b"", 1),
}


@pytest.mark.parametrize("how", DAMAGED)
def test_a_damaged_card_is_drawn_again(
    how: str, site: Site, built_once: Files, drawn_cards: list[str]
) -> None:
    """The site gets a correct card after any damage, and the other cards are reused."""
    before = DAMAGED[how](built_once)
    assert before != built_once[TWELVE]
    result = site(kept={**cards(built_once), TWELVE: before})
    assert len(drawn_cards) == 1
    assert result.files == built_once


def test_the_command_reuses_the_cards_of_the_last_build(
    content_folder: Path, tmp_path: Path, drawn_cards: list[str]
) -> None:
    """`build` and `check` draw only cards that were deleted."""
    folders = [
        "--content",
        str(content_folder),
        "--site",
        str(tmp_path / "site"),
        "--url",
        URL,
        "-q",
    ]
    assert main.main(["build", *folders]) == 0
    first = len(drawn_cards)
    assert first == len(read_built(tmp_path / "site", "cards", ".png")) > 2
    assert main.main(["build", *folders]) == 0
    assert main.main(["check", *folders]) == 0
    assert len(drawn_cards) == first
    (tmp_path / "site" / ELEVEN).unlink()
    assert main.main(["build", *folders]) == 0
    assert len(drawn_cards) == first + 1
    assert (tmp_path / "site" / ELEVEN).is_file()


def test_the_card_of_a_removed_page_is_removed(site: Site, built_once: Files) -> None:
    """Cached cards are not published unless a page needs them."""
    changed = {"signals.md": BOOK["signals.md"].split("- 12")[0]}
    result = site(changed, cards(built_once))
    assert result.files
    assert set(cards(built_once)) - set(cards(result.files)) == {TWELVE}


def test_only_images_below_the_folder_are_reused(tmp_path: Path) -> None:
    """They can be at any depth; without an earlier build, there are none."""
    names = ("cards/a.png", "cards/b/c.png", "cards/d.txt", "e.png", "others/f.png")
    write_site({PurePosixPath(name): name.encode() for name in names}, tmp_path, lambda: None)
    (tmp_path / "cards" / "foreign.png").write_bytes(b"foreign")
    assert read_built(tmp_path, "cards", ".png") == {
        PurePosixPath("cards/a.png"): b"cards/a.png",
        PurePosixPath("cards/b/c.png"): b"cards/b/c.png",
    }
    assert read_built(tmp_path / "nowhere", "cards", ".png") == {}


def test_a_cached_card_that_cannot_be_read_is_an_error(
    content_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same is true for every unreadable file."""
    (tmp_path / "site" / ELEVEN).mkdir(parents=True)
    folders = ["--content", str(content_folder), "--site", str(tmp_path / "site"), "--url", URL]
    assert main.main(["build", *folders]) == 2
    output = capsys.readouterr()
    assert (output.out, output.err.count("\n")) == ("", 1)
    assert output.err.startswith(f"error: {tmp_path / 'site' / ELEVEN}")
