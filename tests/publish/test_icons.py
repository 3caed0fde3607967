"""The icon of a site in every size, and the manifest for home screens."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup

from codebook.build.pipeline import BuildResult, build_site
from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Parsed, Rule
from codebook.diagnostics.source import Folder
from codebook.publish.headers import SECURITY_HEADERS
from codebook.publish.images.cards_and_icons import DrawnIcon, draw_icon
from codebook.publish.images.rasterize import is_valid_png, png
from codebook.site.html.palette import ClassColor

Files = Mapping[PurePosixPath, bytes]
Make = Callable[..., BuildResult]

BOOK = {
    "book.toml": 'title = "Häfen & Signale"\nlanguage = "de"',
    "signals.md": "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11 Open\nOpen.\n",
}
SQUARE = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"'
MANIFEST = PurePosixPath("site.webmanifest")
ICON = PurePosixPath("icon.svg")
COLORS = tuple(ClassColor(f"#{number}00000", f"#{number}fffff") for number in range(1, 8))
"""The colors of seven classes."""
BASES = ("https://codes.example/", "https://codes.example/a/b/")


@pytest.fixture(scope="module")
def site(compile_book: Make) -> Files:
    """The site of a small book."""
    result: BuildResult = compile_book(BOOK)
    assert result.files is not None, result.diagnostics
    return result.files


@pytest.fixture(scope="module")
def manifest(site: Files) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The manifest of the site."""
    return json.loads(site[MANIFEST])


def size(png: bytes) -> tuple[int, int]:
    """The width and the height of an image, which must be complete."""
    width, height = struct.unpack(">II", png[16:24])
    assert is_valid_png(png, width, height)
    return width, height


def images(ico: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    """The sizes that an ICO file states, each with the bytes of its image."""
    reserved, kind, count = struct.unpack_from("<HHH", ico)
    assert (reserved, kind) == (0, 1)
    for at in range(6, 6 + 16 * count, 16):
        width, height = ico[at], ico[at + 1]
        length, start = struct.unpack_from("<II", ico, at + 8)
        yield (width, height), ico[start : start + length]


def link_urls(page: bytes, relation: str) -> list[str]:
    """The URLs that a page links with one relation."""
    links = BeautifulSoup(page, "html.parser").select(f"link[rel='{relation}']")
    return [str(link["href"]) for link in links]


def test_the_icon_for_old_browsers_has_the_sizes_that_it_states(site: Files) -> None:
    """It has 16, 32, and 48 pixels, at the URL that browsers request by default."""
    embedded = list(images(site[PurePosixPath("favicon.ico")]))
    assert [stated for stated, _ in embedded] == [(16, 16), (32, 32), (48, 48)]
    assert [size(png) for _, png in embedded] == [stated for stated, _ in embedded]


def test_every_icon_of_the_manifest_has_the_size_it_states(
    site: Files,
    manifest: Any,  # noqa: ANN401 - whatever JSON holds
) -> None:
    """Home screens require 192 and 512 pixels, and both of these icons can be masked."""
    drawn = [icon for icon in manifest["icons"] if icon["sizes"] != "any"]
    assert [icon["sizes"] for icon in drawn] == ["192x192", "512x512"]
    for icon in drawn:
        width, height = size(site[PurePosixPath(icon["src"])])
        assert icon["sizes"] == f"{width}x{height}"
        assert icon["type"] == "image/png"
        assert set(icon["purpose"].split()) == {"any", "maskable"}


def test_the_manifest_has_the_icon_that_pages_show(
    site: Files,
    manifest: Any,  # noqa: ANN401 - whatever JSON holds
) -> None:
    """Chromium prefers an icon of any size, and doesn't download another one for the manifest."""
    (icon,) = (icon for icon in manifest["icons"] if icon["sizes"] == "any")
    assert icon["type"] == "image/svg+xml"
    assert icon["src"] in link_urls(site[PurePosixPath("index.html")], "icon")


def test_the_manifest_names_the_site_and_its_language(
    manifest: Any,  # noqa: ANN401 - whatever JSON holds
) -> None:
    """Both are exactly those of the book."""
    assert (manifest["name"], manifest["lang"]) == ("Häfen & Signale", "de")


@pytest.mark.parametrize("base", BASES)
def test_an_installed_site_starts_at_its_home_page_below_any_path(
    base: str,
    site: Files,
    manifest: Any,  # noqa: ANN401 - whatever JSON holds
) -> None:
    """All URLs in the manifest are relative to its own URL."""
    manifest_url = f"{base}{MANIFEST}"
    assert urljoin(manifest_url, manifest["start_url"]) == base
    assert urljoin(manifest_url, manifest["scope"]) == base
    sources = [urljoin(manifest_url, icon["src"]).removeprefix(base) for icon in manifest["icons"]]
    assert {PurePosixPath(source) for source in sources} <= set(site)


@pytest.mark.parametrize("base", BASES)
def test_every_page_links_the_icons_and_the_manifest(base: str, compile_book: Make) -> None:
    """This includes the error page, which hosts send at any depth."""
    files: Files = compile_book(BOOK, base).files or {}
    pages = {
        path
        for path, data in files.items()
        if path.suffix == ".html" and b'http-equiv="refresh"' not in data
    }
    assert len(pages) == 5
    for path in pages:
        depth = "deep/er/" if path.name == "404.html" else path.as_posix()
        linked = {
            relation: [
                PurePosixPath(urljoin(base + depth, url).removeprefix(base))
                for url in link_urls(files[path], relation)
            ]
            for relation in ("icon", "apple-touch-icon", "manifest")
        }
        assert linked["manifest"] == [MANIFEST], path
        (touch,) = linked["apple-touch-icon"]
        assert size(files[touch]) == (180, 180)
        ico, svg = linked["icon"]
        assert ico == PurePosixPath("favicon.ico")
        assert files[svg].startswith(b"<svg")


def test_templates_without_an_icon_make_no_images() -> None:
    """There is no default icon."""
    assert draw_icon(Cache(), COLORS, Folder("templates", {})) == Parsed(DrawnIcon())


@pytest.mark.parametrize(("classes", "shown"), [(1, 1), (5, 5), (7, 5)])
def test_the_icon_has_the_colors_of_the_first_classes(
    classes: int, shown: int, templates: Folder
) -> None:
    """More than five would be too thin at 16 pixels. The colors are those for dark backgrounds."""
    svg = draw_icon(Cache(), COLORS[:classes], templates).value.svg
    colors = re.findall(r'fill="(#.fffff)"', svg)
    assert colors == [color.dark for color in COLORS[:shown]]
    assert svg.count('href="#first"') == 5


def test_the_icon_can_be_opened_under_the_policy_of_the_site(templates: Folder) -> None:
    """The policy blocks style sheets and attributes with styles inside of a file."""
    svg = draw_icon(Cache(), COLORS, templates).value.svg
    assert "style" not in svg
    assert "style-src 'self';" in SECURITY_HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(("root", "corner"), [('color="#147"', "#147"), ("", "#fff")])
def test_the_square_around_the_icon_has_the_color_of_its_root(
    root: str, corner: str, templates: Folder
) -> None:
    """A team that replaces the icon also sets the color of home screen icons, or gets white."""
    empty = f'<svg {root} {SQUARE}><svg color="#f00"/></svg>'
    folder = Folder("templates", {**templates.files, ICON: empty.encode()})
    pngs = draw_icon(Cache(), COLORS, folder).value.assets[1:]
    square = f'<svg {SQUARE}><rect width="9" height="9" fill="{corner}"/></svg>'
    assert [icon.data for icon in pngs] == [png(square, (), size, size) for size in (180, 192, 512)]


def test_a_changed_icon_has_other_names(templates: Folder) -> None:
    """Clients can cache icons forever."""
    before, after = (draw_icon(Cache(), COLORS[:count], templates).value.assets for count in (4, 5))
    assert [icon.name for icon in before] == [icon.name for icon in after]
    assert not {icon.url for icon in before} & {icon.url for icon in after}


@pytest.mark.parametrize(
    "data",
    [
        b"not an image",
        b"\xff",
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 16"/>',
        b"<svg>{{ nothing }}</svg>",
    ],
    ids=["no SVG", "no UTF-8", "not square", "unknown name"],
)
def test_an_icon_that_cannot_be_drawn_is_an_error(data: bytes, templates: Folder) -> None:
    """The diagnostic names the file, and nothing is built."""
    files = {PurePosixPath(path): text.encode() for path, text in BOOK.items()}
    broken = Folder("templates", {**templates.files, ICON: data})
    result = build_site(Folder("content", files), broken, "site", "")
    (diagnostic,) = result.diagnostics
    assert diagnostic.rule in {Rule.TEMPLATE_ERROR, Rule.NOT_UTF8}
    assert diagnostic.span.path == "templates/icon.svg"
    assert result.files is None
