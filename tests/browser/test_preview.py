"""An open page follows every save, and keeps its state."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_kinds import NewContext
from tests.browser.page_monitor import PageMonitor
from tests.browser.preview_pages import PreviewPages, is_in_place, new_elements
from tests.preview_process import PAGE, replace_text, running_preview, save

ARTICLE = "codes/1010.md"
EDITS = (
    ("It comes in", "It waits for its turn.\n\nIt comes in"),
    ("It comes in", "It *comes* in"),
    ("As long as the mouth", "- As short\n- as possible\n\nAs long as the mouth"),
    ("As long as the mouth is free of ships that are going out.\n\n", "Short.\n\n"),
    ("one ship at a time.", "one ship at a time. [Again](1020.md)."),
    ("By day a flag will do.", "By day a flag or two will do."),
    (', note = "By day a flag will do."', ""),
)
"""What an edit replaces, and by what: text, inline markup, blocks, links, and facts."""
NIGHT = "# At night\n\nShips carry lanterns.\n"
HIDE = """(state) => {
  Object.defineProperty(document, "hidden", { value: Boolean(state), configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
SOURCE = """() => {
  const root = document.documentElement.cloneNode(true);
  root.querySelector("#codebook-preview")?.remove();
  root.querySelector("script[data-version]").removeAttribute("data-version");
  return root.outerHTML;
}"""
"""The source of the page, without the preview's additions."""


def wait_for_text(page: Page, text: str) -> None:
    """Wait until the page contains this."""
    expect(page.get_by_role("main")).to_contain_text(text)


def test_a_text_is_redrawn_in_place(pages: PreviewPages) -> None:
    """No element is replaced, and scroll position, focus, and open details stay."""
    page = pages.open(viewport={"width": 800, "height": 300})
    page.locator("details").nth(1).locator("summary").click()
    link = page.get_by_role("link", name="slowly")
    link.focus()
    page.evaluate("scrollTo(0, 200)")
    before = page.evaluate("[scrollX, scrollY]")
    pages.preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    wait_for_text(page, "two ships at a time")
    assert is_in_place(page)
    assert new_elements(page) == []
    assert page.evaluate("[scrollX, scrollY]") == before
    assert page.evaluate(
        "[...document.querySelectorAll('details')].map((element) => element.open)"
    )[:3] == [
        False,
        True,
        False,
    ]
    expect(link).to_be_focused()


def test_the_open_search_and_its_query_stay(pages: PreviewPages) -> None:
    """The page below the dialog is redrawn."""
    page = pages.open()
    page.keyboard.press("/")
    field = page.get_by_role("combobox")
    field.fill("pilot")
    expect(page.get_by_role("option").first).to_be_visible()
    pages.preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    expect(page.locator("main")).to_contain_text("two ships at a time")
    expect(field).to_have_value("pilot")
    expect(field).to_be_focused()
    expect(page.get_by_role("option").first).to_be_visible()
    assert is_in_place(page)


def test_a_style_sheet_is_swapped_and_nothing_else(pages: PreviewPages) -> None:
    """Elements stay, and the old style sheet is removed when the new one has loaded."""
    page = pages.open()
    replace_text(
        pages.preview.templates / "assets" / "style.css", "body { margin: 0;", "body { margin: 7px;"
    )
    expect(page.locator("body")).to_have_css("margin-left", "7px")
    expect(page.locator('link[rel="stylesheet"][href*="/code."]')).to_have_count(1)
    assert is_in_place(page)
    assert new_elements(page) == []


def test_the_name_of_a_page_is_redrawn_in_its_title_too(pages: PreviewPages) -> None:
    """The copied texts change too."""
    page = pages.open(permissions=["clipboard-read", "clipboard-write"])
    pages.preview.edit(ARTICLE, 'name = "Come in"', 'name = "Sail in"')
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sail in")
    page.get_by_role("button", name="Copy", exact=True).first.click()
    page.get_by_role("button", name="Copy citation").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("1010 Sail in (")
    assert page.title().startswith("1010 Sail in")
    assert is_in_place(page)


def test_a_redrawn_page_equals_a_reloaded_page(pages: PreviewPages) -> None:
    """This is true after each edit and after undoing it, including what scripts add."""
    page = pages.open()
    other = pages.open()
    first = other.evaluate(SOURCE)
    path = pages.preview.content / ARTICLE
    text = path.read_text(encoding="utf-8")
    version = pages.preview.version()
    for old, new in EDITS:
        assert old in text
        for edited in (text.replace(old, new), text):
            save(path, edited)
            pages.preview.wait_for_version_after(version)
            version = pages.preview.version()
            other.goto(other.url)
            expected = other.evaluate(SOURCE)
            assert (expected == first) == (edited == text), new
            expect(page.locator("main")).to_have_text(
                other.locator("main").inner_text(), use_inner_text=True
            )
            assert is_in_place(page), new
            if edited == text:
                assert page.evaluate(SOURCE) == first, new


def test_every_script_works_after_the_page_was_redrawn(pages: PreviewPages) -> None:
    """Search, color theme, and copying still work."""
    page = pages.open(permissions=["clipboard-read", "clipboard-write"])
    for new in ("two ships", "three ships"):
        text = (pages.preview.content / ARTICLE).read_text(encoding="utf-8")
        pages.preview.edit(
            ARTICLE, text[text.index("slowly)") :].split(",")[1].split(" at ")[0], f" {new}"
        )
        wait_for_text(page, new)
    assert is_in_place(page)
    page.keyboard.press("/")
    page.get_by_role("combobox").fill("pilot")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Color theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.get_by_role("button", name="Copy", exact=True).first.click()
    page.get_by_role("button", name="Copy Markdown link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("[1010 Come in](")


def test_the_chosen_colors_stay(pages: PreviewPages) -> None:
    """The theme is a setting of the visitor, not part of the page."""
    page = pages.open()
    for _ in range(2):
        page.get_by_role("button", name="Color theme").click()
    pages.preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    wait_for_text(page, "two ships at a time")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Color theme")).to_contain_text("dark")


def test_a_table_can_be_sorted_and_filtered_after_it_was_redrawn(pages: PreviewPages) -> None:
    """Rows stay sorted; the text of the filter stays, and finds new text."""
    page = pages.open("/tables/lanterns/")
    page.get_by_role("columnheader").first.get_by_role("button").click()
    page.get_by_role("columnheader").first.get_by_role("button").click()
    first = page.locator("tbody tr").first.inner_text()
    page.get_by_role("textbox", name="Filter rows").fill("a")
    replace_text(
        pages.preview.content / "tables" / "lanterns.md", "Harbor Rules", "Rules of the Harbor"
    )
    wait_for_text(page, "Rules of the Harbor")
    assert is_in_place(page)
    assert page.locator("tbody tr").first.inner_text() == first
    expect(page.get_by_role("textbox", name="Filter rows")).to_have_value("a")
    replace_text(pages.preview.content / "tables" / "lanterns.csv", "All clear", "Everything clear")
    wait_for_text(page, "Everything clear")
    page.get_by_role("textbox", name="Filter rows").fill("everything")
    expect(page.locator("tbody tr:visible")).to_have_count(1)
    assert is_in_place(page)
    page.get_by_role("textbox", name="Filter rows").fill("nothing like this")
    expect(page.locator("tbody tr:visible")).to_have_count(0)


def test_a_change_that_scripts_depend_on_reloads_the_page(pages: PreviewPages) -> None:
    """A new heading gets its link, and the scroll position stays."""
    page = pages.open("/guides/in-or-out/", viewport={"width": 400, "height": 300})
    page.evaluate("scrollTo(0, 150)")
    pages.preview.edit("guides/in-or-out.md", "## Slowly", "## By night\n\nNo one.\n\n## Slowly")
    expect(page.get_by_role("heading", name="By night").get_by_role("link")).to_be_attached()
    assert not is_in_place(page)
    assert page.evaluate("scrollY") == 150


def test_the_first_example_of_a_page_gets_a_copy_button(pages: PreviewPages) -> None:
    """There was no example when the scripts ran first."""
    page = pages.open("/guides/in-or-out/")
    expect(page.locator("pre")).to_have_count(0)
    pages.preview.edit("guides/in-or-out.md", "## Slowly", "```\ngreen\n```\n\n## Slowly")
    expect(page.locator("pre")).to_have_text("green\n")
    expect(page.locator(".copied").get_by_role("button", name="Copy")).to_be_attached()


def test_typed_text_and_open_details_survive_a_reload(pages: PreviewPages) -> None:
    """The focus survives too if the element has an ID."""
    page = pages.open()
    page.locator("details").nth(1).locator("summary").click()
    table = pages.open("/tables/lanterns/")
    field = table.get_by_role("textbox", name="Filter rows")
    field.fill("all clear")
    script = pages.preview.templates / "assets" / "main.js"
    replace_text(script, "made.append(", "made.dataset.tried = 1;\n    made.append(")
    expect(table.locator("[data-tried]").first).to_be_attached()
    expect(page.locator("[data-tried]").first).to_be_attached()
    expect(field).to_have_value("all clear")
    expect(field).to_be_focused()
    expect(table.locator("tbody tr:visible")).to_have_count(1)
    expect(page.locator("details[open]")).to_have_count(1)
    expect(page.locator("details").nth(1)).to_have_attribute("open", "")


def test_a_changed_script_reloads_the_page(pages: PreviewPages) -> None:
    """The effects of the old script can't be undone."""
    page = pages.open()
    script = pages.preview.templates / "assets" / "main.js"
    replace_text(
        script,
        'const THEMES = ["auto"',
        'root.dataset.tried = "yes";\nconst THEMES = ["auto"',
    )
    expect(page.locator("html")).to_have_attribute("data-tried", "yes")
    assert not is_in_place(page)


def test_a_template_is_redrawn_in_place(pages: PreviewPages) -> None:
    """The added element isn't used by scripts."""
    page = pages.open()
    replace_text(
        pages.preview.templates / "code.html", "{{ words.code_page.formerly }}", "Once called"
    )
    wait_for_text(page, "Once called")
    assert is_in_place(page)


def test_a_deleted_page_becomes_the_error_page(
    pages: PreviewPages, page_monitor: PageMonitor
) -> None:
    """The page comes back when the file is restored."""
    page_monitor.missing.add("/guides/at-night/")
    guide = pages.preview.content / "guides" / "at-night.md"
    save(guide, NIGHT)
    pages.preview.wait_for("/guides/at-night/", "Ships carry lanterns.")
    page = pages.open("/guides/at-night/")
    guide.unlink()
    expect(page.locator('meta[name="robots"]')).to_have_attribute("content", "noindex")
    expect(page.get_by_role("heading", name="At night")).to_have_count(0)
    save(guide, NIGHT)
    # For a moment before the reload, a page can show parts of both.
    expect(page.get_by_role("heading", level=1)).to_have_text(["At night"])


def test_a_new_page_is_served_at_once(pages: PreviewPages) -> None:
    """The home page links to it, and it can be opened."""
    page = pages.open("/")
    guide = pages.preview.content / "guides" / "at-night.md"
    save(guide, NIGHT)
    page.get_by_role("link", name="At night").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("At night")


def test_many_saves_end_with_the_last(pages: PreviewPages) -> None:
    """The page shows the last version, however fast the saves follow each other."""
    page = pages.open()
    path = pages.preview.content / ARTICLE
    text = path.read_text(encoding="utf-8")
    for number in range(30):
        path.write_text(text.replace("one ship", f"{number} ships"), encoding="utf-8")
    wait_for_text(page, "29 ships at a time")
    assert is_in_place(page)


def test_a_hidden_page_catches_up_when_it_becomes_visible(pages: PreviewPages) -> None:
    """Hidden pages have no connection, because browsers limit their number."""
    page = pages.open()
    page.evaluate(HIDE, "hidden")
    pages.preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    pages.preview.wait_for(PAGE, "two ships at a time")
    other = pages.open()
    wait_for_text(other, "two ships at a time")
    expect(page.get_by_role("main")).to_contain_text("one ship at a time")
    page.evaluate(HIDE, "")
    wait_for_text(page, "two ships at a time")
    assert is_in_place(page)


def test_many_pages_are_open_at_once(pages: PreviewPages) -> None:
    """The browser has fewer connections than pages, and all pages but one are hidden."""
    context = pages.new_context()
    opened = []
    for _ in range(8):
        page = context.new_page()
        page.goto(pages.preview.url.rstrip("/") + PAGE)
        page.evaluate(HIDE, "hidden")
        opened.append(page)
    opened[0].evaluate(HIDE, "")
    pages.preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    wait_for_text(opened[0], "two ships at a time")


def test_a_page_follows_a_restarted_preview(
    tmp_path_factory: pytest.TempPathFactory, new_context: NewContext, page_monitor: PageMonitor
) -> None:
    """It reconnects, and shows the changes since then."""
    folder = tmp_path_factory.mktemp("again")
    with running_preview(folder) as preview:
        page_monitor.origins.add(preview.url.rstrip("/"))
        page = PreviewPages(preview, new_context).open()
    preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    with running_preview(folder, port=str(preview.port)) as again:
        assert again.port == preview.port
        wait_for_text(page, "two ships at a time")
        assert is_in_place(page)
        page.close()
    # The browser reports the refused connections in between, as it should.
    page_monitor.errors[:] = [
        error for error in page_monitor.errors if not re.search("events|REFUSED", error)
    ]
