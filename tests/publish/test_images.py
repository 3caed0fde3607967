"""The cards of a site: which pages have one, and errors in their templates and fonts."""

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
from codebook.cache import Cache
from codebook.cli.main import main
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Folder
from codebook.io.sources import read_folder
from codebook.publish.images import rasterize

Files = Mapping[PurePosixPath, bytes]
Run = Callable[..., CompletedProcess[str]]
ReadTree = Callable[[Path], Mapping[str, bytes]]
Site = Callable[..., BuildResult]

ROOT = Path(__file__).resolve().parents[2]
URL = "https://codes.example/base/"
CARD = PurePosixPath("card.svg")
WIDTHS = PurePosixPath("fonts/widths.json")
FONTS = (
    PurePosixPath("fonts/InterDisplay-Bold.ttf"),
    PurePosixPath("fonts/InterDisplay-Medium.ttf"),
)
BOOK = {
    "book.toml": 'title = "Harbor"',
    "signals.md": "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n"
    "- 11 Open\nThe harbor is open.\n\n- 12 Closed\nThe harbor is closed.\n",
    "guides/in.md": "# Coming in\n\nSlowly.\n",
    "tables/flags.md": '```toml\ntitle = "Flags"\nsource = "The harbor"\nread = 2026-01-31\n'
    'license = "none"\n[columns]\ncode = "Code"\nflag = "Flag"\n```\n\nWhich flag is shown.\n',
    "tables/flags.csv": "code,flag\n11,red\n",
}
CARDS = {
    "cards/home.png",
    "cards/status.png",
    *(f"cards/status/{name}.png" for name in ("1x", "11", "12")),
    "cards/guides.png",
    "cards/guides/in.png",
    "cards/tables.png",
    "cards/tables/flags.png",
}
"""The cards of that book."""


@pytest.fixture(scope="module")
def site(templates: Folder) -> Site:
    """Make the site of the book at its public URL."""
    cache = Cache()

    def site(url: str = URL, with_templates: Folder = templates) -> BuildResult:
        files = {PurePosixPath(path): text.encode() for path, text in BOOK.items()}
        return build_site(Folder("content", files), with_templates, "site", url, cache=cache)

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


def pages(files: Files) -> dict[str, BeautifulSoup]:
    """The pages of a site by their URL."""
    return {
        path.as_posix().removesuffix("index.html"): BeautifulSoup(data, "html.parser")
        for path, data in files.items()
        if path.suffix == ".html" and b'http-equiv="refresh"' not in data
    }


def image(page: BeautifulSoup) -> str:
    """The URL of the image that a page names for link previews."""
    (url, *more) = [str(tag["content"]) for tag in page.select("meta[property='og:image']")] or [""]
    assert more == []
    return url


def size(png: bytes) -> tuple[int, int]:
    """The width and the height of an image, which must be complete."""
    width, height = struct.unpack(">II", png[16:24])
    assert rasterize.is_valid_png(png, width, height)
    return width, height


# --- which pages have one -------------------------------------------------------------------------


def test_each_page_names_its_card(built_once: Files) -> None:
    """Every page except for the error page has its card, by an absolute URL; none is unused."""
    image_urls = {path: image(page) for path, page in pages(built_once).items()}
    assert image_urls.pop("404.html") == ""
    assert {url.removeprefix(URL) for url in image_urls.values()} == CARDS
    assert len(set(image_urls.values())) == len(image_urls)
    assert {path.as_posix() for path in cards(built_once)} == CARDS


def test_a_card_has_the_size_that_link_previews_require(built_once: Files) -> None:
    """Each card is a complete image of 1200 by 630 pixels."""
    assert {size(data) for data in cards(built_once).values()} == {(1200, 630)}


def test_no_two_pages_have_the_same_card(built_once: Files) -> None:
    """Each card shows the name of its page."""
    assert len(set(cards(built_once).values())) == len(CARDS)


def test_without_a_public_url_there_is_no_card(site: Site, drawn_cards: list[str]) -> None:
    """Link previews require absolute URLs: without one, no card is drawn."""
    result = site(url="")
    assert result.files
    assert (cards(result.files), drawn_cards) == ({}, [])
    assert {image(page) for page in pages(result.files).values()} == {""}


@pytest.mark.parametrize("missing", [CARD, *FONTS], ids=str)
def test_templates_without_fonts_build_a_site_without_cards(
    missing: PurePosixPath, site: Site, templates: Folder, drawn_cards: list[str]
) -> None:
    """No page refers to a missing card."""
    files = {path: data for path, data in templates.files.items() if path != missing}
    less = Folder("templates", files)
    result = site(with_templates=less)
    assert result.diagnostics == ()
    assert result.files
    assert (cards(result.files), drawn_cards) == ({}, [])
    assert {image(page) for page in pages(result.files).values()} == {""}


# --- everywhere the same --------------------------------------------------------------------------


@pytest.mark.slow
def test_images_are_the_same_everywhere(
    run_codebook: Run, content_folder: Path, tmp_path: Path, read_tree: ReadTree
) -> None:
    """Folder, time zone, and hash seed don't matter."""
    for name, env in {
        "a": {"TZ": "UTC", "PYTHONHASHSEED": "1"},
        "b/deep": {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7"},
    }.items():
        home = tmp_path / name
        shutil.copytree(content_folder, home / "content")
        folders = ("--content", "content", "--site", "site", "--url", URL)
        assert run_codebook(*folders, env=env, cwd=home).returncode == 0
    first, second = (read_tree(tmp_path / name / "site") for name in ("a", "b/deep"))
    assert first == second
    assert {"cards/home.png", "cards/status/11.png", "favicon.ico"} <= set(first)


# --- broken templates -----------------------------------------------------------------------------

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="630" '
    'font-family="Inter Display" font-size="200"><text y="300">{}</text></svg>'
)
"""A card too plain to be one."""


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("{{ number", 1, "end of template"),
        ("<svg>\n\n{{ nothing }}</svg>", 3, "'nothing' is undefined"),
        ("not an image", 1, "the card cannot be drawn"),
        (SVG.format(1200, ""), 1, "no text can be drawn"),
        (SVG.format(630, "WORDS"), 1, "1200 by 630"),
    ],
    ids=["syntax", "unknown name", "no SVG", "no words", "proportions"],
)
def test_a_card_that_cannot_be_drawn_is_an_error_in_its_template(
    text: str, line: int, message: str, site: Site, templates: Folder
) -> None:
    """It's reported once, with its position, and nothing is built."""
    broken = Folder("templates", {**templates.files, CARD: text.encode()})
    result = site(with_templates=broken)
    (diagnostic,) = result.diagnostics
    assert (diagnostic.rule, diagnostic.span.path) == (Rule.TEMPLATE_ERROR, "templates/card.svg")
    assert diagnostic.span.line == line
    assert message in diagnostic.message
    assert diagnostic.help
    assert result.files is None


@pytest.mark.parametrize("font", FONTS, ids=str)
def test_a_font_without_its_own_widths_is_an_error(
    font: PurePosixPath, site: Site, templates_copy: Path
) -> None:
    """The diagnostic names a damaged or different font: no card has lines that do not fit."""
    (templates_copy / font).write_bytes(b"no font")
    result = site(with_templates=read_folder(templates_copy, "templates"))
    (diagnostic,) = result.diagnostics
    assert (diagnostic.rule, diagnostic.span.path) == (Rule.TEMPLATE_ERROR, f"templates/{WIDTHS}")
    assert font.name in diagnostic.message
    assert diagnostic.help
    assert "templates/fonts/README.md" in diagnostic.help
    assert result.files is None


def test_unreadable_fonts_are_an_error(site: Site, templates_copy: Path) -> None:
    """Nothing is built, even if there are widths for the fonts."""
    widths = (templates_copy / WIDTHS).read_text(encoding="utf-8")
    for font in FONTS:
        before = sha256((templates_copy / font).read_bytes()).hexdigest()
        widths = widths.replace(before, sha256(b"no font").hexdigest())
        (templates_copy / font).write_bytes(b"no font")
    (templates_copy / WIDTHS).write_text(widths, encoding="utf-8")
    result = site(with_templates=read_folder(templates_copy, "templates"))
    (diagnostic,) = result.diagnostics
    assert (diagnostic.rule, diagnostic.span.path) == (Rule.TEMPLATE_ERROR, "templates/card.svg")
    assert result.files is None


@pytest.mark.parametrize("widths", [None, b"", b"{}"], ids=["missing", "empty", "none of a font"])
def test_unusable_widths_are_an_error(widths: bytes | None, site: Site, templates: Folder) -> None:
    """The diagnostic names the file of widths, once, and nothing is built."""
    files = {path: data for path, data in templates.files.items() if path != WIDTHS}
    if widths is not None:
        files[WIDTHS] = widths
    result = site(with_templates=Folder("templates", files))
    (diagnostic,) = result.diagnostics
    assert (diagnostic.rule, diagnostic.span.path) == (Rule.TEMPLATE_ERROR, f"templates/{WIDTHS}")
    assert result.files is None


def test_a_template_that_cannot_be_decoded_is_reported_once(site: Site, templates: Folder) -> None:
    """Pages and cards both read the templates."""
    files = {**templates.files, PurePosixPath("base.html"): b"\xff"}
    result = site(with_templates=Folder("templates", files))
    assert [(diagnostic.rule, diagnostic.span.path) for diagnostic in result.diagnostics] == [
        (Rule.NOT_UTF8, "templates/base.html")
    ]


def test_a_broken_card_leaves_the_site_as_it_was(
    content_folder: Path,
    tmp_path: Path,
    read_tree: ReadTree,
    templates_copy: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command reports the location of the error, and writes nothing."""
    site = tmp_path / "site"
    folders = {"--content": content_folder, "--templates": templates_copy, "--site": site}
    arguments = ["--url", URL, *(str(part) for folder in folders.items() for part in folder)]
    assert main(arguments) == 0
    before = read_tree(site)
    capsys.readouterr()
    (templates_copy / CARD).write_text("<svg>\n{{ nothing }}</svg>", encoding="utf-8")
    assert (main(arguments), read_tree(site)) == (1, before)
    output = capsys.readouterr().out
    assert "error[template-error]: " in output
    assert f"{templates_copy}/card.svg:2" in output
