"""Every page of the repository's book."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from codebook.book import urls
from codebook.book.settings import MAX_SUMMARY
from codebook.build.pipeline import build_site
from codebook.diagnostics.source import Folder
from tests.book_files import GUIDES, SETTINGS, TABLES, register_by_code
from tests.offenders import assert_none
from tests.sample_books import PUBLIC, REPOSITORY, Files

Pages = Mapping[str, BeautifulSoup]

CODES = sorted(register_by_code())
CLASSES = sorted({code // 100 for code in CODES})
URLS = [
    "",
    urls.ERROR_PAGE,
    "status/",
    *(f"status/{code}/" for code in CODES),
    *(f"status/{digit}xx/" for digit in CLASSES),
    "guides/",
    *(f"guides/{path.stem}/" for path in GUIDES),
    "tables/",
    *(f"tables/{path.stem}/" for path in TABLES),
]
"""The URLs of all pages."""
BASE = "https://site.invalid/"


@cache
def entry(code: int) -> tuple[int, str]:
    """The line of a code in its register and its whole text, read line by line."""
    lines = register_by_code()[code].read_text(encoding="utf-8").splitlines()
    starts = [at for at, line in enumerate(lines) if re.match(rf"- {code}\b", line)]
    (first,) = starts
    after = first + 1
    while after < len(lines) and not re.match(r"- |#", lines[after]):
        after += 1
    text = " ".join(" ".join(lines[first + 1 : after]).split())
    return first + 1, re.sub(r"\[(.+?)\]\(.+?\)|`", lambda match: match[1] or "", text)


@pytest.fixture(scope="session")
def texts(pages: Pages) -> Mapping[str, str]:
    """The text of the content of each page."""
    return {url: text_of(main_of(page)) for url, page in pages.items()}


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


def test_every_document_has_its_page(pages: Pages) -> None:
    """Each code, class, guide, and table has a page."""
    assert sorted(pages) == sorted(URLS)


def structural_errors(page: BeautifulSoup) -> Iterator[str]:
    """The errors in the structure of a page."""
    if len(page.find_all("h1")) != 1:
        yield "has not exactly one h1"
    ids = [attribute(tag, "id") for tag in page.find_all(id=True)]
    yield from (f"repeats the id {name}" for name in {*ids} if ids.count(name) > 1)
    if page.select_one("html[lang=en]") is None:
        yield "has no language"
    description = page.select_one("meta[name=description]")
    text = attribute(description, "content") if description else ""
    if not 20 <= len(text) <= MAX_SUMMARY or not text.endswith((".", "?")) or "…" in text:
        yield f"has the description {description}"
    levels = [int(tag.name[1]) for tag in page.find_all(re.compile(r"^h[1-6]$"))]
    if any(after - before > 1 for before, after in pairwise(levels)):
        yield f"has headings of the levels {levels}"


def test_a_page_is_well_structured(pages: Pages) -> None:
    """It has one h1, unique ids, a language, a description, and no skipped heading levels."""
    assert_none(f"/{url} {error}" for url in pages for error in structural_errors(pages[url]))


def test_a_page_shows_no_template_syntax(pages: Pages, texts: Mapping[str, str]) -> None:
    """It shows no missing value either."""
    assert_none(
        f"/{url}: {text}"
        for url, page in pages.items()
        for text in page.find_all(string=True)
        if text.strip() in {"None", "undefined", "True", "False", "()"}
    )
    raw = re.compile(r"\{\{|\{%|Markup\(")
    assert_none(f"/{url}: {match}" for url in texts for match in raw.findall(text_of(pages[url])))


def test_no_page_contains_style_sheets_or_scripts(pages: Pages) -> None:
    """Pages refer to them; data blocks are the exception."""
    inline = "style, [style], script:not([src]):not([type='application/ld+json'], #ui-words)"
    assert_none(f"/{url}: {tag}" for url, page in pages.items() for tag in page.select(inline))


def test_every_link_of_a_page_resolves(pages: Pages, built_site: Files) -> None:
    """The target is a page, a file, or an element of the site."""
    links = [
        (url, str(tag.get("href") or tag.get("src")))
        for url, page in pages.items()
        for tag in page.select("a, link, script[src]")
    ]
    internal = [link for link in links if not link[1].startswith(("https:", "http:", "mailto:"))]
    assert internal
    ids = {url: {str(tag["id"]) for tag in page.find_all(id=True)} for url, page in pages.items()}
    files = {path.as_posix() for path in built_site if path.suffix != ".html"}
    offenders = []
    for url, link in internal:
        way, _, anchor = urljoin(BASE + url, link).removeprefix(BASE).partition("#")
        target = way.partition("?")[0]
        is_built = target in pages or target in files
        is_relative = url == urls.ERROR_PAGE or not link.startswith("/")
        if not is_built or not is_relative or (anchor and anchor not in ids.get(target, {anchor})):
            offenders.append(f"/{url} links to {link}")
    assert_none(offenders)


def test_titles_are_all_different(pages: Pages) -> None:
    """Pages can be distinguished in the history or in search results."""
    titles = [text_of(page.title) for page in pages.values() if page.title]
    assert len(titles) == len(URLS)
    assert_none({title for title in titles if titles.count(title) > 1})


def test_a_page_preloads_the_numerals_only_if_it_has_numbers(pages: Pages) -> None:
    """Browsers warn about unused preloads."""
    preload, number = "link[rel=preload][as=font]", ".number"
    assert any(page.select(preload) for page in pages.values())
    assert_none(
        f"/{url}"
        for url, page in pages.items()
        if len(page.select(preload)) != bool(page.select_one(number))
    )


def test_nothing_comes_from_another_host(pages: Pages) -> None:
    """This includes images, style sheets, scripts, and fonts."""
    assert_none(
        f"/{url}: {tag}"
        for url, page in pages.items()
        for tag in page.find_all(["link", "script", "img", "iframe", "source"])
        if re.match(r"[a-z]+:|//", str(tag.get("href") or tag.get("src")))
    )


def test_the_page_of_a_code_has_its_whole_text(texts: Mapping[str, str]) -> None:
    """The page of its class and the page of all codes have it too."""
    assert all(entry(code)[1] for code in CODES)
    assert_none(
        f"/{url}: {code}"
        for code in CODES
        for url in (f"status/{code}/", f"status/{code // 100}xx/", "status/")
        if entry(code)[1] not in texts[url]
    )


def test_the_authors_of_the_seed_are_credited(pages: Pages, texts: Mapping[str, str]) -> None:
    """A page with a text that the credit is about names its license, and no other page does."""
    (credit,) = SETTINGS["credits"]
    assert all(register_by_code()[code].name in credit["documents"] for code in credit["codes"])
    seed_texts = [entry(code)[1] for code in credit["codes"]]
    footers = {url: page.select("footer")[0] for url, page in pages.items()}
    credited = {url for url, footer in footers.items() if "CC BY-SA 2.5" in text_of(footer)}
    assert credited
    assert credited == {url for url in URLS if any(text in texts[url] for text in seed_texts)}


def test_neighbors_form_a_chain_over_all_codes(pages: Pages) -> None:
    """Following links to the next code visits every code once, and previous links return."""
    for way, order in (("next", CODES), ("prev", CODES[::-1])):
        expected = dict(zip(order, [*order[1:], None], strict=True))
        links = {code: pages[f"status/{code}/"].find("a", rel=way) for code in CODES}
        neighbors = {
            code: int(str(link.get("href")).split("/")[-2]) if link else None
            for code, link in links.items()
        }
        assert_none(
            f"{way} of {code} is {neighbors[code]}"
            for code in CODES
            if neighbors[code] != expected[code]
        )


def navigation_errors(page: BeautifulSoup, *, is_at_top: bool) -> Iterator[str]:
    """The errors in the breadcrumbs and the skip link of a page."""
    trail = page.find("nav", attrs={"aria-label": "Breadcrumb"})
    if (trail is None) != is_at_top:
        yield "has breadcrumbs" if is_at_top else "has no breadcrumbs"
    if isinstance(trail, Tag):
        first, *_, last = trail.find_all("li")
        if text_of(first) != "Home" or last.get("aria-current") != "page":
            yield f"has the breadcrumbs {text_of(trail)}"
    skip = page.find("a")
    if not isinstance(skip, Tag) or skip["href"] != "#main" or main_of(page)["id"] != "main":
        yield "has no skip link"


def test_every_page_has_breadcrumbs_and_a_skip_link(pages: Pages) -> None:
    """Breadcrumbs start at the home page, and the first link skips the menu."""
    assert_none(
        f"/{url} {error}"
        for url, page in pages.items()
        for error in navigation_errors(page, is_at_top=url in {"", urls.ERROR_PAGE})
    )


def test_canonical_links_need_a_base_url(pages: Pages, public_site: Files) -> None:
    """With one, every page but the error page has a link; without one, no page does."""
    assert_none(f"/{url}" for url, page in pages.items() if page.find("link", rel="canonical"))
    canonical = {
        url: re.findall(
            r'<link rel="canonical" href="([^"]*)"', public_site[urls.output_path(url)].decode()
        )
        for url in URLS
    }
    assert canonical == {url: [] if url == urls.ERROR_PAGE else [PUBLIC + url] for url in URLS}


def test_the_error_page_works_at_any_depth(public_site: Files) -> None:
    """Its links are absolute with the base path, and search engines don't index it."""
    page = BeautifulSoup(public_site[PurePosixPath(urls.ERROR_PAGE)], "html.parser")
    base = urlsplit(PUBLIC).path
    links = [str(tag.get("href") or tag.get("src")) for tag in page.select("a, link, script[src]")]
    assert_none(link for link in links if not link.startswith((base, "#")))
    robots = page.find("meta", attrs={"name": "robots"})
    assert isinstance(robots, Tag)
    assert robots["content"] == "noindex"
    codes = {str(tag["data-code"]): str(tag["href"]) for tag in page.select("a[data-code]")}
    assert codes == {str(code): f"{base}status/{code}/" for code in CODES}


def test_no_other_file_has_the_error_pages_name(built_site: Files) -> None:
    """Some hosts send the nearest `404.html` in a parent folder."""
    assert [path for path in built_site if path.name == "404.html"] == [PurePosixPath("404.html")]


def test_an_edit_link_points_to_file_and_line(public_site: Files) -> None:
    """The line is that of the code in the register."""
    link = re.compile(rf'href="{re.escape(REPOSITORY)}/edit/main/content/([^"]*)"')
    linked = {
        code: link.findall(public_site[urls.output_path(f"status/{code}/")].decode())
        for code in CODES
    }
    lines = {code: f"{register_by_code()[code].name}#L{entry(code)[0]}" for code in CODES}
    assert_none(
        f"{code}: {linked[code]}, not {lines[code]}"
        for code in CODES
        if lines[code] not in linked[code]
    )


def test_without_a_repository_there_are_no_edit_links(pages: Pages) -> None:
    """The settings name no repository."""
    edit = re.compile("^Edit")
    assert_none(f"/{url}" for url, page in pages.items() if page.find("a", string=edit))


@pytest.mark.parametrize("name", ["http-status-codes.md", "unofficial-status-codes.md"])
def test_a_register_is_enough_for_a_site(
    name: str, content: Folder, templates_without_fonts: Folder
) -> None:
    """Settings, the text of the home page, and facts are optional."""
    files = {PurePosixPath("only.md"): content.files[PurePosixPath(name)]}
    result = build_site(Folder("content", files), templates_without_fonts, "site", "")
    assert result.files is not None
    assert {urls.output_path(url) for url in ("", urls.ERROR_PAGE, "status/")} <= set(result.files)
