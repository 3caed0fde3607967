"""An open page follows every save, and whoever reads it loses nothing by it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.kinds import NewContext
from tests.browser.previewing import Shown, is_in_place, new_elements
from tests.browser.watch import Watch
from tests.previews import PAGE, previewing, replace, save

ARTICLE = "codes/1010.md"
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
"""What the page is made of, without what belongs to the preview."""


def says(page: Page, words: str) -> None:
    """Wait until the page says this."""
    expect(page.get_by_role("main")).to_contain_text(words)


def test_a_text_is_redrawn_in_place(shown: Shown) -> None:
    """No element is another one; what was scrolled, focused, opened and typed stays so."""
    page = shown.open(viewport={"width": 800, "height": 300})
    page.locator("details").nth(1).locator("summary").click()
    link = page.get_by_role("link", name="slowly")
    link.focus()
    page.evaluate("scrollTo(0, 200)")
    before = page.evaluate("[scrollX, scrollY]")
    shown.preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    says(page, "two ships at a time")
    assert is_in_place(page)
    assert new_elements(page) == []
    assert page.evaluate("[scrollX, scrollY]") == before
    assert page.evaluate("[...document.querySelectorAll('details')].map((each) => each.open)")[
        :3
    ] == [
        False,
        True,
        False,
    ]
    expect(link).to_be_focused()


def test_the_open_search_stays_with_what_was_typed(shown: Shown) -> None:
    """A page can be redrawn below it."""
    page = shown.open()
    page.keyboard.press("/")
    field = page.get_by_role("combobox")
    field.fill("pilot")
    expect(page.get_by_role("option").first).to_be_visible()
    shown.preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    expect(page.locator("main")).to_contain_text("two ships at a time")
    expect(field).to_have_value("pilot")
    expect(field).to_be_focused()
    expect(page.get_by_role("option").first).to_be_visible()
    assert is_in_place(page)


def test_a_sheet_is_swapped_and_nothing_else(shown: Shown) -> None:
    """The elements are the same; the old sheet goes when the new one is there."""
    page = shown.open()
    replace(
        shown.preview.templates / "assets" / "style.css", "body { margin: 0;", "body { margin: 7px;"
    )
    expect(page.locator("body")).to_have_css("margin-left", "7px")
    expect(page.locator('link[rel="stylesheet"][href*="/style."]')).to_have_count(1)
    assert is_in_place(page)
    assert new_elements(page) == []


def test_the_name_of_a_page_is_redrawn_in_its_title_too(shown: Shown) -> None:
    """And in what the menu copies."""
    page = shown.open(permissions=["clipboard-read", "clipboard-write"])
    shown.preview.edit(ARTICLE, 'name = "Come in"', 'name = "Sail in"')
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sail in")
    page.get_by_role("button", name="Copy", exact=True).first.click()
    page.get_by_role("button", name="Reference").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("1010 Sail in (")
    assert page.title().startswith("1010 Sail in")
    assert is_in_place(page)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It comes in", "It waits for its turn.\n\nIt comes in"),
        ("It comes in", "It *comes* in"),
        ("As long as the mouth", "- As short\n- as possible\n\nAs long as the mouth"),
        ("As long as the mouth is free of ships that are going out.\n\n", "Short.\n\n"),
        ("one ship at a time.", "one ship at a time. [Again](1020.md)."),
        ("By day a flag will do.", "By day a flag or two will do."),
        (', note = "By day a flag will do."', ""),
    ],
)
def test_a_redrawn_page_is_what_a_new_visit_shows(old: str, new: str, shown: Shown) -> None:
    """There and back; the scripts' own additions are in both."""
    page = shown.open()
    other = shown.open()
    first = other.evaluate(SOURCE)
    place = shown.preview.content / ARTICLE
    text = place.read_text(encoding="utf-8")
    for each in (text.replace(old, new), text):
        save(place, each)
        shown.preview.line()
        other.goto(other.url)
        expected = other.evaluate(SOURCE)
        assert (expected == first) == (each == text)
        expect(page.locator("main")).to_have_text(
            other.locator("main").inner_text(), use_inner_text=True
        )
        assert is_in_place(page)
    assert page.evaluate(SOURCE) == first


def test_the_page_can_do_everything_after_it_was_redrawn(shown: Shown) -> None:
    """Search by key and by button, colours, copying, and the letter in a heading."""
    page = shown.open(permissions=["clipboard-read", "clipboard-write"])
    for new in ("two ships", "three ships"):
        text = (shown.preview.content / ARTICLE).read_text(encoding="utf-8")
        shown.preview.edit(
            ARTICLE, text[text.index("slowly)") :].split(",")[1].split(" at ")[0], f" {new}"
        )
        says(page, new)
    assert is_in_place(page)
    page.keyboard.press("/")
    page.get_by_role("combobox").fill("pilot")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.get_by_role("button", name="Copy", exact=True).first.click()
    page.get_by_role("button", name="Markdown link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("[1010 Come in](")


def test_the_colours_that_were_chosen_stay(shown: Shown) -> None:
    """They are the visitor's, not the page's."""
    page = shown.open()
    for _ in range(2):
        page.get_by_role("button", name="Colours").click()
    shown.preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    says(page, "two ships at a time")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Colours")).to_contain_text("dark")


def test_a_table_can_be_sorted_and_cut_down_after_it_was_redrawn(shown: Shown) -> None:
    """A row stays where sorting has put it; the words of the filter stay, and find what is new."""
    page = shown.open("/tables/lanterns/")
    page.get_by_role("columnheader").first.get_by_role("button").click()
    page.get_by_role("columnheader").first.get_by_role("button").click()
    first = page.locator("tbody tr").first.inner_text()
    page.get_by_role("textbox", name="Only rows with").fill("a")
    replace(
        shown.preview.content / "tables" / "lanterns.md", "Harbour Rules", "Rules of the Harbour"
    )
    says(page, "Rules of the Harbour")
    assert is_in_place(page)
    assert page.locator("tbody tr").first.inner_text() == first
    expect(page.get_by_role("textbox", name="Only rows with")).to_have_value("a")
    replace(shown.preview.content / "tables" / "lanterns.csv", "All clear", "Everything clear")
    says(page, "Everything clear")
    page.get_by_role("textbox", name="Only rows with").fill("everything")
    expect(page.locator("tbody tr:visible")).to_have_count(1)
    assert is_in_place(page)
    page.get_by_role("textbox", name="Only rows with").fill("nothing like this")
    expect(page.locator("tbody tr:visible")).to_have_count(0)


def test_what_scripts_would_have_to_see_is_loaded_anew(shown: Shown) -> None:
    """A new heading has its link, and where the page was scrolled to it still is."""
    page = shown.open("/guides/in-or-out/", viewport={"width": 400, "height": 300})
    page.evaluate("scrollTo(0, 150)")
    shown.preview.edit("guides/in-or-out.md", "## Slowly", "## By night\n\nNobody.\n\n## Slowly")
    expect(page.get_by_role("heading", name="By night").get_by_role("link")).to_be_attached()
    assert not is_in_place(page)
    assert page.evaluate("scrollY") == 150


def test_the_first_example_of_a_page_has_its_button(shown: Shown) -> None:
    """Though no script has met one there before."""
    page = shown.open("/guides/in-or-out/")
    expect(page.locator("pre")).to_have_count(0)
    shown.preview.edit("guides/in-or-out.md", "## Slowly", "```\ngreen\n```\n\n## Slowly")
    expect(page.locator("pre")).to_have_text("green\n")
    expect(page.locator(".copied").get_by_role("button", name="Copy")).to_be_attached()


def test_what_was_typed_and_opened_survives_a_new_load(shown: Shown) -> None:
    """With the focus, where the element has a name."""
    page = shown.open()
    page.locator("details").nth(1).locator("summary").click()
    table = shown.open("/tables/lanterns/")
    field = table.get_by_role("textbox", name="Only rows with")
    field.fill("all clear")
    script = shown.preview.templates / "assets" / "dom.js"
    replace(script, "made.append(", "made.dataset.tried = 1;\n  made.append(")
    expect(table.locator("[data-tried]").first).to_be_attached()
    expect(page.locator("[data-tried]").first).to_be_attached()
    expect(field).to_have_value("all clear")
    expect(field).to_be_focused()
    expect(table.locator("tbody tr:visible")).to_have_count(1)
    expect(page.locator("details[open]")).to_have_count(1)
    expect(page.locator("details").nth(1)).to_have_attribute("open", "")


def test_a_script_is_loaded_anew(shown: Shown) -> None:
    """Nothing can take back what the old one has done."""
    page = shown.open()
    script = shown.preview.templates / "assets" / "main.js"
    replace(script, 'const THEMES = ["auto"', 'root.dataset.tried = "yes";\nconst THEMES = ["auto"')
    expect(page.locator("html")).to_have_attribute("data-tried", "yes")
    assert not is_in_place(page)


def test_a_template_is_redrawn_in_place(shown: Shown) -> None:
    """Where it adds nothing that scripts look for."""
    page = shown.open()
    replace(shown.preview.templates / "code.html", "Formerly called", "Once called")
    says(page, "Once called")
    assert is_in_place(page)


def test_a_page_that_has_gone_is_the_error_page(shown: Shown, watch: Watch) -> None:
    """And comes back by itself."""
    watch.missing.add("/guides/at-night/")
    guide = shown.preview.content / "guides" / "at-night.md"
    save(guide, NIGHT)
    assert "made anew" in shown.preview.line()
    page = shown.open("/guides/at-night/")
    guide.unlink()
    expect(page.locator('meta[name="robots"]')).to_have_attribute("content", "noindex")
    expect(page.get_by_role("heading", name="At night")).to_have_count(0)
    save(guide, NIGHT)
    expect(page.get_by_role("heading", level=1)).to_have_text("At night")


def test_a_new_page_is_there_at_once(shown: Shown) -> None:
    """The home page leads to it, and it can be opened."""
    page = shown.open("/")
    guide = shown.preview.content / "guides" / "at-night.md"
    save(guide, NIGHT)
    page.get_by_role("link", name="At night").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("At night")


def test_many_saves_end_with_the_last(shown: Shown) -> None:
    """However quickly they come."""
    page = shown.open()
    place = shown.preview.content / ARTICLE
    text = place.read_text(encoding="utf-8")
    for number in range(30):
        place.write_text(text.replace("one ship", f"{number} ships"), encoding="utf-8")
    says(page, "29 ships at a time")
    assert is_in_place(page)


def test_a_hidden_page_catches_up_when_it_is_looked_at(shown: Shown) -> None:
    """Until then it keeps no connection, of which a browser has few."""
    page = shown.open()
    page.evaluate(HIDE, "hidden")
    shown.preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    assert "made anew" in shown.preview.line()
    other = shown.open()
    says(other, "two ships at a time")
    expect(page.get_by_role("main")).to_contain_text("one ship at a time")
    page.evaluate(HIDE, "")
    says(page, "two ships at a time")
    assert is_in_place(page)


def test_many_pages_are_open_at_once(shown: Shown) -> None:
    """More than a browser has connections for, all but one of them hidden."""
    context = shown.new_context()
    pages = []
    for _ in range(8):
        page = context.new_page()
        page.goto(shown.preview.url.rstrip("/") + PAGE)
        page.evaluate(HIDE, "hidden")
        pages.append(page)
    pages[0].evaluate(HIDE, "")
    shown.preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    says(pages[0], "two ships at a time")


def test_a_page_follows_a_preview_that_was_started_again(
    tmp_path_factory: pytest.TempPathFactory, new_context: NewContext, watch: Watch
) -> None:
    """It looks for it, and shows what has changed meanwhile."""
    folder = tmp_path_factory.mktemp("again")
    with previewing(folder) as preview:
        watch.origins.add(preview.url.rstrip("/"))
        page = Shown(preview, new_context).open()
    preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    with previewing(folder, port=str(preview.port)) as again:
        assert again.port == preview.port
        says(page, "two ships at a time")
        assert is_in_place(page)
        page.close()
    # A browser says that nobody was there meanwhile, and so it should.
    watch.faults[:] = [each for each in watch.faults if not re.search("events|REFUSED", each)]
