"""The pictures of a site: which pages have one, and what becomes of those that cannot be drawn."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath
from subprocess import CompletedProcess

import pytest
from bs4 import BeautifulSoup

from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Folder
from codebook.io import read_folder
from codebook.publish.images import rasterize

Files = Mapping[PurePosixPath, bytes]
Run = Callable[..., CompletedProcess[str]]
ReadTree = Callable[[Path], Mapping[str, bytes]]
Site = Callable[..., BuildResult]

ROOT = Path(__file__).resolve().parent.parent
URL = "https://codes.example/base/"
CARD = PurePosixPath("card.svg")
WIDTHS = PurePosixPath("fonts/widths.json")
FONTS = (
    PurePosixPath("fonts/InterDisplay-Bold.ttf"),
    PurePosixPath("fonts/InterDisplay-Medium.ttf"),
)
BOOK = {
    "book.toml": 'title = "Harbour"',
    "signals.md": "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n"
    "- 11 Open\nThe harbour is open.\n\n- 12 Closed\nThe harbour is closed.\n",
    "guides/in.md": "# Coming in\n\nSlowly.\n",
    "tables/flags.md": '```toml\ntitle = "Flags"\nsource = "The harbour"\nread = 2026-01-31\n'
    'licence = "none"\n[columns]\ncode = "Code"\nflag = "Flag"\n```\n\nWhich flag is shown.\n',
    "tables/flags.csv": "code,flag\n11,red\n",
}
CARDS = {
    "cards/home.png",
    "cards/status.png",
    *(f"cards/status/{name}.png" for name in ("1x", "11", "12")),
    "cards/guides/in.png",
    "cards/tables/flags.png",
}
"""The cards of that book."""


@pytest.fixture(scope="module")
def site(templates: Folder) -> Site:
    """Make the site of the book at its public address."""

    def site(url: str = URL, with_templates: Folder = templates) -> BuildResult:
        files = {PurePosixPath(path): text.encode() for path, text in BOOK.items()}
        return build_site(Folder("content", files), with_templates, "site", url)

    return site


@pytest.fixture(scope="module")
def built_once(site: Site) -> Files:
    """The site of the book as the first build makes it."""
    outcome = site()
    assert outcome.files is not None, outcome.diagnostics
    return outcome.files


def cards(files: Files) -> dict[PurePosixPath, bytes]:
    """The cards of a site."""
    return {path: data for path, data in files.items() if path.parts[0] == "cards"}


def pages(files: Files) -> dict[str, BeautifulSoup]:
    """The pages of a site by their address."""
    return {
        path.as_posix().removesuffix("index.html"): BeautifulSoup(data, "html.parser")
        for path, data in files.items()
        if path.suffix == ".html" and b'http-equiv="refresh"' not in data
    }


def image(page: BeautifulSoup) -> str:
    """The address of the picture that a page says links to it are shown with."""
    (found, *more) = [
        str(each["content"]) for each in page.select("meta[property='og:image']")
    ] or [""]
    assert more == []
    return found


def size(png: bytes) -> tuple[int, int]:
    """The width and the height of a picture that is whole."""
    width, height = struct.unpack(">II", png[16:24])
    assert rasterize.is_valid_png(png, width, height)
    return width, height


# --- which pages have one -------------------------------------------------------------------------


def test_each_page_that_links_are_shown_with_names_its_card(built_once: Files) -> None:
    """All but the error page, each its own, by its whole address, and no card is for nobody."""
    named = {address: image(page) for address, page in pages(built_once).items()}
    assert named.pop("404.html") == ""
    assert {url.removeprefix(URL) for url in named.values()} == CARDS
    assert len(set(named.values())) == len(named)
    assert {path.as_posix() for path in cards(built_once)} == CARDS


def test_a_card_has_the_size_that_all_who_show_cards_ask_for(built_once: Files) -> None:
    """1200 by 630 pixels, and whole."""
    assert {size(data) for data in cards(built_once).values()} == {(1200, 630)}


def test_no_two_pages_have_the_same_picture(built_once: Files) -> None:
    """A card says which page it is."""
    assert len(set(cards(built_once).values())) == len(CARDS)


def test_without_a_public_address_there_is_no_card(site: Site, drawn_cards: list[str]) -> None:
    """Whoever shows cards asks for whole addresses: without one, drawing would be for nobody."""
    outcome = site(url="")
    assert outcome.files
    assert (cards(outcome.files), drawn_cards) == ({}, [])
    assert {image(page) for page in pages(outcome.files).values()} == {""}


@pytest.mark.parametrize("missing", [CARD, *FONTS], ids=str)
def test_templates_that_cannot_draw_make_a_site_without_cards(
    missing: PurePosixPath, site: Site, templates: Folder, drawn_cards: list[str]
) -> None:
    """And no page names a card that is not there."""
    files = {path: data for path, data in templates.files.items() if path != missing}
    less = Folder("templates", files, root=templates.root)
    outcome = site(with_templates=less)
    assert outcome.diagnostics == ()
    assert outcome.files
    assert (cards(outcome.files), drawn_cards) == ({}, [])
    assert {image(page) for page in pages(outcome.files).values()} == {""}


# --- everywhere the same --------------------------------------------------------------------------


def test_pictures_are_the_same_everywhere(
    run_codebook: Run, content_folder: Path, tmp_path: Path, read_tree: ReadTree
) -> None:
    """Whatever the folder, the time zone and the hash seed are."""
    for name, env in {
        "a": {"TZ": "UTC", "PYTHONHASHSEED": "1"},
        "b/deep": {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7"},
    }.items():
        home = tmp_path / name
        shutil.copytree(content_folder, home / "content")
        folders = ("--content", "content", "--site", "site", "--url", URL)
        assert run_codebook(*folders, env=env, cwd=home).returncode == 0
    here, there = (read_tree(tmp_path / name / "site") for name in ("a", "b/deep"))
    assert here == there
    assert {"cards/home.png", "cards/status/11.png", "favicon.ico"} <= set(here)


# --- broken templates -----------------------------------------------------------------------------

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="630" '
    'font-family="Inter Display" font-size="200"><text y="300">{}</text></svg>'
)
"""A card too plain to be one."""


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("{{ number", 1, "end of template"),
        ("<svg>\n\n{{ nothing }}</svg>", 3, "'nothing' is undefined"),
        ("no picture", 1, "no card can be drawn"),
        (SVG.format(1200, ""), 1, "no words"),
        (SVG.format(630, "WORDS"), 1, "1200 by 630"),
    ],
    ids=["syntax", "unknown name", "no SVG", "no words", "proportions"],
)
def test_a_card_that_cannot_be_drawn_is_a_problem_of_its_template(
    text: str, line: int, said: str, site: Site, templates: Folder
) -> None:
    """It is said once, with its place, and nothing is built."""
    broken = Folder("templates", {**templates.files, CARD: text.encode()}, root=templates.root)
    outcome = site(with_templates=broken)
    (diagnostic,) = outcome.diagnostics
    assert (diagnostic.rule, diagnostic.span.path) == (Rule.TEMPLATE_ERROR, "templates/card.svg")
    assert diagnostic.span.line == line
    assert said in diagnostic.message
    assert diagnostic.help
    assert outcome.files is None


@pytest.mark.parametrize("font", FONTS, ids=str)
def test_a_font_without_its_own_widths_is_a_problem(
    font: PurePosixPath, site: Site, templates_copy: Path
) -> None:
    """A damaged font or another one is named: nothing is built with lines that do not fit."""
    (templates_copy / font).write_bytes(b"no font")
    outcome = site(with_templates=read_folder(templates_copy, "templates"))
    (diagnostic,) = outcome.diagnostics
    assert (diagnostic.rule, diagnostic.span.path) == (Rule.TEMPLATE_ERROR, f"templates/{WIDTHS}")
    assert font.name in diagnostic.message
    assert diagnostic.help
    assert "templates/fonts/README.md" in diagnostic.help
    assert outcome.files is None


def test_fonts_that_cannot_be_read_are_a_problem(site: Site, templates_copy: Path) -> None:
    """Though widths are stated for them, nothing is built: a card without words is none."""
    widths = (templates_copy / WIDTHS).read_text(encoding="utf-8")
    for font in FONTS:
        before = sha256((templates_copy / font).read_bytes()).hexdigest()
        widths = widths.replace(before, sha256(b"no font").hexdigest())
        (templates_copy / font).write_bytes(b"no font")
    (templates_copy / WIDTHS).write_text(widths, encoding="utf-8")
    outcome = site(with_templates=read_folder(templates_copy, "templates"))
    (diagnostic,) = outcome.diagnostics
    assert (diagnostic.rule, diagnostic.span.path) == (Rule.TEMPLATE_ERROR, "templates/card.svg")
    assert outcome.files is None


@pytest.mark.parametrize("widths", [None, b"", b"{}"], ids=["missing", "empty", "none of a font"])
def test_widths_that_cannot_be_used_are_a_problem(
    widths: bytes | None, site: Site, templates: Folder
) -> None:
    """Their file is named, once, and nothing is built."""
    files = {path: data for path, data in templates.files.items() if path != WIDTHS}
    if widths is not None:
        files[WIDTHS] = widths
    outcome = site(with_templates=Folder("templates", files, root=templates.root))
    (diagnostic,) = outcome.diagnostics
    assert (diagnostic.rule, diagnostic.span.path) == (Rule.TEMPLATE_ERROR, f"templates/{WIDTHS}")
    assert outcome.files is None


def test_a_template_that_cannot_be_decoded_is_reported_once(site: Site, templates: Folder) -> None:
    """Though pages and cards are both made of templates."""
    files = {**templates.files, PurePosixPath("base.html"): b"\xff"}
    outcome = site(with_templates=Folder("templates", files, root=templates.root))
    assert [(each.rule, each.span.path) for each in outcome.diagnostics] == [
        (Rule.NOT_UTF8, "templates/base.html")
    ]


def test_a_broken_card_leaves_the_site_as_it_was(
    run_codebook: Run,
    content_folder: Path,
    tmp_path: Path,
    read_tree: ReadTree,
    templates_copy: Path,
) -> None:
    """The command says where the fault is, and writes nothing."""
    site = tmp_path / "site"
    folders = (
        "--content",
        content_folder,
        "--templates",
        templates_copy,
        "--site",
        site,
        "--url",
        URL,
    )
    assert run_codebook(*folders).returncode == 0
    before = read_tree(site)
    (templates_copy / CARD).write_text("<svg>\n{{ nothing }}</svg>", encoding="utf-8")
    ended = run_codebook(*folders)
    assert (ended.returncode, read_tree(site)) == (1, before)
    assert "error[template-error]: " in ended.stdout
    assert f"{templates_copy}/card.svg:2" in ended.stdout
