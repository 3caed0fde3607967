"""The content of pages, in small books."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

import pytest
from bs4 import BeautifulSoup, Tag

from codebook.build.pipeline import BuildResult

Make = Callable[..., BuildResult]

REGISTER = """# Signals

1. Signals (10–19)

## 1. Signals

- 11
The harbor is open.

- 12 Closed
The harbor is closed.

- 13
The harbor is full.
"""
FACTS = """[crew]
label = "Crew"
about = "Who is on board."

[crew.values]
pilot = "A pilot is on board."
none = "No one is there."
"""
USUAL_FACTS = (
    FACTS.replace("[crew.values]", 'usual = ["none"]\n\n[crew.values]')
    + '\n[light]\nlabel = "Light"\nabout = "Its color."\n'
)
LIGHT = 'light = {value = "red", source = "3"}'
TABLE = """```toml
title = "Flags"
source = "https://example.org/flags"
read = 2026-01-31
license = "none"

[columns]
code = "Code"
flag = "Flag"
```

Which flag is shown.
"""


@pytest.fixture
def page_of(compile_book: Make) -> Callable[..., BeautifulSoup]:
    """One page of a book of these files."""

    def page_of(path: str, files: Mapping[str, str], url: str = "") -> BeautifulSoup:
        result = compile_book(files, url)
        assert result.files is not None, result.diagnostics
        return BeautifulSoup(result.files[PurePosixPath(path, "index.html")], "html.parser")

    return page_of


def text_of(tag: Tag | None) -> str:
    """The text of an element, with whitespace collapsed."""
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


def test_a_name_comes_from_the_register_then_the_article_then_the_table(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """The first one that has a name is used."""
    files = {
        "signals.md": REGISTER,
        "book.toml": 'names = { table = "flags", column = "flag" }',
        "tables/flags.md": TABLE,
        "tables/flags.csv": "code,flag\n11,red\n12,green\n13,blue\n",
        "codes/11.md": '```toml\nname = "Open"\n```\n',
        "codes/12.md": '```toml\nname = "Shut"\n```\n',
    }
    names = [text_of(page_of(f"status/{code}", files).h1) for code in (11, 12, 13)]
    assert names == ["11 Open", "12 Closed", "13 blue"]


def test_a_code_without_a_name_is_its_number(page_of: Callable[..., BeautifulSoup]) -> None:
    """There is no empty name and no extra space."""
    assert text_of(page_of("status/11", {"signals.md": REGISTER}).h1) == "11"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Rules, 3", '<a href="https://example.org/r/3">Rules, 3</a>'),
        ("see Rules, 3 & 4", 'see <a href="https://example.org/r/3">Rules, 3</a> &amp; 4'),
        ("Rules", '<a href="https://example.org/r">Rules</a>'),
        ("https://example.org/x.", '<a href="https://example.org/x">example.org/x</a>.'),
        (
            "https://example.org/a/long/way/to/the/page-that-is-meant",
            '<a href="https://example.org/a/long/way/to/the/page-that-is-meant">example.org/a/long/way/…</a>',
        ),
        ("<b>Rules</b>", '&lt;b&gt;<a href="https://example.org/r">Rules</a>&lt;/b&gt;'),
        (
            "Rules and Rules, 3",
            (
                '<a href="https://example.org/r">Rules</a> and '
                '<a href="https://example.org/r/3">Rules, 3</a>'
            ),
        ),
        ("nothing", "nothing"),
    ],
)
def test_a_citation_links_by_the_first_matching_pattern(
    page_of: Callable[..., BeautifulSoup], text: str, html: str
) -> None:
    """Patterns are tried in the order of the settings, and other text is escaped."""
    settings = """
    [[references]]
    pattern = 'Rules, (?P<rule>[0-9]+)'
    url = "https://example.org/r/{rule}"
    [[references]]
    pattern = 'Rules'
    url = "https://example.org/r"
    """
    article = f"```toml\nspec = '{text}'\n```\n"
    files = {"signals.md": REGISTER, "book.toml": settings, "codes/11.md": article}
    element = page_of("status/11", files).select_one(".names dd")
    assert isinstance(element, Tag)
    assert html in element.decode_contents(formatter="minimal")


def test_a_page_shows_the_summary_above_the_text_of_the_register(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """If both are the same, it shows only one."""
    article = '```toml\nsummary = "{}"\n```\n'
    files = {"signals.md": REGISTER, "codes/11.md": article.format("Ships can come in.")}
    page = page_of("status/11", files)
    assert text_of(page.find(class_="lead")) == "Ships can come in."
    assert text_of(page.find(class_="more")) == "The harbor is open."
    page = page_of("status/11", files | {"codes/11.md": article.format("The harbor is open.")})
    assert text_of(page.find(class_="lead")) == "The harbor is open."
    assert page.find(class_="more") is None
    page = page_of("status/11", files | {"codes/11.md": article.format(" ")})
    assert text_of(page.find(class_="lead")) == "The harbor is open."


def test_a_page_shows_the_name_that_people_know_and_the_official_one(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """The title has the first; both names redirect to the page."""
    article = '```toml\nknown_as = "Keep out"\n```\n'
    page = page_of("status/12", {"signals.md": REGISTER, "codes/12.md": article})
    assert text_of(page.find("h1")) == "12 Keep out"
    assert text_of(page.find(class_="names")) == "Official name Closed"
    page = page_of("status/closed", {"signals.md": REGISTER, "codes/12.md": article})
    assert page.select_one("a[href='../12/']")


def test_a_fact_is_shown_with_its_meaning_note_and_source(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """The page of the code has all of them."""
    fact = '{ value = "pilot", source = "Rules, 3", note = "By day." }'
    article = f"```toml\n[facts]\ncrew = {fact}\n```\n"
    files = {"signals.md": REGISTER, "facts.toml": FACTS, "codes/11.md": article}
    facts = text_of(page_of("status/11", files).find(class_="facts"))
    assert facts == "Crew pilot Who is on board. A pilot is on board. By day. Rules, 3"


def test_the_facts_that_most_codes_have_are_in_one_line(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """The others come first. If a code has no others, they are shown like them."""
    crew = 'crew = {value = "none", source = "Rules"}'
    files = {"signals.md": REGISTER, "facts.toml": USUAL_FACTS}
    article = f"```toml\n[facts]\n{crew}\n{LIGHT}\n```\n"
    facts = page_of("status/11", files | {"codes/11.md": article}).select(".facts > li")
    assert [text_of(each.summary) for each in facts] == [
        "Light red",
        "As for most codes Crew none",
    ]
    article = f"```toml\n[facts]\n{crew}\n```\n"
    facts = page_of("status/11", files | {"codes/11.md": article}).select(".facts > li")
    assert [text_of(each.summary) for each in facts] == ["Crew none"]


def test_an_uncertain_fact_is_not_in_the_line_of_usual_facts(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """Its mark would be hidden."""
    crew = 'crew = {value = "none", source = "Rules", uncertain = "A page is missing."}'
    article = f"```toml\n[facts]\n{crew}\n{LIGHT}\n```\n"
    files = {"signals.md": REGISTER, "facts.toml": USUAL_FACTS, "codes/11.md": article}
    facts = page_of("status/11", files).select(".facts > li")
    assert [text_of(each.summary) for each in facts] == ["Crew none uncertain", "Light red"]


def test_a_comparison_says_where_a_fact_is_not_stated(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """An empty cell might look like an error."""
    article = '```toml\n[facts]\ncrew = { value = "pilot", source = "Rules, 3" }\n```\n'
    guide = '# In or out\n\n```compare\ncodes = [11, 12]\nfacts = ["crew"]\n```\n'
    files = {
        "signals.md": REGISTER,
        "facts.toml": FACTS,
        "codes/11.md": article,
        "guides/in-or-out.md": guide,
    }
    rows = page_of("guides/in-or-out", files).find_all("tr")
    assert [text_of(row) for row in rows] == [
        "Code Crew",
        "11 pilot Rules, 3",
        "12 Closed – not stated",
    ]


def test_a_guide_is_listed_on_every_code_that_it_names(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """Guides name codes in comparisons and links."""
    guide = (
        "# In or out\n\nSee [12](../codes/12.md).\n\n```compare\ncodes = [11]\nfacts = []\n```\n"
    )
    files = {"signals.md": REGISTER, "guides/in-or-out.md": guide}
    listed = [
        bool(page_of(f"status/{code}", files).find("a", string="In or out"))
        for code in (11, 12, 13)
    ]
    assert listed == [True, True, False]


def test_a_code_shows_its_rows_of_every_table(page_of: Callable[..., BeautifulSoup]) -> None:
    """It can have several rows in a table, and doesn't show those of other codes."""
    files = {
        "signals.md": REGISTER,
        "tables/flags.md": TABLE,
        "tables/flags.csv": "code,flag\n11,red\n12,green\n11,white\n",
    }
    text = text_of(page_of("status/11", files).main)
    assert "Flags Flag red white" in text
    assert "green" not in text
    assert "Flags Flag green" in text_of(page_of("status/12", files).main)


CHOICE = TABLE.replace("\n[columns]", 'choose = "Flag in…"\n\n[columns]').replace(
    'flag = "Flag"', 'day = "Daylight"\nnight = "Darkness"'
)


def test_readers_choose_among_all_columns_of_a_table(page_of: Callable[..., BeautifulSoup]) -> None:
    """On the page of a code, each has a row of its own. A note isn't part of the value."""
    files = {
        "signals.md": REGISTER,
        "tables/flags.md": CHOICE,
        "tables/flags.csv": "code,day,night\n11,red (old); <b>,red (old); <b>\n12,red,\n13,,\n",
    }
    page = page_of("status/11", files)
    pairs = page.select("#choose-flags > div")
    assert [text_of(pair) for pair in pairs] == [
        "Daylight red (old); <b>",
        "Darkness red (old); <b>",
    ]
    assert [code.text for code in page.select("#choose-flags code")] == ["red", "<b>"] * 2
    menu = page.select_one(".choice select")
    assert menu
    assert (menu["name"], menu["aria-label"]) == ("flags", "Flag in…")
    assert len(page_of("status/12", files).select("#choose-flags > div")) == 2
    assert not page_of("status/13", files).select(".choice, #tables")


def test_a_long_table_folds_the_rows_of_other_registers(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """They are folded if they are fewer than the others."""
    other = "# Rare signals\n\n1. Other (20–29)\n\n## 1. Other\n\n- 21\nNobody is here.\n"
    files = {"signals.md": REGISTER, "unofficial.md": other, "tables/flags.md": TABLE}
    folded = []
    for common, rare in ((12, 1), (7, 6), (6, 7), (11, 1), (13, 0)):
        rows = "11,red\n" * common + "21,blue\n" * rare
        page = page_of("tables/flags", files | {"tables/flags.csv": f"code,flag\n{rows}"})
        labels = [text_of(label) for label in page.select(".show-more")]
        folded.append((len(page.select("tr.more")), labels))
    assert folded == [
        (1, ["Show 1 more row: Rare signals"]),
        (6, ["Show 6 more rows: Rare signals"]),
        *[(0, [])] * 3,
    ]


def test_a_comparison_leaves_out_facts_that_no_code_states(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """A column of dashes says nothing."""
    fact = '{ value = "pilot", source = "Rules" }'
    files = {
        "signals.md": REGISTER,
        "facts.toml": KINDS,
        "codes/11.md": f"```toml\n[facts]\ncrew = {fact}\n```\n",
        "codes/12.md": f"```toml\n[facts]\nlight = {fact}\n```\n",
        "guides/one.md": "# One\n\n```compare\ncodes = [11, 13]\n```\n",
    }
    heads = page_of("guides/one", files).select("thead th")
    assert [text_of(head) for head in heads] == ["Code", "Crew"]


KINDS = """
[crew]
label = "Crew"
about = "Who answers."
marked = ["none"]

[crew.values]
"pilot" = "The pilot."
"none" = "No one any more."

[light]
label = "Light"
about = "Which lantern."
"""


def test_a_marked_value_is_next_to_its_code_everywhere(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """This includes its page, lists, links, tables, and comparisons."""
    files = {
        "signals.md": REGISTER,
        "facts.toml": KINDS,
        "codes/11.md": '```toml\n[facts]\ncrew = { value = "none", source = "Rules" }\n```\n',
        "codes/12.md": "```toml\nsee_also = [11]\n```\n",
        "guides/all.md": "# All\n\n```compare\n```\n",
        "tables/flags.md": TABLE,
        "tables/flags.csv": "code,flag\n11,red\n",
    }
    tiles = page_of("", files).select("main .tiles [data-mark]")
    assert [text_of(tile) for tile in tiles] == ["11 none"]
    for path in (
        "status",
        "status/1x",
        "status/11",
        "status/12",
        "guides/all",
        "tables/flags",
    ):
        marks = page_of(path, files).select("main .mark")
        assert {text_of(mark) for mark in marks} == {"none"}, path


def test_a_comparison_without_codes_shows_every_code_that_states_a_fact(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """It has only values; notes and sources are on the pages of the codes."""
    fact = '{ value = "pilot", source = "Rules", note = "By day." }'
    files = {
        "signals.md": REGISTER,
        "facts.toml": KINDS,
        "codes/11.md": f"```toml\n[facts]\ncrew = {fact}\n```\n",
        "codes/12.md": f"```toml\n[facts]\nlight = {fact}\n```\n",
        "codes/13.md": "```toml\n```\n",
        "guides/all.md": "# All\n\n```compare\n```\n",
        "guides/crew.md": '# Crew\n\n```compare\nfacts = ["crew"]\n```\n',
    }
    assert text_of(page_of("guides/all", files).main) == (
        "All All Code Crew Light 11 pilot – not stated 12 Closed – not stated pilot Next Crew"
    )
    assert (
        text_of(page_of("guides/crew", files).main) == "Crew Crew Code Crew 11 pilot Previous All"
    )


def test_an_uncertain_fact_says_why(page_of: Callable[..., BeautifulSoup]) -> None:
    """The reason is in the list of facts and in all comparisons."""
    fact = '{ value = "pilot", source = "Rules", uncertain = "Page 3 is torn." }'
    files = {
        "signals.md": REGISTER,
        "facts.toml": KINDS,
        "codes/11.md": f"```toml\n[facts]\ncrew = {fact}\n```\n",
        "guides/all.md": "# All\n\n```compare\n```\n",
    }
    for path in ("status/11", "guides/all"):
        assert "Uncertain: Page 3 is torn." in text_of(page_of(path, files).main)


def test_related_codes_keep_the_order_of_the_article(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """Authors put the most closely related code first."""
    files = {"signals.md": REGISTER, "codes/11.md": "```toml\nsee_also = [13, 12]\n```\n"}
    links = page_of("status/11", files).select("ul.links a")
    assert [text_of(link) for link in links] == ["13", "12 Closed"]


def test_two_registers_share_a_class(page_of: Callable[..., BeautifulSoup]) -> None:
    """The class has one page, with the title of each register above its codes."""
    more = REGISTER.replace("# Signals", "# Lights", 1)
    for before, after in (("11", "14"), ("12 Closed", "15 Dark"), ("- 13", "- 16")):
        more = more.replace(before, after)
    main = page_of("status/1x", {"signals.md": REGISTER, "lights.md": more}).main
    assert main
    text = text_of(main.select_one(".page"))
    order = [text.index(part) for part in ("Lights", "14", "15 Dark", "11 The", "12 Closed")]
    assert order == sorted(order)


def test_the_breadcrumbs_of_a_register_are_on_its_page(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """The text and the targets of the links are the same as in the source."""
    files = {"signals.md": f"/ [Start](index.md) / [One](codes/11.md)\n\n{REGISTER}"}
    links = page_of("status", files).select("nav[aria-label=Breadcrumb] a")
    assert [(text_of(link), link["href"]) for link in links] == [("Start", "../"), ("One", "11/")]


def test_a_link_to_a_heading_of_a_register_links_to_the_class(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """Classes have no files, so documents link to their headings."""
    guide = "# G\n\nSee [all](../signals.md) and [these](../signals.md#1-signals).\n"
    links = page_of("guides/g", {"signals.md": REGISTER, "guides/g.md": guide}).select("main a")
    assert [link["href"] for link in links] == ["../../status/", "../../status/1x/"]


TENS = """# Signals

1. Signals (100–199)
2. Lights (1000–1999)

## 1. Signals

- 101
Open.

- 109
Closed.

- 123
Full.

## 2. Lights

- 1011
Red.
"""


def test_a_class_of_a_hundred_has_a_row_for_each_ten(
    page_of: Callable[..., BeautifulSoup],
) -> None:
    """Groups without codes take no space, and larger classes have no rows."""
    rows = {
        str(link["data-code"]): tile.get("data-row")
        for tile in page_of("", {"signals.md": TENS}).select(".tiles li")
        for link in tile.select("a")
    }
    assert rows == {"101": "1", "109": "1", "123": "2", "1011": None}


def many_classes(count: int) -> str:
    """A register with classes of ten codes, each with its first code."""
    starts = range(100, 100 + 10 * count, 10)
    contents = "".join(
        f"{index}. Class {index} ({start}–{start + 9})\n" for index, start in enumerate(starts, 1)
    )
    sections = "".join(
        f"\n## {index}. Class {index}\n\n- {start} Name {start}\nText.\n"
        for index, start in enumerate(starts, 1)
    )
    return f"# Codes\n\n{contents}{sections}"


@pytest.mark.parametrize(
    ("path", "first", "current"),
    [("", "10x", None), ("100", "10x", 0), ("240", "18x", 6), ("390", "28x", 11)],
)
def test_the_menu_of_many_classes_has_those_around_the_page(
    page_of: Callable[..., BeautifulSoup], path: str, first: str, current: int | None
) -> None:
    """A link to each of 30 classes would fill the screen; the page of all codes has all of them."""
    folder = f"status/{path}" if path else ""
    page = page_of(folder, {"codes.md": many_classes(30), "book.toml": 'path = "status"'})
    all_codes, *classes = page.select("header nav a")
    assert len(classes) == 12
    assert classes[0].text == first
    marked = [index for index, link in enumerate(classes) if link.has_attr("aria-current")]
    assert marked == ([] if current is None else [current])
    assert all_codes["href"]
