"""A card is drawn once: it's made again only if something that it shows, or how, has changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath

import msgspec
import pytest

from codebook.build.outputs import NOTHING_PUBLISHED, Published
from codebook.build.pipeline import BuildResult, build_site
from codebook.cli import storage
from codebook.diagnostics.source import Folder
from codebook.io import stored
from codebook.io.sources import read_folder
from tests.in_process import run_main

Site = Callable[..., BuildResult]

ROOT = Path(__file__).resolve().parents[2]
URL = "https://codes.example/"
BOOK = {
    "book.toml": 'title = "Harbor"',
    "signals.md": "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n"
    "- 11 Open\nThe harbor is open.\n\n- 12 Closed\nThe harbor is closed.\n",
}
ELEVEN, TWELVE = (f"cards/status/{code}.png" for code in (11, 12))
CARDS = 5
"""The home page, all codes, the class and the two codes."""


@pytest.fixture(scope="module")
def site(templates: Folder) -> Site:
    """Build the site of the book at its public URL, with some files changed."""

    def site(
        changed: Mapping[str, str] | None = None,
        published: Published = NOTHING_PUBLISHED,
        with_templates: Folder = templates,
    ) -> BuildResult:
        files = {
            PurePosixPath(path): text.encode()
            for path, text in sorted({**BOOK, **(changed or {})}.items())
        }
        content = Folder("content", files)
        result = build_site(content, with_templates, "site", URL, published=published)
        assert result.files is not None, result.diagnostics
        return result

    return site


@pytest.fixture(scope="module")
def published(site: Site) -> Published:
    """The site of the book after its first build, which nothing has changed since."""
    first = site().published
    return Published(first.keys, first.ids, frozenset(first.keys))


def cards(paths: Iterable[object]) -> set[str]:
    """The cards among files."""
    return {path for path in map(str, paths) if path.startswith("cards/")}


def test_a_second_build_draws_nothing(
    site: Site, published: Published, drawn_cards: list[str]
) -> None:
    """All files of the first build are kept."""
    result = site(published=published)
    assert drawn_cards == []
    assert len(cards(result.kept)) == CARDS
    assert result.kept == published.keys.keys()
    assert result.published.keys == published.keys


def test_a_changed_name_draws_only_the_card_of_its_page(
    site: Site, published: Published, drawn_cards: list[str]
) -> None:
    """Other cards are kept."""
    changed = {"signals.md": BOOK["signals.md"].replace("Closed", "Shut")}
    result = site(changed, published)
    (svg,) = drawn_cards
    assert "Shut" in svg
    assert cards(result.files or {}) == {TWELVE}
    assert len(cards(result.kept)) == CARDS - 1


@pytest.mark.parametrize(
    "changed",
    [
        {"signals.md": BOOK["signals.md"].replace("is closed", "is shut")},
        {"index.md": "# Harbor\n\nThe signals of the harbor.\n"},
        {"book.toml": f'{BOOK["book.toml"]}\ndescription = "Signals."'},
    ],
)
def test_a_changed_text_draws_nothing(
    site: Site, published: Published, drawn_cards: list[str], changed: Mapping[str, str]
) -> None:
    """Cards don't show it."""
    assert len(cards(site(changed, published).kept)) == CARDS
    assert drawn_cards == []


def test_a_changed_title_of_the_site_draws_every_card(
    site: Site, published: Published, drawn_cards: list[str]
) -> None:
    """Every card shows it."""
    site({"book.toml": 'title = "Quay"'}, published)
    assert len(drawn_cards) == CARDS


def _change_font(templates: Path) -> None:
    """Change a font but not the widths of its characters."""
    font = templates / "fonts" / "InterDisplay-Bold.ttf"
    before = sha256(font.read_bytes()).hexdigest()
    font.write_bytes(font.read_bytes() + bytes(4))
    widths = font.with_name("widths.json")
    text = widths.read_text(encoding="utf-8")
    digest = sha256(font.read_bytes()).hexdigest()
    widths.write_text(text.replace(before, digest), encoding="utf-8")


def _change_template(templates: Path) -> None:
    card = templates / "card.svg"
    card.write_text(card.read_text(encoding="utf-8").replace("</svg>", "<g/></svg>"))


def _change_color(templates: Path) -> None:
    """Change the color of the first class, which cards of its codes have."""
    sheet = templates / "assets" / "style.css"
    text = sheet.read_text(encoding="utf-8")
    start = text.index("#", text.index('[data-hue="1"]'))
    sheet.write_text(text[:start] + "#123456" + text[start + 7 :], encoding="utf-8")


@pytest.mark.parametrize("change", [_change_font, _change_template, _change_color])
def test_another_design_draws_every_card(
    site: Site,
    published: Published,
    drawn_cards: list[str],
    tmp_path: Path,
    change: Callable[[Path], None],
) -> None:
    """The text can be the same."""
    folder = shutil.copytree(ROOT / "templates", tmp_path / "templates")
    change(folder)
    site(published=published, with_templates=read_folder(folder, "templates"))
    assert len(drawn_cards) == CARDS


def test_a_changed_template_of_pages_draws_nothing(
    site: Site, published: Published, drawn_cards: list[str], tmp_path: Path
) -> None:
    """Pages are rendered again."""
    folder = shutil.copytree(ROOT / "templates", tmp_path / "templates")
    base = folder / "base.html"
    base.write_text(base.read_text(encoding="utf-8").replace("<main", "<main data-x"))
    result = site(published=published, with_templates=read_folder(folder, "templates"))
    assert len(cards(result.kept)) == CARDS
    assert drawn_cards == []


def test_the_card_of_a_removed_page_is_not_kept(
    site: Site, published: Published, drawn_cards: list[str]
) -> None:
    """All pages are checked again, because they can link to it, but no card is drawn."""
    result = site({"signals.md": BOOK["signals.md"].split("- 12")[0]}, published)
    assert cards(published.keys) - cards(result.kept) == {TWELVE}
    assert drawn_cards == []


DAMAGED: Mapping[str, Callable[[Path], object]] = {
    "removed": Path.unlink,
    "empty": lambda card: card.write_bytes(b""),
    "damaged": lambda card: card.write_bytes(card.read_bytes()[:-30] + bytes(30)),
    "replaced": lambda card: card.write_bytes(card.with_name("11.png").read_bytes()),
}


@pytest.fixture
def options(
    content_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Sequence[str | Path]:
    """Options that build the book in one process, because cards are counted in this one."""
    monkeypatch.setattr(storage, "_PROCESSES", 1)
    (content_folder / "signals.md").write_text(BOOK["signals.md"], encoding="utf-8")
    return ("--content", content_folder, "--site", tmp_path / "site", "--url", URL)


def test_the_command_draws_only_cards_that_were_changed(
    options: Sequence[str | Path], tmp_path: Path, drawn_cards: list[str]
) -> None:
    """`build` notices it even if the card has its size and its time. `check` draws none."""
    card = tmp_path / "site" / TWELVE
    assert run_main("build", *options).returncode == 0
    assert len(drawn_cards) == CARDS
    before, times = card.read_bytes(), card.stat()
    for number, damage in enumerate(DAMAGED.values()):
        damage(card)
        if card.exists():
            os.utime(card, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert run_main("check", *options).returncode == 0
        assert len(drawn_cards) == CARDS + number
        assert run_main("build", *options).returncode == 0
        assert len(drawn_cards) == CARDS + number + 1
        assert card.read_bytes() == before


def test_another_version_of_the_renderer_draws_every_card(
    options: Sequence[str | Path],
    tmp_path: Path,
    drawn_cards: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It might render different bytes. Nothing is reused if any package changes."""
    packages = tmp_path / "packages"
    before, after = (packages / f"resvg-{version}.dist-info" for version in ("1.0", "1.1"))
    before.mkdir(parents=True)
    monkeypatch.setattr(msgspec, "__file__", str(packages / "msgspec" / "__init__.py"))
    monkeypatch.setattr(stored, "_program", vars(stored)["_program"].__wrapped__)
    assert run_main("build", *options).returncode == 0
    assert run_main("build", *options).returncode == 0
    assert len(drawn_cards) == CARDS
    before.rename(after)
    assert run_main("build", *options).returncode == 0
    assert len(drawn_cards) == 2 * CARDS


def test_a_folder_in_the_place_of_a_card_is_an_error(
    options: Sequence[str | Path], tmp_path: Path
) -> None:
    """This is true for every file of the site."""
    card = tmp_path / "site" / ELEVEN
    card.mkdir(parents=True)
    result = run_main("build", *options)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: {card} is a folder, but the site has a file with that name; move the folder\n"
    )
