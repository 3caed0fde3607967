"""What a build finds lies above the page, as text, until the next good build."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.kinds import NewContext
from tests.browser.previewing import Shown, corner, has_no_overlay, is_in_place, overlay
from tests.browser.test_soundness import axed
from tests.browser.watch import Watch
from tests.previews import BOOK, PAGE, Preview, previewing

ARTICLE = "codes/1010.md"
RIGHT, WRONG = 'name = "Come in"', "name = Come in"
SHOW = """async (all) => {
  const { show } = await import("/-codebook/overlay.js");
  all.forEach(show);
}"""
GOOD = {"build": "98", "isGood": True, "hasSite": True, "faults": [], "more": 0}
BAD = {**GOOD, "build": "97", "isGood": False, "more": 3}
HOSTILE = "<img src=x onerror=alert(1)>"
TURNED = "\N{RIGHT-TO-LEFT OVERRIDE}"


def spoil(shown: Shown) -> None:
    """Save a fault."""
    shown.preview.edit(ARTICLE, RIGHT, WRONG)


def cure(shown: Shown) -> None:
    """Take it back."""
    shown.preview.edit(ARTICLE, WRONG, RIGHT)


def test_a_fault_lies_above_the_last_good_page_until_it_is_cured(shown: Shown) -> None:
    """With rule, place, excerpt and help; the page below stays as it was."""
    page = shown.open(viewport={"width": 800, "height": 300})
    link = page.get_by_role("link", name="slowly")
    link.focus()
    page.evaluate("scrollTo(0, 40)")
    for _ in range(2):
        spoil(shown)
        expect(overlay(page)).to_be_visible()
        expect(overlay(page)).to_have_accessible_name("The site was not built: 1 error")
        for words in ("error[invalid-toml]", f"{ARTICLE}:2:8", "name = Come in", "^", "help:"):
            expect(overlay(page)).to_contain_text(words)
        cure(shown)
        has_no_overlay(page)
        expect(link).to_be_focused()
    assert page.evaluate("scrollY") == 40
    assert is_in_place(page)


def test_what_is_marked_stands_above_its_mark(shown: Shown) -> None:
    """In a face in which every sign is as wide as the next."""
    page = shown.open()
    spoil(shown)
    excerpt = overlay(page).locator("pre")
    text, marks = excerpt.inner_text().splitlines()
    assert text[marks.index("^") :].startswith("Come in")
    assert "monospace" in excerpt.evaluate("(each) => getComputedStyle(each).fontFamily")


def test_a_place_opens_in_the_editor(shown: Shown) -> None:
    """By an address that a person can choose."""
    page = shown.open()
    spoil(shown)
    link = overlay(page).get_by_role("link", name=f"{ARTICLE}:2:8")
    path = quote((shown.preview.content / ARTICLE).resolve().as_posix())
    expect(link).to_have_attribute("href", f"vscode://file/{path}:2:8")


def test_the_editor_can_be_chosen(
    tmp_path: Path, watch: Watch, new_context: NewContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once for all in the environment; names of files cannot add to the address."""
    monkeypatch.setenv("CODEBOOK_EDITOR", "idea://open?file={path}&line={line}&column={column}")
    folder = tmp_path / "a book & more?x#y"
    folder.mkdir()
    with previewing(folder) as preview:
        watch.origins.add(preview.url.rstrip("/"))
        shown = Shown(preview, new_context)
        page = shown.open()
        spoil(shown)
        link = overlay(page).get_by_role("link")
        path = quote((preview.content / ARTICLE).resolve().as_posix())
        expect(link).to_have_attribute("href", f"idea://open?file={path}&line=2&column=8")
        page.close()


@pytest.mark.parametrize("way", ["Escape", "button"])
def test_it_can_be_put_away(way: str, shown: Shown) -> None:
    """For this build, on every page; the corner and the next failed build bring it back."""
    page = shown.open()
    spoil(shown)
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
    shown.preview.edit(ARTICLE, "slowly", "very slowly")
    expect(overlay(page)).to_be_visible()


def test_a_warning_covers_nothing(shown: Shown) -> None:
    """It is a note in the corner, which opens the list."""
    page = shown.open()
    (shown.preview.content / "notes.doc").write_text("?", encoding="utf-8")
    expect(corner(page)).to_have_text("1 warning")
    expect(overlay(page)).to_have_count(0)
    shown.preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    expect(page.get_by_role("main")).to_contain_text("two ships at a time")
    corner(page).click()
    expect(overlay(page)).to_have_accessible_name("1 warning")
    expect(overlay(page)).to_contain_text("warning[unexpected-file]")
    expect(overlay(page)).to_contain_text("notes.doc:1:1")
    spoil(shown)
    expect(overlay(page)).to_have_accessible_name("The site was not built: 1 error, 1 warning")
    cure(shown)
    expect(overlay(page)).to_have_count(0)
    expect(corner(page)).to_have_text("1 warning")
    (shown.preview.content / "notes.doc").unlink()
    has_no_overlay(page)
    assert is_in_place(page)


def test_hostile_names_and_texts_are_shown_as_text(shown: Shown, watch: Watch) -> None:
    """Nothing of them runs or is loaded, and none can turn what stands beside it around."""
    page = shown.open()
    names = [
        f"{HOSTILE}.md",
        "'\"><script>alert(1)<",
        f"{TURNED}dm.exe.md",
        "&lt;b&gt;.md",
        "a`b$(c).md",
    ]
    for name in names:
        place = shown.preview.content / "guides" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"+++\n{HOSTILE} = {TURNED}<b>\n+++\n", encoding="utf-8")
    shown.preview.edit(
        ARTICLE, RIGHT, f"{RIGHT}\nx = {HOSTILE} # {TURNED} </pre><script>alert(1)</script>"
    )
    expect(overlay(page)).to_contain_text(f"guides/{HOSTILE}.md")
    expect(overlay(page)).to_contain_text("&lt;b&gt;.md")
    expect(overlay(page)).to_contain_text(f"x = {HOSTILE}")
    assert TURNED not in overlay(page).inner_text()
    assert "\N{REPLACEMENT CHARACTER}dm.exe" in overlay(page).inner_text()
    assert overlay(page).locator("img, script, b:not(p > b), iframe, svg").count() == 0
    for link in overlay(page).get_by_role("link").all():
        assert (link.get_attribute("href") or "").startswith("vscode://file/")
    assert watch.faults == []


def test_it_takes_no_path(shown: Shown) -> None:
    """The preview has no address by which a file is opened or read."""
    page = shown.open()
    for query in ("?file=/etc/passwd", "?path=../book.toml", "?file=../../x&line=1"):
        for address in ("/-codebook/events", "/-codebook/open", "/__open-in-editor", "/-codebook/"):
            status = page.request.head(shown.preview.url.rstrip("/") + address + query).status
            assert status == (200 if address.endswith("events") else 404)


def test_a_save_in_two_steps_shows_nothing(shown: Shown) -> None:
    """A fault that is gone at once is no news; one that stays is."""
    page = shown.open()
    page.evaluate(SHOW, [BAD, GOOD])
    page.wait_for_timeout(400)
    has_no_overlay(page)
    page.evaluate(SHOW, [BAD])
    expect(overlay(page)).to_contain_text("3 more")
    expect(corner(page)).to_have_text("3 problems")


def test_it_lies_above_an_open_dialog_and_gives_the_focus_back(shown: Shown) -> None:
    """The search is still there afterwards; its keys do nothing meanwhile."""
    page = shown.open()
    page.keyboard.press("/")
    field = page.get_by_role("combobox")
    field.fill("pilot")
    spoil(shown)
    expect(overlay(page)).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.press("Control+k")
    for _ in range(6):
        page.keyboard.press("Tab")
        inside = "document.activeElement === document.body || document.activeElement.id"
        assert page.evaluate(inside) in {True, "codebook-preview"}
    cure(shown)
    has_no_overlay(page)
    expect(field).to_be_focused()
    expect(field).to_have_value("pilot")


def test_it_can_be_read_on_a_narrow_screen_and_by_everybody(
    shown: Shown, axe: str, watch: Watch
) -> None:
    """Light and dark, narrow and wide, axe finds nothing; nothing goes past the edge."""
    page = shown.open(viewport={"width": 320, "height": 600})
    shown.preview.edit(
        ARTICLE, "slowly](../guides/in-or-out.md#slowly)", "slowly](../guides/no.md)"
    )
    spoil(shown)
    expect(overlay(page)).to_be_visible()
    assert overlay(page).evaluate("(each) => each.scrollWidth <= each.clientWidth")
    assert overlay(page).evaluate("(each) => each.getBoundingClientRect().right <= innerWidth")
    assert axed(page, axe) == {}
    page.keyboard.press("Escape")
    expect(corner(page)).to_be_visible()
    assert axed(page, axe) == {}
    # To read the sheet of a shadow tree, axe copies it into the page, which the policy refuses.
    watch.faults[:] = [each for each in watch.faults if "inline style" not in each]


def test_it_has_the_colours_that_were_chosen(shown: Shown) -> None:
    """A visitor who chose dark gets no white box."""
    page = shown.open()
    colours = []
    for _ in range(2):
        page.get_by_role("button", name="Colours").click()
        spoil(shown)
        expect(overlay(page)).to_be_visible()
        colours.append(overlay(page).evaluate("(each) => getComputedStyle(each).backgroundColor"))
        cure(shown)
        has_no_overlay(page)
    assert len(set(colours)) == 2


@pytest.fixture
def spoilt(tmp_path: Path, watch: Watch) -> Iterator[Preview]:
    """A preview whose first build failed."""
    for name in ("content", "templates"):
        source = BOOK if name == "content" else BOOK.parents[2] / name
        for path in (each for each in source.rglob("*") if each.is_file()):
            place = tmp_path / name / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    place = tmp_path / "content" / ARTICLE
    place.write_text(place.read_text(encoding="utf-8").replace(RIGHT, WRONG), encoding="utf-8")
    with previewing(tmp_path) as preview:
        watch.origins.add(preview.url.rstrip("/"))
        yield preview


def test_before_there_is_a_site_there_is_the_overlay(
    spoilt: Preview, new_context: NewContext, watch: Watch
) -> None:
    """Every address says what is wrong; the first good build brings the page."""
    page: Page = new_context().new_page()
    address = spoilt.url.rstrip("/") + PAGE
    watch.missing.add(PAGE)
    watch.missing.add("/favicon.ico")
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 503
    expect(overlay(page)).to_contain_text("There is none yet")
    spoilt.edit(ARTICLE, WRONG, RIGHT)
    expect(page.get_by_role("heading", level=1)).to_contain_text("1010")
    has_no_overlay(page)
