"""A book in a language that is written from right to left."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from msgspec.structs import replace
from playwright.sync_api import Page, expect

from codebook.diagnostics.source import Folder
from tests.browser.page_kinds import OpenPage, ServeBook
from tests.offenders import assert_none

BOOK = {
    "book.toml": 'title = "رموز"\nlanguage = "ar"\nheadings = ["مثال"]\n',
    "codes.md": "# رموز\n\n1. نجاح (10–19)\n2. أخطاء (20–29)\n\n"
    "## 1. نجاح\n\n- 11 نعم\nنجح الطلب.\n\n"
    "## 2. أخطاء\n\n- 21 خطأ\nفشل الطلب.\n",
    "codes/21.md": '```toml\n[facts.stored]\nvalue = "لا"\nsource = "x"\n```\n\n## مثال\n\n'
    "نص `f(1, 2)`.\n\n```http\nGET /x HTTP/1.1\n```\n\n> [!NOTE]\n> نص.\n",
    "facts.toml": '[stored]\nlabel = "مخزن"\nabout = "هل يخزن؟"\nvalues = { "لا" = "لا يخزن" }\n',
    "guides/choose.md": "# أي رمز؟\n\nنص.\n",
    "tables/names.md": '```toml\ntitle = "جدول"\nsource = "x"\nread = 2026-11-23\nlicense = "x"\n'
    '[columns]\ncode = "رمز"\nname = "اسم"\n```\n\nوصف.\n',
    "tables/names.csv": "code,name\n11,OK\n",
}
URLS = ("/", "/status/", "/status/2x/", "/status/21/", "/guides/choose/", "/tables/names/")

BESIDE = """() => {
  const { width } = document.documentElement.getBoundingClientRect();
  return [...document.querySelectorAll("body *")].filter((element) => {
    const { left, right, width: own } = element.getBoundingClientRect();
    return own > 1 && (left < -1 || right > width + 1) && element.checkVisibility();
  }).map((element) => element.outerHTML.slice(0, 90));
}"""
MIRRORED = """() => {
  const at = (selector) => document.querySelector(selector).getBoundingClientRect();
  const style = getComputedStyle(document.querySelector(".alert"));
  const { right } = at("h1");
  return {
    number: Math.abs(at("h1 .number").right - right) < 1,
    heading: Math.abs(at("h2").right - right) < 1,
    previous: Math.abs(at("[rel=prev]").right - right) < 1,
    brand: at(".brand").left > at(".tools").left,
    menu: at(".top li:first-child").left > at(".top li:last-child").left,
    alert: parseFloat(style.borderRightWidth) > parseFloat(style.borderLeftWidth),
  };
}"""
DIRECTION = "element => getComputedStyle(element).direction"


def in_arabic(templates: Folder) -> Folder:
    """The templates, as if their words were Arabic."""
    path = PurePosixPath("words.toml")
    words = templates.files[path].replace(b'language = "en"', b'language = "ar"')
    return replace(templates, files={**templates.files, path: words})


@pytest.fixture(scope="module")
def translated(serve_book: ServeBook, templates_without_fonts: Folder) -> str:
    """The origin of the book with an interface in its language."""
    return serve_book(BOOK, in_arabic(templates_without_fonts))


@pytest.fixture(scope="module")
def mixed(serve_book: ServeBook, templates_without_fonts: Folder) -> str:
    """The origin of the book with an English interface."""
    return serve_book(BOOK, templates_without_fonts)


def search(page: Page) -> None:
    """Open the search, and find the guide."""
    page.keyboard.press("/")
    page.get_by_role("combobox").fill("رمز")
    expect(page.get_by_role("option").first).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_is_mirrored(translated: str, open_page: OpenPage, width: int) -> None:
    """Nothing reaches out of the page, and everything begins at the right."""
    for url in URLS:
        assert_none(open_page(translated + url, width=width).evaluate(BESIDE))
    mirrored = open_page(f"{translated}/status/21/", width=width).evaluate(MIRRORED)
    assert mirrored == dict.fromkeys(mirrored, True)


def test_code_stays_left_to_right(translated: str, open_page: OpenPage) -> None:
    """In code blocks and in text."""
    page = open_page(f"{translated}/status/21/")
    directions = [code.evaluate(DIRECTION) for code in page.locator("main :is(pre, code)").all()]
    assert directions == ["ltr"] * 3
    assert page.locator("main p").first.evaluate(DIRECTION) == "rtl"


def test_the_search_is_in_the_languages_of_its_texts(
    translated: str, mixed: str, open_page: OpenPage
) -> None:
    """The dialog has the language of the interface, and its results have that of the book."""
    found = {}
    for origin in (translated, mixed):
        page = open_page(f"{origin}/")
        search(page)
        found[origin] = [
            (part.get_attribute("lang"), part.get_attribute("dir"))
            for part in (page.get_by_role("dialog"), page.get_by_role("listbox"))
        ]
        number = page.get_by_role("option").first.locator(".number")
        assert "←" in number.evaluate("it => getComputedStyle(it, '::before').content")
    assert found == {
        translated: [("ar", "rtl"), ("ar", "rtl")],
        mixed: [("en", "ltr"), ("ar", "rtl")],
    }


def test_the_title_of_the_site_keeps_its_language(mixed: str, open_page: OpenPage) -> None:
    """The header around it has the language of the interface."""
    page = open_page(f"{mixed}/")
    assert page.locator("header").get_attribute("lang") == "en"
    title = page.locator(".brand span")
    assert (title.get_attribute("lang"), title.get_attribute("dir")) == ("ar", "rtl")
