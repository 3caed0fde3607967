"""Markdown in a book: links work, HTML is text, and no word is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from codebook.book.documents import Guide
from codebook.book.parse import parse_documents
from codebook.build.pipeline import BuildResult
from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule, Severity
from codebook.diagnostics.source import Folder
from codebook.syntax.rich_text import Text
from tests.offenders import assert_none

Make = Callable[..., BuildResult]

REGISTER = (
    "# Signals\n\n1. Entry signals (10–19)\n\n"
    "## 1. Entry signals\n\n- 11\nCome in.\n\n- 12\nWait.\n"
)
ALLOWED = (
    "https://example.org/",
    "http://example.org/a/b?c=d&e=f#g",
    "HTTPS://EXAMPLE.ORG/",
    "https://example.org:8443/",
    "https://[2001:db8::1]/",
    "https://example.org/%E2%80%93",
    "https://example.org/a_(b)",
    "mailto:harbor@example.org",
    "mailto:harbor@example.org?subject=Signals",
)
FORBIDDEN = (
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java&#115;cript:alert(1)",
    "javascript&colon;alert(1)",
    "vbscript:a",
    "data:text/html,a",
    "data:image/png;base64,AAAA",
    "file:///etc/passwd",
    "blob:https://example.org/a",
    "ftp://example.org/",
    "ws://example.org/",
    "tel:1",
    "view-source:https://example.org/",
    "//example.org/",
    "/\\example.org/",
    "\\\\example.org\\a",
    "https:example.org",
    "https:///example.org",
    "https://",
    "https://good.example@example.org/",
    "https://a:b@example.org/",
    "https://example.org:port/",
    "https://example.org\\@example.com/",
    "https://example.org/%5C",
    "https://example.org/\u202ea",
    "mailto:harbor",
)


def guide(text: str) -> Parsed[Guide]:
    """A guide with this text below its title, in line 3."""
    files = {"signals.md": REGISTER, "guides/a.md": f"# Title\n\n{text}\n"}
    encoded = {PurePosixPath(path): data.encode() for path, data in sorted(files.items())}
    parsed = parse_documents(Cache(), Folder("content", encoded))
    (document,) = parsed.value.guides
    return Parsed(document, parsed.diagnostics)


def html(text: str) -> str:
    """The HTML of a text, in which links within the book show the linked path."""
    parts = (part for part in guide(text).value.body.parts() if isinstance(part, Text))
    return "".join(part.html(lambda to: f"{to.path}#{to.anchor}") for part in parts)


def positions(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """Rules and positions, in order."""
    in_order = sorted((diagnostic.span, diagnostic.rule) for diagnostic in diagnostics)
    return [f"{rule} {span.line}:{span.column}+{span.length}" for span, rule in in_order]


@pytest.mark.parametrize("href", ALLOWED)
def test_web_and_mailto_urls_can_be_linked(href: str) -> None:
    """The page has the URL as written, except for entities and the case of its host."""
    assert not guide(f"See [it]({href}).").diagnostics
    link = BeautifulSoup(html(f"See [it]({href})."), "html.parser").a
    assert link is not None
    assert str(link["href"]).casefold() == href.casefold()


@pytest.mark.parametrize("href", ["/", ".", "..", "../..", "../guides/", "#", "?", "/#a"])
def test_a_link_to_a_folder_is_broken(href: str, compile_book: Make) -> None:
    """A folder isn't a document, even if hosts show an index for it."""
    result = compile_book({"signals.md": REGISTER, "guides/a.md": f"# Title\n\n[It]({href}).\n"})
    assert {error.rule for error in result.diagnostics} <= {Rule.BROKEN_LINK, Rule.BROKEN_ANCHOR}
    assert (result.files is None) == (href != "#")


def test_every_other_url_is_rejected(compile_book: Make) -> None:
    """The error is at the URL or at the link text."""
    allowed = {Rule.FORBIDDEN_LINK, Rule.BROKEN_LINK, Rule.HIDDEN_CHARACTER}
    offenders = []
    for href in FORBIDDEN:
        line = f"See [it]({href})."
        result = compile_book({"signals.md": REGISTER, "guides/a.md": f"# Title\n\n{line}\n"})
        found = [
            (error.rule, error.span.line, underlined(line, error)) for error in result.diagnostics
        ]
        if (
            result.files is not None
            or len(found) != 1
            or found[0][0] not in allowed
            or found[0][1] != 3
            or found[0][2] not in {href, "it", "\u202e"}
        ):
            offenders.append(f"{href}: {found}")
    assert_none(offenders)


def underlined(line: str, diagnostic: Diagnostic) -> str:
    """The part of its line that a diagnostic underlines."""
    return line[diagnostic.span.column - 1 :][: diagnostic.span.length]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<https://example.org/a>", '<a href="https://example.org/a">https://example.org/a</a>'),
        ("<a@example.org>", '<a href="mailto:a@example.org">a@example.org</a>'),
        ("<dav:propstat>", "&lt;dav:propstat&gt;"),
        ("<javascript:alert(1)>", "&lt;javascript:alert(1)&gt;"),
        ("<ftp://example.org/>", "&lt;ftp://example.org/&gt;"),
    ],
)
def test_a_url_in_angle_brackets_is_a_link_or_text(text: str, expected: str) -> None:
    """A known scheme makes a link. Names with a colon are text."""
    assert html(text) == f"<p>{expected}</p>\n"
    assert not guide(text).diagnostics


STRUCK = {
    "~~a b~~ c": "<s>a b</s> c",
    "~a~ ~~~b~~~": "<s>a</s> ~~~b~~~",
    "~~a **b**~~": "<s>a <strong>b</strong></s>",
    "`~~a~~` \\~~b~~": "<code>~~a~~</code> ~~b~~",
    "~/a and ~/b": "~/a and ~/b",
}


@pytest.mark.parametrize("text", STRUCK)
def test_text_between_one_or_two_tildes_is_struck_out(text: str) -> None:
    """As on GitHub. The plain text keeps the words."""
    assert html(text) == f"<p>{STRUCK[text]}</p>\n"
    assert not guide(text).diagnostics
    assert (
        guide(text).value.body.lead == BeautifulSoup(html(text), "html.parser").get_text().strip()
    )


LINKED = {
    "index.md": ("", ""),
    "index.md#in-short": ("", "h-in-short"),
    "signals.md": ("status/", ""),
    "signals.md#1-entry-signals": ("status/1x/", ""),
    "codes/11.md": ("status/11/", ""),
    "codes/11.md#when-to-show-it": ("status/11/", "h-when-to-show-it"),
    "codes/12.md": ("status/12/", ""),
    "guides/coming-in.md": ("guides/coming-in/", ""),
    "guides/coming-in.md#größe": ("guides/coming-in/", "h-größe"),
    "guides/going-out.md": ("guides/going-out/", ""),
    "tables/flags.md": ("tables/flags/", ""),
    "tables/flags.md#at-sea": ("tables/flags/", "h-at-sea"),
}
"""Every kind of link target, relative to the content folder, with its page and its id."""
WRITERS = {
    "index.md": "",
    "signals.md": "status/11/",
    "codes/11.md": "status/11/",
    "guides/coming-in.md": "guides/coming-in/",
    "tables/flags.md": "tables/flags/",
}
"""Every kind of document that may have a link, with a page that shows its text."""


BASE = "https://example.org/base/"


def book(writer: str = "", text: str = "") -> dict[str, str]:
    """A book with a document of each kind, one of which also has this text."""
    files = {
        "index.md": "# Harbor\n\n## In short\n\nCome in.\n",
        "signals.md": REGISTER,
        "codes/11.md": "```toml\n```\n\n## When to show it\n\nBy day.\n",
        "guides/coming-in.md": "# Coming in\n\n## Größe\n\nSlowly.\n",
        "guides/going-out.md": "# Going out\n\nFast.\n",
        "tables/flags.md": '```toml\ntitle = "Flags"\nsource = "Rules"\nread = 2026-11-01\n'
        'license = "CC0-1.0"\ncolumns = { code = "Code" }\n```\n\n## At sea\n\nFar.\n',
        "tables/flags.csv": "code\n11\n",
    }
    if writer == "signals.md":
        return {**files, writer: files[writer].replace("Come in.", text)}
    return {**files, writer: f"{files[writer]}\n{text}\n"} if writer else files


@pytest.mark.parametrize("writer", WRITERS)
def test_a_link_between_documents_is_a_link_between_their_pages(
    writer: str, compile_book: Make
) -> None:
    """File links, as they work in any editor, become relative links between pages."""
    up = "../" * (len(PurePosixPath(writer).parts) - 1)
    text = ", ".join(f"[the place {linked}]({up}{linked})" for linked in LINKED)
    result = compile_book(book(writer, f"See {text}."))
    assert result.files is not None, result.diagnostics
    page = result.files[PurePosixPath(WRITERS[writer], "index.html")]
    links = {
        (link.get_text().removeprefix("the place "), str(link["href"]))
        for link in BeautifulSoup(page, "html.parser").find_all("a", string=re.compile("the place"))
    }
    assert {linked for linked, _ in links} == {*LINKED}
    assert_none(href for _, href in links if ":" in href or href.startswith("/"))
    urls = {
        linked: f"{url}#{anchor}" if anchor else url for linked, (url, anchor) in LINKED.items()
    }
    assert_none(
        f"{linked}: {href}"
        for linked, href in links
        if urljoin(f"{BASE}{WRITERS[writer]}", href) != BASE + urls[linked]
    )


def test_every_id_of_a_heading_is_a_link_target(compile_book: Make) -> None:
    """The page has all of them, so that URLs of headings that it replaced keep working."""
    text = "[Dusk](#dusk), [night](coming-in.md#night)\n\n## Dark {#dark #dusk #night}\n\nWait."
    result = compile_book(book("guides/coming-in.md", text))
    assert result.files is not None, result.diagnostics
    page = BeautifulSoup(result.files[PurePosixPath("guides/coming-in/index.html")], "html.parser")
    heading = page.select_one("h2#h-dark")
    assert heading
    assert [span["id"] for span in heading.select("span[id]")] == ["h-dusk", "h-night"]
    links = [a["href"] for a in page.select("main a[href*=dusk], main a[href*=night]")]
    assert links == ["#h-dusk", "#h-night"]


def test_every_id_of_a_heading_in_a_register_is_a_link_target(compile_book: Make) -> None:
    """Links to them become links to the page of the class."""
    files = book("guides/coming-in.md", "[One](../signals.md#one), [two](../signals.md#two).")
    heading = REGISTER.splitlines()[4]
    files["signals.md"] = REGISTER.replace(heading, f"{heading} {{#one #two}}")
    result = compile_book(files)
    assert result.files is not None, result.diagnostics
    page = BeautifulSoup(result.files[PurePosixPath("guides/coming-in/index.html")], "html.parser")
    (one,), (two,) = page.find_all("a", string="One"), page.find_all("a", string="two")
    assert one["href"] == two["href"] == "../../status/1x/"


BROKEN = {
    "nothing.md": Rule.BROKEN_LINK,
    "codes/99.md": Rule.BROKEN_LINK,
    "codes/011.md": Rule.BROKEN_LINK,
    "guides/": Rule.BROKEN_LINK,
    "guides/coming-in": Rule.BROKEN_LINK,
    "tables/flags.csv": Rule.BROKEN_LINK,
    "../outside.md": Rule.BROKEN_LINK,
    "guides/coming-in.md?a=b": Rule.BROKEN_LINK,
    "guides/coming-in.md#fast": Rule.BROKEN_ANCHOR,
    "guides/coming-in.md#h-größe": Rule.BROKEN_ANCHOR,
    "codes/12.md#when-to-show-it": Rule.BROKEN_ANCHOR,
}
"""Links to nothing, relative to the content folder."""


@pytest.mark.parametrize("writer", WRITERS)
def test_a_broken_link_is_an_error_at_the_link(writer: str, compile_book: Make) -> None:
    """The link's URL is underlined in the document that has it."""
    up = "../" * (len(PurePosixPath(writer).parts) - 1)
    files = book(writer, "See " + ", ".join(f"[it]({up}{linked})" for linked in BROKEN) + ".")
    lines = files[writer].split("\n")
    diagnostics = compile_book(files).diagnostics
    assert {diagnostic.span.path for diagnostic in diagnostics} == {f"content/{writer}"}
    found = [(underlined(lines[error.span.line - 1], error), error.rule) for error in diagnostics]
    assert found == [(up + linked, rule) for linked, rule in BROKEN.items()]


def test_raw_html_is_shown_as_text_with_a_warning() -> None:
    """Tags and unfinished HTML are underlined."""
    text = "Stop <b class='c'>here</b> at once.\n\n<script>alert(1)</script>\n\n`<p>` <?a?>"
    assert html(text) == (
        "<p>Stop &lt;b class='c'&gt;here&lt;/b&gt; at once.</p>\n"
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
        "<p><code>&lt;p&gt;</code> &lt;?a?&gt;</p>\n"
    )
    diagnostics = guide(text).diagnostics
    assert positions(diagnostics) == [
        "raw-html 3:6+21",
        "raw-html 5:1+25",
        "raw-html 7:7+5",
    ]
    assert {diagnostic.severity for diagnostic in diagnostics} == {Severity.WARNING}


COMMENTS = {
    "<!-- a -->": "3:1+10",
    "<!-- a\n\n## Old\n\n```http\nGET /\n```\n\nb -->": "3:1+6",
    "<!-- a\n\n<b> -->": "3:1+6",
    "<!-- a\n\nNo end.": "3:1+6",
    "Words <!-- a --> and words.": "3:7+10",
    "Words <!-- a\n b --> and words.": "3:7+6",
    "Words <!-- that never end.": "3:7+4",
    "- Words\n\n  <!-- a -->": "5:3+10",
    "> <!-- a": "3:3+4",
    "| a |\n|---|\n| b <!-- c --> |": "5:5+10",
    "<!— an editor’s dash —>": "3:1+23",
}
"""Texts with one comment, and its position."""


@pytest.mark.parametrize("text", COMMENTS)
def test_a_comment_is_one_error(text: str) -> None:
    """What is in a comment isn't checked any further."""
    assert positions(guide(text).diagnostics) == [f"html-comment {COMMENTS[text]}"]


@pytest.mark.parametrize("text", ["`<!-- a -->`", "\\<!-- a -->", "    <!-- a -->"])
def test_a_comment_in_code_or_with_a_backslash_is_intended(text: str) -> None:
    """It's shown on purpose."""
    assert not guide(text).diagnostics
    assert "&lt;!-- a --&gt;" in html(text)


def test_every_entity_for_an_invisible_character_is_reported() -> None:
    """The first one doesn't hide the others; an escaped one is text."""
    text = "A&#x2060;b&#x200b;c\nand\u2060 d&#x2060;e, but not `&#x2060;` or \\&#x2060;."
    assert positions(guide(text).diagnostics) == [
        "hidden-character 3:2+8",
        "hidden-character 3:11+8",
        "hidden-character 4:4+1",
        "hidden-character 4:7+8",
    ]


def test_tags_on_a_line_are_one_diagnostic() -> None:
    """It underlines everything from the first tag to the last one on its line."""
    diagnostics = guide("<b> and <b>\nand <b>\n\nThen <i>.").diagnostics
    assert positions(diagnostics) == ["raw-html 3:1+11", "raw-html 6:6+3"]


def test_ids_of_headings_are_unique(compile_book: Make) -> None:
    """IDs of content have a prefix, and those of repeated headings a number."""
    names = ["main", "search", "Main", "Same", "Same", "same-1", "Same"]
    names += ["echo-2", "Echo", "Echo", "Echo", "Echo", "…", "???", "h-main"]
    text = "# Title\n\n" + "".join(f"## {name}\n\nWords.\n\n" for name in names)
    result = compile_book({"signals.md": REGISTER, "guides/a.md": text})
    assert result.files is not None, result.diagnostics
    page = BeautifulSoup(result.files[PurePosixPath("guides/a/index.html")], "html.parser")
    ids = [str(tag["id"]) for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    heading_ids = [str(tag["id"]) for tag in page.find_all("h2", id=re.compile("^h-"))]
    assert heading_ids[:12] == [
        *("h-main", "h-search", "h-main-1", "h-same", "h-same-1", "h-same-1-1", "h-same-2"),
        *("h-echo-2", "h-echo", "h-echo-1", "h-echo-3", "h-echo-4"),
    ]
    assert len(heading_ids) == len(names)


def test_an_example_has_its_language_and_can_be_reached_by_keyboard(compile_book: Make) -> None:
    """Content that may be wider than the screen is focusable, so that it can be scrolled."""
    text = "# Title\n\n```text\n<flag>\n```\n\n    plain\n\n| a | b |\n|---|---|\n| c | d |\n"
    result = compile_book({"signals.md": REGISTER, "guides/a.md": text})
    assert result.files is not None, result.diagnostics
    page = BeautifulSoup(result.files[PurePosixPath("guides/a/index.html")], "html.parser")
    fence, plain = page.find_all("pre")
    assert fence.code is not None
    assert fence.code["class"] == ["language-text"]
    assert fence.get_text() == "<flag>\n"
    assert plain.get_text() == "plain\n"
    table = page.find("table")
    assert table is not None
    assert table.parent is not None
    assert [element["tabindex"] for element in (fence, plain, table.parent)] == ["0", "0", "0"]


def test_a_decision_tree_shows_the_names_of_codes(compile_book: Make) -> None:
    """Each link whose text is the number of its code gets the name and the color; no other link."""
    register = REGISTER.replace("- 11\n", "- 11 Enter & wait\n")
    codes = (("11", 11), ("12", 12), ("12", 11), ("13", 12), ("in", 11))
    links = ", ".join(f"[{text}](../codes/{code}.md)" for text, code in codes)
    text = f"# Title\n\n[11](../codes/11.md)\n\n- Day?\n  - Yes. Clear?\n    - Yes: {links}\n"
    result = compile_book({"signals.md": register, "guides/a.md": text})
    assert result.files is not None, result.diagnostics
    page = BeautifulSoup(result.files[PurePosixPath("guides/a/index.html")], "html.parser")
    outside, *inside = page.main.find_all("a") if page.main else []
    assert outside.get_text() == "11"
    assert [link.get_text() for link in inside] == ["11 Enter & wait", "12", "12", "13", "in"]
    assert [link.get("data-hue") for link in inside] == ["1", "1", None, None, None]


@pytest.mark.parametrize(
    ("item", "are_sources"),
    [
        ("[RFC 1](https://example.org/1)", True),
        ("[RFC 1](https://example.org/1), Section 2", False),
        ("[RFC 1](https://example.org/1) [2](https://example.org/2)", False),
        ("[11](../codes/11.md)", False),
        ("RFC 1", False),
        ("    RFC 1", False),
    ],
)
def test_a_list_of_sources_has_only_links_to_other_sites(
    item: str, are_sources: bool, compile_book: Make
) -> None:
    """Print shows their URLs; between other text, they would be in the way."""
    text = f"# Title\n\n- <https://example.org/>\n- {item}\n"
    result = compile_book({"signals.md": REGISTER, "guides/a.md": text})
    assert result.files is not None, result.diagnostics
    page = BeautifulSoup(result.files[PurePosixPath("guides/a/index.html")], "html.parser")
    assert len(page.select(".sources")) == are_sources


def test_a_table_has_the_name_of_the_heading_above_it(compile_book: Make) -> None:
    """So has the region in which it scrolls; IDs at the end of the heading aren't part of it."""
    table = "| a | b |\n|---|---|\n| c | d |\n"
    text = f"# Title\n\n{table}\n## The *main* `flag` {{#main}}\n\nText.\n\n{table}"
    result = compile_book({"signals.md": REGISTER, "guides/a.md": text})
    assert result.files is not None, result.diagnostics
    page = BeautifulSoup(result.files[PurePosixPath("guides/a/index.html")], "html.parser")
    regions = page.select("[role=region]")
    tables = page.select("[role=region] > table")
    assert [region["aria-label"] for region in regions] == ["Title", "The main flag"]
    assert [table["aria-label"] for table in tables] == ["Title", "The main flag"]


def test_a_table_with_alignment_has_no_inline_style(compile_book: Make) -> None:
    """The alignment is a class, because the CSP forbids inline styles."""
    text = "# Title\n\n| a | b | c | d |\n|:--|--:|:-:|---|\n| 1 | 2 | 3 | 4 |\n"
    result = compile_book({"signals.md": REGISTER, "guides/a.md": text})
    assert result.files is not None, result.diagnostics
    page = BeautifulSoup(result.files[PurePosixPath("guides/a/index.html")], "html.parser")
    assert not page.find_all(style=True)
    classes = [cell.get("class") for cell in page.find_all("td")]
    assert classes == [["left"], ["right"], ["center"], None]


def test_an_extra_cell_is_not_silently_dropped() -> None:
    """Markdown drops cells beyond the last column; the book reports it."""
    text = "| a | b |\n|---|---|\n| c | d | haven |"
    (diagnostic,) = guide(text).diagnostics
    assert diagnostic.span.line == 5


WORDS = ("haven", "pilot", "anchor", "lantern", "buoy")
# One piece per line would be harder to read.
# fmt: off
PIECES = (
    *WORDS, *WORDS, " ", " ", "\n", "\n", "\n\n", "# ", "## ", "- ", "1. ", "> ", "    ", "\t",
    "```", "~~~", "```compare\n", "`", "``", "*", "**", "_", "[", "](", "](index.md", ")", "]: ",
    "![", "<", ">", "</", "<!--", "-->", "<?", "?>", "<![CDATA[", "]]>", "|", " | ", "|-|-|\n",
    "---\n", "===\n", "\\", "  \n", "&", ";", '"', "'", "(", "https://", "codes = [11]\n", "11",
    ":", "=",
)
# fmt: on


@pytest.mark.slow
@settings(max_examples=600, deadline=None, derandomize=True, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_word_of_a_text_is_silently_lost(text: str) -> None:
    """Each word is on the page as often as it was written, unless there is an error."""
    parsed = guide(text)
    if any(diagnostic.severity is Severity.ERROR for diagnostic in parsed.diagnostics):
        return
    rendered = unescape(html(text))
    counts: Mapping[str, tuple[int, int]] = {
        word: (text.count(word), rendered.count(word)) for word in WORDS
    }
    assert all(written <= kept for written, kept in counts.values()), (counts, rendered)
