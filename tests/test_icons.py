"""The icon of a site in every size that somebody asks for, and what it is on a home screen."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup

from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Folder
from codebook.publish.images.cards_and_icons import favicon, icons
from codebook.publish.images.rasterize import is_valid_png

Files = Mapping[PurePosixPath, bytes]
Make = Callable[..., BuildResult]

BOOK = {
    "book.toml": 'title = "Häfen & Signale"\nlanguage = "de"',
    "signals.md": "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11 Open\nOpen.\n",
}
MANIFEST = PurePosixPath("site.webmanifest")
ICON = PurePosixPath("assets/icon.svg")
BASES = ("https://codes.example/", "https://codes.example/a/b/")


@pytest.fixture(scope="module")
def site(compile_book: Make) -> Files:
    """The site of a small book."""
    outcome: BuildResult = compile_book(BOOK)
    assert outcome.files is not None, outcome.diagnostics
    return outcome.files


@pytest.fixture(scope="module")
def manifest(site: Files) -> Any:  # noqa: ANN401 - whatever JSON holds
    """What the site says that it is on a home screen."""
    return json.loads(site[MANIFEST])


def size(png: bytes) -> tuple[int, int]:
    """The width and the height of a picture that is whole."""
    width, height = struct.unpack(">II", png[16:24])
    assert is_valid_png(png, width, height)
    return width, height


def pictures(ico: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    """The sizes that an ICO file states, each with the bytes of its picture."""
    reserved, kind, count = struct.unpack_from("<HHH", ico)
    assert (reserved, kind) == (0, 1)
    for at in range(6, 6 + 16 * count, 16):
        width, height = ico[at], ico[at + 1]
        length, start = struct.unpack_from("<II", ico, at + 8)
        yield (width, height), ico[start : start + length]


def linked(page: bytes, relation: str) -> list[str]:
    """The addresses that a page gives for one relation."""
    found = BeautifulSoup(page, "html.parser").select(f"link[rel='{relation}']")
    return [str(each["href"]) for each in found]


def test_the_icon_for_old_browsers_has_the_sizes_that_it_states(site: Files) -> None:
    """16, 32 and 48 pixels, at the address where browsers look for it unasked."""
    found = list(pictures(site[PurePosixPath("favicon.ico")]))
    assert [stated for stated, _ in found] == [(16, 16), (32, 32), (48, 48)]
    assert [size(png) for _, png in found] == [stated for stated, _ in found]


def test_every_icon_of_the_manifest_is_there_in_the_size_it_says(
    site: Files,
    manifest: Any,  # noqa: ANN401 - whatever JSON holds
) -> None:
    """192 and 512 pixels, which is what home screens ask for; both may be cut into a shape."""
    assert [icon["sizes"] for icon in manifest["icons"]] == ["192x192", "512x512"]
    for icon in manifest["icons"]:
        width, height = size(site[PurePosixPath(icon["src"])])
        assert icon["sizes"] == f"{width}x{height}"
        assert icon["type"] == "image/png"
        assert set(icon["purpose"].split()) == {"any", "maskable"}


def test_the_manifest_names_the_site_and_its_language(
    manifest: Any,  # noqa: ANN401 - whatever JSON holds
) -> None:
    """As the book does, letter by letter."""
    assert (manifest["name"], manifest["lang"]) == ("Häfen & Signale", "de")


@pytest.mark.parametrize("base", BASES)
def test_an_installed_site_starts_at_its_home_page_below_any_path(
    base: str,
    site: Files,
    manifest: Any,  # noqa: ANN401 - whatever JSON holds
) -> None:
    """All addresses of the manifest are resolved against its own."""
    own = f"{base}{MANIFEST}"
    assert urljoin(own, manifest["start_url"]) == base
    assert urljoin(own, manifest["scope"]) == base
    sources = [urljoin(own, icon["src"]).removeprefix(base) for icon in manifest["icons"]]
    assert {PurePosixPath(source) for source in sources} <= set(site)


@pytest.mark.parametrize("base", BASES)
def test_every_page_leads_to_the_icons_and_to_the_manifest(base: str, compile_book: Make) -> None:
    """The error page too, which a host sends at any depth."""
    files: Files = compile_book(BOOK, base).files or {}
    pages = {
        path
        for path, data in files.items()
        if path.suffix == ".html" and b'http-equiv="refresh"' not in data
    }
    assert len(pages) == 5
    for path in pages:
        depth = "deep/er/" if path.name == "404.html" else path.as_posix()
        found = {
            relation: [
                PurePosixPath(urljoin(base + depth, url).removeprefix(base))
                for url in linked(files[path], relation)
            ]
            for relation in ("icon", "apple-touch-icon", "manifest")
        }
        assert found["manifest"] == [MANIFEST], path
        (touch,) = found["apple-touch-icon"]
        assert size(files[touch]) == (180, 180)
        ico, svg = found["icon"]
        assert ico == PurePosixPath("favicon.ico")
        assert files[svg].startswith(b"<svg")


def test_templates_without_an_icon_have_no_picture_of_it() -> None:
    """Nothing is made up."""
    bare = Folder("templates", {})
    assert (icons(bare), favicon(bare)) == ((), {})


def test_a_changed_icon_has_other_names(templates: Folder) -> None:
    """So a host may keep each for ever."""
    dotted = templates.files[ICON].replace(b"</svg>", b'<circle r="9"/></svg>')
    changed = {**templates.files, ICON: dotted}
    before, after = icons(templates), icons(Folder("templates", changed))
    assert [each.name for each in before] == [each.name for each in after]
    assert not {each.url for each in before} & {each.url for each in after}


@pytest.mark.parametrize(
    "data",
    [b"no picture", b"\xff", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 16"/>'],
    ids=["no SVG", "no UTF-8", "not square"],
)
def test_an_icon_that_cannot_be_drawn_is_a_problem(data: bytes, templates: Folder) -> None:
    """It names the file, and nothing is built."""
    files = {PurePosixPath(path): text.encode() for path, text in BOOK.items()}
    broken = Folder("templates", {**templates.files, ICON: data}, root=templates.root)
    outcome = build_site(Folder("content", files), broken, "site", "")
    (diagnostic,) = outcome.diagnostics
    assert diagnostic.rule in {Rule.TEMPLATE_ERROR, Rule.NOT_UTF8}
    assert diagnostic.span.path == "templates/assets/icon.svg"
    assert outcome.files is None
