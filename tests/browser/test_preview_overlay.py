"""The diagnostics of a build appear above the page, as text, until the next good build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_kinds import NewContext
from tests.browser.page_monitor import PageMonitor
from tests.browser.preview_pages import (
    PreviewPages,
    corner,
    expect_no_overlay,
    is_in_place,
    overlay,
)
from tests.browser.test_soundness import axed
from tests.preview_process import PAGE, Preview, copy_book, replace_text, running_preview, save

ARTICLE = "codes/1010.md"
RIGHT, WRONG = 'name = "Come in"', "name = Come in"
SHOW = """async (states) => {
  const { show } = await import("/-codebook/overlay.js");
  states.forEach(show);
}"""
GOOD = {"build": "98", "isGood": True, "hasSite": True, "diagnostics": [], "omitted": 0}
BAD = {**GOOD, "build": "97", "isGood": False, "omitted": 3}
HOSTILE = "<img src=x onerror=alert(1)>"
RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT OVERRIDE}"


def break_article(pages: PreviewPages) -> None:
    """Save an error."""
    pages.preview.edit(ARTICLE, RIGHT, WRONG)


def fix_article(pages: PreviewPages) -> None:
    """Undo it."""
    pages.preview.edit(ARTICLE, WRONG, RIGHT)


def test_an_error_appears_above_the_last_good_page_until_it_is_fixed(pages: PreviewPages) -> None:
    """It has a rule, location, excerpt, and help. The page below it stays the same."""
    page = pages.open(viewport={"width": 800, "height": 300})
    link = page.get_by_role("link", name="slowly")
    link.focus()
    page.evaluate("scrollTo(0, 40)")
    for _ in range(2):
        break_article(pages)
        expect(overlay(page)).to_be_visible()
        expect(overlay(page)).to_have_accessible_name("The site was not built: 1 error")
        for text in ("error[invalid-toml]", f"{ARTICLE}:2:8", "name = Come in", "^", "help:"):
            expect(overlay(page)).to_contain_text(text)
        fix_article(pages)
        expect_no_overlay(page)
        expect(link).to_be_focused()
    assert page.evaluate("scrollY") == 40
    assert is_in_place(page)


def test_the_marked_text_is_above_its_underline(pages: PreviewPages) -> None:
    """The font is monospace."""
    page = pages.open()
    break_article(pages)
    excerpt = overlay(page).locator("pre")
    text, underline = excerpt.inner_text().splitlines()
    assert text[underline.index("^") :].startswith("Come in")
    assert "monospace" in excerpt.evaluate("(element) => getComputedStyle(element).fontFamily")


def test_the_texts_of_diagnostics_are_marked_as_english(pages: PreviewPages) -> None:
    """The words around them have the language of the interface, and its direction."""
    page = pages.open()
    save(pages.preview.content / "facts.toml", "")
    texts = overlay(page).locator("[lang=en][dir=ltr]")
    expect(texts.first).to_have_text(re.compile("^the fact is unknown"))
    expect(texts.last).to_have_text(re.compile("^declare it"))
    expect(overlay(page).locator("pre")).to_have_attribute("dir", "ltr")
    expect(overlay(page).locator(".more")).to_have_text(re.compile("more that follow from it$"))


def test_a_location_opens_in_the_editor(pages: PreviewPages) -> None:
    """The pattern of the URL is configurable."""
    page = pages.open()
    break_article(pages)
    link = overlay(page).get_by_role("link", name=f"{ARTICLE}:2:8")
    path = quote((pages.preview.content / ARTICLE).resolve().as_posix())
    expect(link).to_have_attribute("href", f"vscode://file/{path}:2:8")


def test_the_editor_can_be_chosen(
    tmp_path: Path,
    page_monitor: PageMonitor,
    new_context: NewContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The setting is an environment variable, and file names are escaped in the URL."""
    monkeypatch.setenv("CODEBOOK_EDITOR", "idea://open?file={path}&line={line}&column={column}")
    folder = tmp_path / "a book & more?x#y"
    folder.mkdir()
    with running_preview(folder) as preview:
        page_monitor.origins.add(preview.url.rstrip("/"))
        pages = PreviewPages(preview, new_context)
        page = pages.open()
        break_article(pages)
        link = overlay(page).get_by_role("link")
        path = quote((preview.content / ARTICLE).resolve().as_posix())
        expect(link).to_have_attribute("href", f"idea://open?file={path}&line=2&column=8")
        page.close()


@pytest.mark.parametrize("way", ["Escape", "button"])
def test_the_overlay_can_be_dismissed(way: str, pages: PreviewPages) -> None:
    """It stays closed for this build on every page; the button and later failures reopen it."""
    page = pages.open()
    break_article(pages)
    expect(overlay(page)).to_be_visible()
    if way == "Escape":
        page.keyboard.press("Escape")
    else:
        overlay(page).get_by_role("button", name="Close").click()
    expect(overlay(page)).to_have_count(0)
    expect(corner(page)).to_have_text("1 error")
    page.get_by_role("link", name="All codes").first.click()
    expect(corner(page)).to_have_text("1 error")
    page.wait_for_timeout(300)
    expect(overlay(page)).to_have_count(0)
    corner(page).click()
    expect(overlay(page)).to_be_visible()
    page.keyboard.press("Escape")
    pages.preview.edit(ARTICLE, "slowly", "very slowly")
    expect(overlay(page)).to_be_visible()


def test_a_warning_covers_nothing(pages: PreviewPages) -> None:
    """A button in the corner opens the dialog."""
    page = pages.open()
    (pages.preview.content / "notes.doc").write_text("?", encoding="utf-8")
    expect(corner(page)).to_have_text("1 warning")
    expect(overlay(page)).to_have_count(0)
    pages.preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    expect(page.get_by_role("main")).to_contain_text("two ships at a time")
    corner(page).click()
    expect(overlay(page)).to_have_accessible_name("1 warning")
    expect(overlay(page)).to_contain_text("warning[unexpected-file]")
    expect(overlay(page)).to_contain_text("notes.doc:1:1")
    break_article(pages)
    expect(overlay(page)).to_have_accessible_name("The site was not built: 1 error, 1 warning")
    fix_article(pages)
    expect(overlay(page)).to_have_count(0)
    expect(corner(page)).to_have_text("1 warning")
    (pages.preview.content / "notes.doc").unlink()
    expect_no_overlay(page)
    assert is_in_place(page)


def test_hostile_names_and_texts_are_shown_as_text(
    pages: PreviewPages, page_monitor: PageMonitor
) -> None:
    """No script runs, nothing is loaded, and no character reverses the text next to it."""
    page = pages.open()
    names = [
        f"{HOSTILE}.md",
        "'\"><script>alert(1)<",
        f"{RIGHT_TO_LEFT}dm.exe.md",
        "&lt;b&gt;.md",
        "a`b$(c).md",
    ]
    for name in names:
        path = pages.preview.content / "guides" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"+++\n{HOSTILE} = {RIGHT_TO_LEFT}<b>\n+++\n", encoding="utf-8")
    pages.preview.edit(
        ARTICLE, RIGHT, f"{RIGHT}\nx = {HOSTILE} # {RIGHT_TO_LEFT} </pre><script>alert(1)</script>"
    )
    expect(overlay(page)).to_contain_text(f"guides/{HOSTILE}.md")
    expect(overlay(page)).to_contain_text("&lt;b&gt;.md")
    expect(overlay(page)).to_contain_text(f"x = {HOSTILE}")
    assert RIGHT_TO_LEFT not in overlay(page).inner_text()
    assert "\N{REPLACEMENT CHARACTER}dm.exe" in overlay(page).inner_text()
    assert overlay(page).locator("img, script, b:not(p > b), iframe, svg").count() == 0
    for link in overlay(page).get_by_role("link").all():
        assert (link.get_attribute("href") or "").startswith("vscode://file/")
    assert page_monitor.errors == []


def test_no_url_of_the_preview_opens_a_file(pages: PreviewPages) -> None:
    """No URL has a file path as a parameter."""
    page = pages.open()
    for query in ("?file=/etc/passwd", "?path=../book.toml", "?file=../../x&line=1"):
        for path in ("/-codebook/events", "/-codebook/open", "/__open-in-editor", "/-codebook/"):
            status = page.request.head(pages.preview.url.rstrip("/") + path + query).status
            assert status == (200 if path.endswith("events") else 404)


def test_a_save_in_two_steps_shows_nothing(pages: PreviewPages) -> None:
    """An error that is fixed immediately doesn't appear, but a lasting one does."""
    page = pages.open()
    page.evaluate(SHOW, [BAD, GOOD])
    page.wait_for_timeout(400)
    expect_no_overlay(page)
    page.evaluate(SHOW, [BAD])
    expect(overlay(page)).to_contain_text("3 more")
    expect(corner(page)).to_have_text("3 problems")


def test_the_overlay_appears_above_an_open_dialog_and_returns_the_focus(
    pages: PreviewPages,
) -> None:
    """The search stays open, and its keyboard shortcuts are disabled in the meantime."""
    page = pages.open()
    page.keyboard.press("/")
    search_box = page.get_by_role("combobox")
    search_box.fill("pilot")
    break_article(pages)
    expect(overlay(page)).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.press("Control+k")
    for _ in range(6):
        page.keyboard.press("Tab")
        focused = "document.activeElement === document.body || document.activeElement.id"
        assert page.evaluate(focused) in {True, "codebook-preview"}
    fix_article(pages)
    expect_no_overlay(page)
    expect(search_box).to_be_focused()
    expect(search_box).to_have_value("pilot")


def test_the_overlay_is_accessible_and_fits_a_narrow_screen(
    pages: PreviewPages, axe: str, page_monitor: PageMonitor
) -> None:
    """Axe finds nothing in the dialog and the button, and nothing overflows."""
    page = pages.open(viewport={"width": 320, "height": 600})
    pages.preview.edit(
        ARTICLE, "slowly](../guides/in-or-out.md#slowly)", "slowly](../guides/no.md)"
    )
    break_article(pages)
    expect(overlay(page)).to_be_visible()
    assert overlay(page).evaluate("(element) => element.scrollWidth <= element.clientWidth")
    assert overlay(page).evaluate(
        "(element) => element.getBoundingClientRect().right <= innerWidth"
    )
    assert axed(page, axe) == {}
    page.keyboard.press("Escape")
    expect(corner(page)).to_be_visible()
    assert axed(page, axe) == {}
    # To read the style sheet of a shadow tree, axe copies it into the page, which the content
    # security policy forbids.
    page_monitor.errors[:] = [error for error in page_monitor.errors if "inline style" not in error]


def test_the_overlay_has_the_chosen_theme(pages: PreviewPages) -> None:
    """Visitors who chose the dark theme get a dark dialog."""
    page = pages.open()
    colors = []
    for _ in range(2):
        page.get_by_role("button", name="Color theme").click()
        break_article(pages)
        expect(overlay(page)).to_be_visible()
        colors.append(
            overlay(page).evaluate("(element) => getComputedStyle(element).backgroundColor")
        )
        fix_article(pages)
        expect_no_overlay(page)
    assert len(set(colors)) == 2


@pytest.fixture
def broken_preview(tmp_path: Path, page_monitor: PageMonitor) -> Iterator[Preview]:
    """A preview whose first build failed."""
    copy_book(tmp_path)
    replace_text(tmp_path / "content" / ARTICLE, RIGHT, WRONG)
    with running_preview(tmp_path) as preview:
        page_monitor.origins.add(preview.url.rstrip("/"))
        yield preview


def test_before_the_first_good_build_only_the_overlay_appears(
    broken_preview: Preview, new_context: NewContext, page_monitor: PageMonitor
) -> None:
    """It appears at every URL until the first successful build."""
    page: Page = new_context().new_page()
    url = broken_preview.url.rstrip("/") + PAGE
    page_monitor.missing.add(PAGE)
    page_monitor.missing.add("/favicon.ico")
    response = page.goto(url)
    assert response is not None
    assert response.status == 503
    expect(overlay(page)).to_contain_text("There’s no successful build yet")
    broken_preview.edit(ARTICLE, WRONG, RIGHT)
    expect(page.get_by_role("heading", level=1)).to_contain_text("1010")
    expect_no_overlay(page)
