"""Every page of the book that this repository publishes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path, PurePosixPath

import pytest
from bs4 import BeautifulSoup, Tag

from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.source import Folder
from tests.book_files import register_by_code

ROOT = Path(__file__).resolve().parents[2]
Site = Mapping[PurePosixPath, bytes]

CODES = sorted(register_by_code())
CLASSES = sorted({code // 100 for code in CODES})
PAGES = [
    "index.html",
    "404.html",
    "status/index.html",
    *(f"status/{code}/index.html" for code in CODES),
    *(f"status/{digit}xx/index.html" for digit in CLASSES),
    *(f"guides/{path.stem}/index.html" for path in sorted((ROOT / "content/guides").glob("*.md"))),
    *(f"tables/{path.stem}/index.html" for path in sorted((ROOT / "content/tables").glob("*.md"))),
]
EVERY = pytest.mark.parametrize("path", PAGES)


def entry(code: int) -> tuple[int, str]:
    """The line of a code in its register and its whole text, read by lines."""
    lines = register_by_code()[code].read_text(encoding="utf-8").splitlines()
    starts = [at for at, line in enumerate(lines) if re.match(rf"- {code}\b", line)]
    (first,) = starts
    after = first + 1
    while after < len(lines) and not re.match(r"- |#", lines[after]):
        after += 1
    text = " ".join(" ".join(lines[first + 1 : after]).split())
    return first + 1, re.sub(r"\[(.+?)\]\(.+?\)|`", lambda match: match[1] or "", text)


@pytest.fixture(scope="module")
def soups(built_site: Site) -> Mapping[str, BeautifulSoup]:
    """Every page, parsed."""
    return {
        path.as_posix(): BeautifulSoup(data, "html.parser")
        for path, data in built_site.items()
        if path.suffix == ".html" and b'http-equiv="refresh"' not in data
    }


@pytest.fixture(scope="module")
def published(
    content: Folder, templates_without_fonts: Folder
) -> Callable[..., Mapping[str, BeautifulSoup]]:
    """The site with a base URL, or with more settings."""

    @cache
    def published(url: str = "", settings: str = "") -> Mapping[str, BeautifulSoup]:
        book = PurePosixPath("book.toml")
        files = {**content.files, book: settings.encode() + content.files[book]}
        result: BuildResult = build_site(
            Folder("content", files), templates_without_fonts, "site", url
        )
        assert result.files is not None, result.diagnostics
        return {
            path.as_posix(): BeautifulSoup(data, "html.parser")
            for path, data in result.files.items()
            if path.suffix == ".html" and b'http-equiv="refresh"' not in data
        }

    return published


def main_of(soup: BeautifulSoup) -> Tag:
    """The content of a page."""
    main = soup.find("main")
    assert isinstance(main, Tag)
    return main


def text_of(tag: Tag) -> str:
    """Its text, with spaces collapsed."""
    return " ".join(tag.get_text(" ").split())


def attribute(tag: Tag, name: str) -> str:
    """The value of an attribute that occurs once."""
    value = tag[name]
    assert isinstance(value, str)
    return value


def test_the_site_holds_these_pages_and_no_other(soups: Mapping[str, BeautifulSoup]) -> None:
    """A page for each code of the registers, for each class, guide and table."""
    assert sorted(soups) == sorted(PAGES)


@EVERY
def test_a_page_is_sound(path: str, soups: Mapping[str, BeautifulSoup]) -> None:
    """One h1, unique ids, a language, a description that fits, headings that go down by one."""
    soup = soups[path]
    assert len(soup.find_all("h1")) == 1
    ids = [attribute(tag, "id") for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    html = soup.find("html")
    assert isinstance(html, Tag)
    assert html["lang"] == "en"
    description = soup.find("meta", attrs={"name": "description"})
    assert isinstance(description, Tag)
    assert 20 <= len(attribute(description, "content")) <= 160
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile(r"^h[1-6]$"))]
    assert all(after - before <= 1 for before, after in pairwise(levels))


@EVERY
def test_a_page_shows_nothing_raw(path: str, soups: Mapping[str, BeautifulSoup]) -> None:
    """No value that was missing, no template syntax, no code inside the page."""
    soup = soups[path]
    alone = {text.strip() for text in soup.find_all(string=True)}
    assert not alone & {"None", "undefined", "True", "False", "()"}
    assert not re.search(r"\{\{|\{%|Markup\(", text_of(soup))
    assert soup.find_all("style") == []
    inside = [tag for tag in soup.find_all("script") if not tag.has_attr("src")]
    assert all(tag["type"] == "application/ld+json" for tag in inside)
    assert soup.find_all(style=re.compile("")) == []


@EVERY
def test_every_link_of_a_page_leads_somewhere(
    path: str, soups: Mapping[str, BeautifulSoup], built_site: Site
) -> None:
    """To a page or file that is built, and to an id that is on it."""
    page = PurePosixPath("/", path)
    for tag in soups[path].find_all(["a", "link", "script"]):
        if tag.name == "script" and not tag.has_attr("src"):
            continue
        url = str(tag.get("href") or tag.get("src"))
        if url.startswith(("https://", "http://", "mailto:")):
            continue
        assert path == "404.html" or not url.startswith("/")
        way, _, anchor = url.partition("#")
        way = way.partition("?")[0]
        parts: list[str] = []
        for part in PurePosixPath(page.parent, way).parts if way else page.parts:
            parts = parts[:-1] if part == ".." else [*parts, part]
        target = PurePosixPath(*parts).relative_to("/")
        file = target / "index.html" if way.endswith(("/", "..")) or not target.suffix else target
        if file.suffix == ".html":
            assert file.as_posix() in soups, url
            assert not anchor or soups[file.as_posix()].find(id=anchor), url
        else:
            assert file in built_site, url


def test_titles_are_all_different(soups: Mapping[str, BeautifulSoup]) -> None:
    """The pages can be distinguished in a history or a list of results."""
    titles = [text_of(soup.title) for soup in soups.values() if soup.title]
    assert len(set(titles)) == len(PAGES)


@EVERY
def test_a_page_preloads_the_numerals_only_if_it_has_numbers(
    path: str, soups: Mapping[str, BeautifulSoup]
) -> None:
    """Browsers warn about unused preloads."""
    soup = soups[path]
    preloads = soup.select("link[rel=preload][as=font]")
    assert len(preloads) == bool(soup.select(".number"))


@EVERY
def test_nothing_comes_from_another_host(path: str, soups: Mapping[str, BeautifulSoup]) -> None:
    """No image, style sheet, script, or font."""
    for tag in soups[path].find_all(["link", "script", "img", "iframe", "source"]):
        assert not re.match(r"[a-z]+:|//", str(tag.get("href") or tag.get("src")))


@pytest.mark.parametrize("code", CODES)
def test_the_page_of_a_code_holds_its_whole_text(
    code: int, soups: Mapping[str, BeautifulSoup]
) -> None:
    """So do the page of its class and the page of all codes."""
    _, text = entry(code)
    assert text
    for path in (f"status/{code}", f"status/{code // 100}xx", "status"):
        assert text in text_of(main_of(soups[f"{path}/index.html"])), path


@EVERY
def test_the_authors_of_the_seed_are_credited(
    path: str, soups: Mapping[str, BeautifulSoup]
) -> None:
    """A page that shows a text of the seed's register names its license; no other page does."""
    main = text_of(main_of(soups[path]))
    has_seed_text = any(
        entry(code)[1] in main
        for code in CODES
        if register_by_code()[code].stem == "http-status-codes"
    )
    footer = soups[path].find("footer")
    assert isinstance(footer, Tag)
    assert ("CC BY-SA 2.5" in text_of(footer)) == has_seed_text


def test_neighbors_form_a_chain_over_all_codes(soups: Mapping[str, BeautifulSoup]) -> None:
    """Next, next, next: every code once, and back again."""
    for way, order in (("next", CODES), ("prev", CODES[::-1])):
        for code, neighbor in zip(order, [*order[1:], None], strict=True):
            link = soups[f"status/{code}/index.html"].find("a", rel=way)
            number = None if link is None else int(str(link.get("href")).split("/")[-2])
            assert number == neighbor


@EVERY
def test_a_trail_leads_home_from_every_page_below_it(
    path: str, soups: Mapping[str, BeautifulSoup]
) -> None:
    """And a first link leads past the menu to the content."""
    soup = soups[path]
    trail = soup.find("nav", attrs={"aria-label": "Breadcrumb"})
    assert (trail is None) == (path in {"index.html", "404.html"})
    if isinstance(trail, Tag):
        first, *_, last = trail.find_all("li")
        assert text_of(first) == "Home"
        assert last.get("aria-current") == "page"
    skip = soup.find("a")
    assert isinstance(skip, Tag)
    assert skip["href"] == "#main"
    assert main_of(soup)["id"] == "main"


def test_canonical_links_need_a_base_url(
    soups: Mapping[str, BeautifulSoup],
    published: Callable[..., Mapping[str, BeautifulSoup]],
) -> None:
    """With one, every page but the error page has one; without, none has."""
    assert not any(soup.find("link", rel="canonical") for soup in soups.values())
    for path, soup in published("https://example.org/repo/").items():
        link = soup.find("link", rel="canonical")
        url = path.removesuffix("index.html")
        expected = None if path == "404.html" else f"https://example.org/repo/{url}"
        assert (link and link["href"]) == expected


def test_the_error_page_works_at_any_depth(
    published: Callable[..., Mapping[str, BeautifulSoup]],
) -> None:
    """Its links are absolute and know the base path, it is in no index, and nothing leads to it."""
    site = published("https://example.org/repo/")
    page = site["404.html"]
    for tag in page.find_all(["a", "link", "script"]):
        url = str(tag.get("href") or tag.get("src"))
        assert url.startswith(("/repo/", "#")), tag
    robots = page.find("meta", attrs={"name": "robots"})
    assert isinstance(robots, Tag)
    assert robots["content"] == "noindex"
    for code in CODES:
        assert page.find("a", href=f"/repo/status/{code}/", attrs={"data-code": str(code)})
    for soup in site.values():
        assert not [tag for tag in soup.find_all("a") if "404.html" in str(tag.get("href"))]


def test_no_other_file_has_the_error_pages_name(built_site: Site) -> None:
    """Some hosts send the nearest `404.html` up the tree."""
    assert [path for path in built_site if path.name == "404.html"] == [PurePosixPath("404.html")]


@pytest.mark.parametrize("code", CODES)
def test_an_edit_link_leads_to_file_and_line(
    code: int, published: Callable[..., Mapping[str, BeautifulSoup]]
) -> None:
    """To the very line of the register that names the code."""
    site = published(settings='repository = "https://git.example/a/b"\n')
    line, _ = entry(code)
    url = f"https://git.example/a/b/edit/main/content/{register_by_code()[code].name}#L{line}"
    assert site[f"status/{code}/index.html"].find("a", href=url)


def test_without_a_repository_nothing_can_be_edited(
    soups: Mapping[str, BeautifulSoup],
) -> None:
    """No link that leads nowhere."""
    assert not any(soup.find("a", string=re.compile("^Edit")) for soup in soups.values())


@pytest.mark.parametrize("name", ["http-status-codes.md", "unofficial-status-codes.md"])
def test_a_register_alone_makes_a_whole_site(name: str, content: Folder, templates: Folder) -> None:
    """No settings, no home text, no facts."""
    files = {PurePosixPath("only.md"): content.files[PurePosixPath(name)]}
    result = build_site(Folder("content", files), templates, "site", "")
    assert result.files is not None
    assert {PurePosixPath(path) for path in ("index.html", "404.html", "status/index.html")} <= set(
        result.files
    )
