"""All text from scripts and the preview comes from the file of words, in every state."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from audit.hosting import serve
from codebook.build.pipeline import build_site
from codebook.diagnostics.source import Folder
from codebook.io.sources import read_folder
from codebook.site.words import PATH
from tests.bracketed_words import BOOK, bracketed, keys, large_book, outside, seen
from tests.browser.page_kinds import NewContext
from tests.browser.page_monitor import PageMonitor
from tests.browser.preview_pages import PreviewPages, corner, overlay
from tests.preview_process import ROOT, replace_text, running_preview
from tests.trees import write_tree

ALLOWED = ["clipboard-read", "clipboard-write"]
TEXTS = """() => {
  const texts = [];
  const read = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.matches("script, style")) continue;
      for (const child of element.childNodes)
        if (child.nodeType === Node.TEXT_NODE) texts.push(child.data);
      for (const name of ["aria-label", "title", "alt", "placeholder"])
        if (element.hasAttribute(name)) texts.push(element.getAttribute(name));
      if (element.shadowRoot) read(element.shadowRoot);
    }
  };
  read(document.documentElement);
  return texts;
}"""
"""Every text of the page and every attribute that is read aloud, hidden or not."""

Texts = list[str]


def visit(page: Page, path: str) -> None:
    """Open another page of the same site."""
    parts = urlsplit(page.url)
    page.goto(f"{parts.scheme}://{parts.netloc}{path}")


def tables(*names: str) -> set[str]:
    """The keys of some tables of the file."""
    words = tomllib.loads((ROOT / "templates" / PATH).read_text(encoding="utf-8"))
    return {key for name in names for key in keys(words[name], f"{name}.")}


@pytest.fixture(scope="module")
def greek_origin(
    templates_without_fonts: Folder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The origin of a site with its words in brackets."""
    result = build_site(large_book(), bracketed(templates_without_fonts), "site", "")
    assert result.files is not None, result.diagnostics
    with serve(write_tree(tmp_path_factory.mktemp("words"), result.files)) as origin:
        yield origin


@pytest.fixture
def greek_page(new_context: NewContext, page_monitor: PageMonitor, greek_origin: str) -> Page:
    """A page of that site with permission to write to the clipboard."""
    page_monitor.origins.add(greek_origin)
    page = new_context(permissions=ALLOWED).new_page()
    page.goto(greek_origin)
    return page


def search(page: Page, collected: Texts) -> None:
    """Show every status of the dialog."""
    visit(page, "/signals/11/")
    page.locator("#ui-search").click()
    for query, key in (
        ("", "hint"),
        ("12", "count"),
        ("19", "unassigned"),
        ("99", "impossible"),
        ("οδηγός", "more"),
        ("οδηγςό", "meant"),
        ("ωωωωωω", "none"),
    ):
        page.locator("#ui-query").fill(query)
        expect(page.get_by_role("dialog")).to_contain_text(f"results.{key}:")
        collected += page.evaluate(TEXTS)


def search_without_index(page: Page, collected: Texts) -> None:
    """Show the error in the dialog if the index is missing."""
    page.route("**/search.json", lambda route: route.abort())
    visit(page, "/signals/11/")
    page.locator("#ui-search").click()
    expect(page.locator("dialog [role=status]")).to_contain_text("search.failed:")
    collected += page.evaluate(TEXTS)
    page.unroute("**/search.json")


def copy(page: Page, collected: Texts) -> None:
    """Show every state of the copy menu."""
    visit(page, "/signals/11/")
    opener = page.locator("#ui-copy > button")
    last = page.locator("#ui-copy [role=group] button").last
    opener.click()
    collected += page.evaluate(TEXTS)
    last.click()
    expect(opener).to_contain_text("copy.copied:")
    collected += page.evaluate(TEXTS)
    expect(opener).to_contain_text("copy.button:")

    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/index.md", refuse)
    opener.click()
    last.click()
    expect(opener).to_contain_text("copy.failed:")
    collected += page.evaluate(TEXTS)
    expect(opener).to_contain_text("copy.button:")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    opener.click()
    page.locator("#ui-copy [role=group] button").first.click()
    expect(opener).to_contain_text("copy.blocked:")
    collected += page.evaluate(TEXTS)


def switch_themes(page: Page, collected: Texts) -> None:
    """Show the name of each theme."""
    visit(page, "/")
    for theme in ("auto", "light", "dark"):
        expect(page.locator("#ui-theme-name")).to_contain_text(f"theme.{theme}:")
        collected += page.evaluate(TEXTS)
        page.locator("#ui-theme").click()


def filter_rows(page: Page, collected: Texts) -> None:
    """Show both statuses of a table."""
    visit(page, "/tables/lights/")
    page.get_by_role("checkbox").check()
    expect(page.locator(".filter [role=status]")).to_contain_text("rows.count:")
    collected += page.evaluate(TEXTS)
    page.get_by_role("textbox").last.fill("12")
    expect(page.locator(".filter [role=status]")).to_contain_text("rows.shown:")
    collected += page.evaluate(TEXTS)


def suggest(page: Page, collected: Texts) -> None:
    """Show the results for the URL on the error page."""
    visit(page, "/nowhere/12")
    expect(page.locator(".find .links li").first).to_be_visible()
    collected += page.evaluate(TEXTS)


def test_every_word_of_a_script_is_in_the_file(greek_page: Page, page_monitor: PageMonitor) -> None:
    """Every word in the file for scripts is used, too."""
    collected: Texts = []
    page_monitor.missing |= {"/nowhere/12"}
    for states in (search, copy, switch_themes, filter_rows, suggest):
        states(greek_page, collected)
    search_without_index(greek_page, collected)
    page_monitor.errors[:] = [each for each in page_monitor.errors if "ERR_FAILED" not in each]
    assert outside(collected) == []
    used = tables("theme", "copy", "search", "results", "rows")
    assert used - seen(collected) == set()


@pytest.fixture
def greek_preview(
    tmp_path: Path, page_monitor: PageMonitor, new_context: NewContext, templates: Folder
) -> Iterator[PreviewPages]:
    """A preview of the same book."""
    write_tree(tmp_path / "content", read_folder(BOOK, "content").files)
    write_tree(tmp_path / "templates", bracketed(templates).files)
    with running_preview(tmp_path) as preview:
        page_monitor.origins.add(preview.url.rstrip("/"))
        yield PreviewPages(preview, new_context)


SHOW = """async (states) => {
  const { show } = await import("/-codebook/overlay.js");
  states.forEach(show);
}"""
SHADOW = """() => {
  const texts = [];
  const root = document.getElementById("codebook-preview").shadowRoot;
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode())
    if (!nodes.currentNode.parentElement.closest(".location, pre, style, [lang=en]"))
      texts.push(nodes.currentNode.data);
  for (const part of root.querySelectorAll("[aria-label]")) texts.push(part.ariaLabel);
  return texts;
}"""
"""The texts of the overlay, without those of the diagnostics, which are English."""


def test_every_word_of_the_overlay_is_in_the_file(greek_preview: PreviewPages) -> None:
    """The states are errors, warnings, too many of them, and an invalid file of words."""
    page = greek_preview.open("/signals/11/")
    preview = greek_preview.preview
    texts: Texts = []

    def collect(key: str) -> None:
        expect(overlay(page)).to_contain_text(f"preview.{key}:")
        texts.extend(page.evaluate(SHADOW))

    preview.edit("codes/11.md", 'name = "', "name = ")
    collect("errors")
    preview.edit("codes/11.md", "name = ", 'name = "')
    expect(overlay(page)).to_have_count(0)
    replace_text(preview.templates / PATH, "header.skip", "header.skp")
    collect("last_good")
    replace_text(preview.templates / PATH, "header.skp", "header.skip")
    expect(overlay(page)).to_have_count(0)
    location = {"position": "⟦⟧", "editor_url": "", "line_number": ""}
    warning: dict[str, object] = {
        "severity": "warning",
        "rule": "",
        "message": "",
        "location": None,
        "help": "⟦⟧",
        "more": 2,
    }
    warning |= {"note": "⟦⟧", "note_location": location}
    state = {"build": "9", "isGood": True, "hasSite": True, "omitted": 0, "diagnostics": [warning]}
    for change, key in (
        ({}, "warned"),
        ({"isGood": False, "hasSite": False, "build": "10", "omitted": 2}, "no_site"),
    ):
        page.evaluate(SHOW, [{**state, **change}])
        if key == "warned":
            corner(page).click()
        collect(key)
        page.keyboard.press("Escape")
    assert outside(re.sub(r"\[[\w-]+\]$", "", text) for text in texts) == []
    # tests/preview checks the title of the page before the first build.
    assert tables("preview") - seen(texts) == {"preview.not_built"}


def test_an_edit_of_the_words_shows_on_open_pages(greek_preview: PreviewPages) -> None:
    """Words in templates and words read by scripts both change."""
    page = greek_preview.open("/signals/11/")
    path = greek_preview.preview.templates / PATH
    replace_text(path, "Skip to main content", "Zum Inhalt")
    expect(page.locator(".skip")).to_contain_text("Zum Inhalt")
    replace_text(path, "⟦copy.button: Copy⟧", "⟦copy.button: Kopieren⟧")
    expect(page.locator("#ui-copy > button")).to_contain_text("Kopieren")
