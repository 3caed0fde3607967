"""The menu that copies the URL of a page, a link, a citation, or the page as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from audit.hosting import serve
from codebook.build.pipeline import build_site
from codebook.diagnostics.source import Folder
from codebook.io.sources import read_folder
from tests.browser.page_kinds import MISSING_URL, NewContext, OpenPage, Scheme, Visit
from tests.browser.page_monitor import PageMonitor
from tests.offenders import assert_none
from tests.preview_process import BOOK, PAGE
from tests.trees import write_tree

ALLOWED = ["clipboard-read", "clipboard-write"]
PASTED = "navigator.clipboard.readText()"
NAMES = ["Copy link", "Copy Markdown link", "Copy citation", "Copy page as Markdown"]
PUBLIC = "https://codes.example/book/"
"""The base URL of one of the sites."""

TITLES = {
    "/status/4xx/": "4xx Client error responses",
    "/guides/which-code/": "Which HTTP status code should I return?",
    "/tables/constants/": "Constants per language and framework",
    "/status/": "HTTP response status codes",
}
PAGES = ("/status/404/", *TITLES)
"""One page of each kind that can be quoted."""

NOTE = """() => {
  const note = (name) => {
    const usual = navigator.clipboard[name];
    navigator.clipboard[name] = (...values) => {
      window.noted = `${name} in a ${window.event?.type}`;
      return usual.apply(navigator.clipboard, values);
    };
  };
  ["write", "writeText"].forEach(note);
}"""
"""Records by which method and in which event the clipboard is written."""

SHOWN = 5_000
"""Milliseconds after which the menu no longer shows its result."""

SCHEMES: tuple[Scheme, ...] = ("light", "dark")

# The boxes of everything but the menu.
BOXES = """() => [...document.querySelectorAll("body *:not(#ui-copy, #ui-copy *)")].map((part) => {
  const { x, y, width, height } = part.getBoundingClientRect();
  return [x, y, width, height].join(" ");
}).join("\\n")"""

OVERLAPS = """() => {
  const menu = document.querySelector("#ui-copy button").getBoundingClientRect();
  const elements = document.querySelectorAll(".trail li, .top :not(.word *), h1");
  return [...elements].filter((element) =>
    [...element.getClientRects()].some(({ left, top, right, bottom }) =>
      right > left && bottom > top &&
      left < menu.right && right > menu.left && top < menu.bottom && bottom > menu.top)
  ).map((element) => element.textContent.trim());
}"""


def opener(page: Page) -> Locator:
    """The button that opens the menu, with any label."""
    return page.locator("#ui-copy > button")


def item(page: Page, name: str) -> Locator:
    """An entry of the menu."""
    return page.get_by_role("group", name="Copy").get_by_role("button", name=name, exact=True)


def copy(page: Page, name: str) -> None:
    """Choose an entry from the menu."""
    opener(page).click()
    item(page, name).click()


def copied(page: Page, name: str) -> str:
    """The text on the clipboard after choosing an entry from the menu."""
    copy(page, name)
    expect(opener(page)).to_have_text("Copied")
    return str(page.evaluate(PASTED))


@pytest.fixture(scope="module")
def public(
    templates_without_fonts: Folder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The origin of a site that has a base URL, of a small book."""
    result = build_site(read_folder(BOOK, "content"), templates_without_fonts, "site", PUBLIC)
    assert result.files is not None, result.diagnostics
    with serve(write_tree(tmp_path_factory.mktemp("public"), result.files)) as origin:
        yield origin


def test_the_citation_of_a_code_names_its_specification(visit: Visit, origin: str) -> None:
    """Without a base URL, the URL is that of the page, without its query and fragment."""
    page = visit("/status/425/?q=1#facts", permissions=ALLOWED)
    url = f"{origin}/status/425/"
    assert copied(page, "Copy link") == url
    assert copied(page, "Copy Markdown link") == f"[425 Too Early]({url})"
    assert copied(page, "Copy citation") == f"425 Too Early (RFC 8470, Section 5.2), {url}"


def test_copied_urls_start_with_the_base_url(
    visit: Visit, page_monitor: PageMonitor, public: str
) -> None:
    """The host that serves the page doesn't matter."""
    page_monitor.origins.add(public)
    page = visit(f"{public}{PAGE}?q=1#facts", permissions=ALLOWED)
    url = f"{PUBLIC.rstrip('/')}{PAGE}"
    assert copied(page, "Copy link") == url
    assert copied(page, "Copy Markdown link") == f"[1010 Come in]({url})"
    assert copied(page, "Copy citation") == f"1010 Come in (Harbor Rules, Chapter 2, Rule 4), {url}"


def test_the_citation_of_another_page_is_its_title_and_url(visit: Visit, origin: str) -> None:
    """Classes, guides, tables, all codes, and unregistered codes have no specification."""
    titles = {**TITLES, "/status/999/": "999 Request Denied"}
    page = visit("/", permissions=ALLOWED)
    for url, title in titles.items():
        page.goto(url)
        absolute = f"{origin}{url}"
        assert copied(page, "Copy link") == absolute
        assert copied(page, "Copy Markdown link") == f"[{title}]({absolute})"
        assert copied(page, "Copy citation") == f"{title}, {absolute}"


def test_a_page_is_copied_as_markdown(visit: Visit) -> None:
    """The clipboard has the exact text of the `index.md` next to the page."""
    page = visit("/", permissions=ALLOWED)
    for url in PAGES:
        page.goto(f"{url}?q=1#main")
        markdown = page.request.get(f"{url}index.md")
        assert markdown.ok
        assert copied(page, "Copy page as Markdown") == markdown.text()


def test_markdown_syntax_is_escaped(visit: Visit, origin: str) -> None:
    """The link shows the title on one line. In plain text, nothing is escaped."""
    page = visit("/guides/which-code/", permissions=ALLOWED)
    title = "<h1>[1]\n or \\ or *2* or _3_ or &lt;b&gt;?</h1>"

    def fulfill(route: Route) -> None:
        response = route.fetch()
        before, _, rest = response.text().partition("<h1>")
        route.fulfill(response=response, body=before + title + rest.partition("</h1>")[2])

    page.route(page.url, fulfill)
    page.reload()
    url = f"{origin}/guides/which-code/"
    link = rf"[\[1\] or \\ or \*2\* or \_3\_ or \<b>?]({url})"
    assert copied(page, "Copy Markdown link") == link
    assert copied(page, "Copy citation") == rf"[1] or \ or *2* or _3_ or <b>?, {url}"


@pytest.mark.parametrize(
    ("name", "script", "noted"),
    [
        ("Copy link", "", "writeText in a click"),
        ("Copy page as Markdown", "", "write in a click"),
        ("Copy page as Markdown", "delete self.ClipboardItem", "writeText"),
    ],
)
def test_the_clipboard_is_written_to_within_the_click(
    new_context: NewContext, name: str, script: str, noted: str
) -> None:
    """Safari forbids it later. Browsers that accept no promise get the text."""
    context = new_context(permissions=ALLOWED)
    context.add_init_script(script)
    page = context.new_page()
    page.goto("/status/404/")
    page.evaluate(NOTE)
    text = copied(page, name)
    assert text
    assert page.evaluate("window.noted").startswith(noted)


def test_the_menu_works_by_keyboard(visit: Visit) -> None:
    """Enter opens it, Tab moves down, and Enter copies and returns the focus."""
    page = visit("/status/404/", permissions=ALLOWED)
    opener(page).focus()
    expect(opener(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(opener(page)).to_have_attribute("aria-expanded", "true")
    for name in NAMES[:3]:
        page.keyboard.press("Tab")
        expect(item(page, name)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(item(page, "Copy Markdown link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(opener(page)).to_be_focused()
    expect(opener(page)).to_have_attribute("aria-expanded", "false")
    expect(opener(page)).to_have_text("Copied")
    assert page.evaluate(PASTED).startswith("[404 Not Found](")
    expect(opener(page)).to_have_text("Copy")


def test_escape_closes_the_menu_and_returns_the_focus(open_page: OpenPage) -> None:
    """It works from any entry. If the menu is closed, Escape moves nothing."""
    page = open_page("/status/404/")
    opener(page).click()
    item(page, "Copy citation").focus()
    page.keyboard.press("Escape")
    expect(item(page, "Copy citation")).to_be_hidden()
    expect(opener(page)).to_be_focused()
    link = page.get_by_role("main").get_by_role("link").first
    link.focus()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()


def test_the_menu_closes_when_left(open_page: OpenPage) -> None:
    """It closes on a second click on its button, a click outside, or Tab in either direction."""
    page = open_page("/status/404/")

    def leave_by_tab(start: Locator, key: str) -> None:
        start.focus()
        page.keyboard.press(key)

    ways: tuple[Callable[[], None], ...] = (
        lambda: opener(page).click(),
        lambda: page.get_by_role("heading", level=1).click(),
        lambda: leave_by_tab(item(page, NAMES[-1]), "Tab"),
        lambda: leave_by_tab(opener(page), "Shift+Tab"),
    )
    for leave in ways:
        opener(page).click()
        expect(item(page, "Copy link")).to_be_visible()
        leave()
        expect(item(page, "Copy link")).to_be_hidden()


def test_the_result_is_announced(new_context: NewContext) -> None:
    """A live region gets the text, and is emptied so that it can announce the same text again."""
    page = new_context(permissions=ALLOWED).new_page()
    page.clock.install()
    page.goto("/status/404/")
    heard = page.locator("#ui-copy [aria-live=polite]")
    expect(heard).to_have_text("")
    for _ in range(2):
        copy(page, "Copy link")
        expect(heard).to_have_text("Copied")
        page.clock.run_for(SHOWN)
        expect(heard).to_have_text("")


def test_a_blocked_clipboard_is_reported(new_context: NewContext, origin: str) -> None:
    """The message is visible and announced, and the menu can be used again."""
    page = new_context().new_page()
    page.clock.install()
    page.goto("/status/404/")
    session = page.context.new_cdp_session(page)
    session.send(
        "Browser.setPermission",
        {
            "permission": {"name": "clipboard-write"},
            "setting": "denied",
            "origin": origin,
            "browserContextId": session.send("Target.getTargetInfo")["targetInfo"][
                "browserContextId"
            ],
        },
    )
    for name in NAMES:
        copy(page, name)
        expect(opener(page)).to_have_text("Copy blocked")
        expect(page.locator("#ui-copy [aria-live=polite]")).to_have_text("Copy blocked")
        page.clock.run_for(SHOWN)
        expect(opener(page)).to_have_text("Copy")


def test_a_missing_markdown_version_is_reported(visit: Visit, page_monitor: PageMonitor) -> None:
    """The text of the error response isn't copied."""
    page_monitor.missing.add("/status/404/index.md")
    page = visit("/status/404/", permissions=ALLOWED)
    copied(page, "Copy citation")
    page.route("**/index.md", lambda route: route.fulfill(status=404, body="lost"))
    copy(page, "Copy page as Markdown")
    expect(opener(page)).to_have_text("Could not load")
    assert page.evaluate(PASTED).startswith("404 Not Found (")
    page_monitor.missing.discard("/status/404/index.md")


def test_no_menu_appears_where_nothing_can_be_copied(
    new_context: NewContext, open_page: OpenPage
) -> None:
    """There is no menu without JavaScript, or without a clipboard because of missing HTTPS."""
    context = new_context()
    context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })"
    )
    page = context.new_page()
    for url in PAGES:
        plain = open_page(url, scripts=False)
        assert plain.get_by_text("Copy", exact=True).count() == 0, url
        page.goto(url)
        expect(page.locator("html")).to_have_class("scripts")
        expect(page.locator("#ui-theme-name")).to_have_text("auto")
        assert page.get_by_role("button", name="Copy").count() == 0, url


def test_axe_finds_nothing_in_the_open_menu(open_page: OpenPage, axe: str) -> None:
    """Both color schemes are checked."""
    page = open_page("/status/404/", width=320)
    page.evaluate(axe)
    opener(page).click()
    expect(item(page, "Copy link")).to_be_visible()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("() => axe.run('#ui-copy').then(found => found.violations)") == []


def test_pages_without_a_copy_menu(open_page: OpenPage) -> None:
    """The home page and the error page have none."""
    for url in ("/", MISSING_URL):
        page = open_page(url)
        expect(page.locator("#ui-theme-name")).to_have_text("auto")
        assert page.get_by_role("button", name="Copy").count() == 0, url


def test_the_menu_is_not_printed(open_page: OpenPage) -> None:
    """An open menu isn't printed either."""
    page = open_page("/status/404/")
    opener(page).click()
    expect(item(page, "Copy link")).to_be_visible()
    page.emulate_media(media="print")
    expect(opener(page)).to_be_hidden()
    expect(item(page, "Copy link")).to_be_hidden()


def test_the_menu_shifts_no_content(new_context: NewContext) -> None:
    """Nothing moves when it appears, opens, or shows its result."""
    page = new_context(permissions=ALLOWED).new_page()
    page.clock.install()
    for url in PAGES:
        page.goto(url)
        boxes = {}
        for width in (320, 768, 1440):
            page.set_viewport_size({"width": width, "height": 720})
            expect(opener(page)).to_have_text("Copy")
            boxes[width] = page.evaluate(BOXES)
            opener(page).click()
            expect(item(page, "Copy link")).to_be_visible()
            assert page.evaluate(BOXES) == boxes[width], f"{url} at {width}, open"
            item(page, "Copy link").click()
            expect(opener(page)).to_have_text("Copied")
            assert page.evaluate(BOXES) == boxes[width], f"{url} at {width}, with its result"
            page.clock.run_for(SHOWN)
        opener(page).evaluate("button => button.parentElement.replaceChildren()")
        for width, with_menu in boxes.items():
            page.set_viewport_size({"width": width, "height": 720})
            assert page.evaluate(BOXES) == with_menu, f"{url} at {width}, without"


def test_the_closed_menu_covers_nothing(open_page: OpenPage) -> None:
    """The longest breadcrumbs and the title stay visible, also in large text."""
    overlaps = {}
    for url in (*PAGES, "/status/783/", "/status/999/"):
        page = open_page(url)
        expect(opener(page)).to_be_visible()
        for width, size in product((320, 480, 768, 1440), ("100%", "200%")):
            page.set_viewport_size({"width": width, "height": 720})
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            overlaps[url, width, size] = page.evaluate(OVERLAPS)
    assert_none(f"{place}: {parts}" for place, parts in overlaps.items() if parts)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "size"), [(320, "100%"), (320, "200%"), (1440, "100%")])
def test_the_menu_fits_on_the_screen(
    open_page: OpenPage, width: int, size: str, scheme: Scheme
) -> None:
    """Each target is at least 24 by 24 pixels: WCAG 2.2, 2.5.8."""
    page = open_page("/tables/constants/", width=width, scheme=scheme)
    page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
    # The first thing on a page may be a table or an example, which are positioned too.
    page.locator("h1").evaluate("title => { title.style.position = 'relative' }")
    opener(page).click()
    for part in (opener(page), *(item(page, name) for name in NAMES)):
        box = part.bounding_box()
        assert box
        assert box["height"] >= 24
        assert box["width"] >= 24
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        # Nothing covers it: a click that is not forced would fail.
        part.click(trial=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
