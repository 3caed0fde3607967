"""Examples are drawn as sequence diagrams of the messages that the settings declare."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer

from codebook.build.pipeline import BuildResult
from tests.offenders import assert_none

Make = Callable[..., BuildResult]
Draw = Callable[..., list[Tag]]

REGISTER = "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11\nThe harbor is open.\n"
BOOK = """headings = ["Example", "Another"]

[exchange]
language = "signal"
client = "Ship"
server = "Harbor"
request = '^ASK (?P<label>.+)$'
response = '^SAY (?P<label>.+)$'
fields = '^(?:Depth|Tide): '
"""
ASK = "```signal\nASK to come in\nTide: high\nLength: 20\n```\n"
SAY = "```signal\nSAY 11 Open\nLength: 20\nDepth: 7\nTide: low\n```\n"


@pytest.fixture
def draw(compile_book: Make) -> Draw:
    """The drawings on the page of a code with this article."""

    def draw(article: str, settings: str = BOOK) -> list[Tag]:
        head = "```toml\n```\n\n"
        files = {"signals.md": REGISTER, "book.toml": settings, "codes/11.md": head + article}
        result = compile_book(files)
        assert result.files is not None, result.diagnostics
        page = result.files[PurePosixPath("status/11/index.html")]
        return BeautifulSoup(page, "html.parser").select("svg.drawing")

    return draw


def texts(part: Tag) -> list[str]:
    """The text in a part of a drawing, from top to bottom."""
    return [text.get_text() for text in part.find_all("text")]


def test_the_messages_under_a_heading_form_one_drawing(draw: Draw) -> None:
    """Each message is an arrow with a label and the first configured header."""
    (drawing,) = draw(f"## Example\n\n{ASK}\n{SAY}\n")
    assert [texts(group) for group in drawing.find_all("g")] == [
        ["to come in", "Tide: high"],
        ["11 Open", "Depth: 7"],
    ]
    assert [group.get("class") for group in drawing.find_all("g")] == [None, ["response"]]
    assert texts(drawing)[:2] == ["Ship", "Harbor"]


def test_a_drawing_has_a_text_alternative(draw: Draw) -> None:
    """The drawing is one image with a sentence as its label."""
    (drawing,) = draw(f"## Example\n\n{ASK}\n{SAY}\n")
    assert drawing["role"] == "img"
    messages = "Ship: to come in, Tide: high. Harbor: 11 Open, Depth: 7."
    assert drawing["aria-label"] == f"Sequence diagram. {messages}"


def test_no_two_arrows_of_a_drawing_touch(draw: Draw) -> None:
    """Arrows are in the order of the messages, and the last one is inside the drawing."""
    (drawing,) = draw(f"## Example\n\n{ASK}\n{SAY}\n{SAY}\n")
    arrows = [int(str(line["y1"])) for line in drawing.select("line.message")]
    notes = [int(str(note["y"])) for note in drawing.select("text.note")]
    assert sorted([*arrows, *notes]) == [
        y for pair in zip(arrows, notes, strict=True) for y in pair
    ]
    assert notes[-1] < int(str(drawing["height"]))


@pytest.mark.parametrize(
    "article",
    [
        f"## Example\n\n{ASK}",
        f"## Example\n\n{SAY}\n{SAY}",
        f"## Example\n\n{ASK}\n## Another\n\n{SAY}",
        "## Example\n\n```text\nASK\n```\n\n```text\nSAY yes\n```\n",
        "## Example\n\n```signal\n```\n\n```signal\nHello\n```\n",
    ],
)
def test_only_complete_exchanges_are_drawn(article: str, draw: Draw) -> None:
    """A request and a response must be under the same heading."""
    assert draw(article) == []


def test_without_a_declaration_nothing_is_drawn(draw: Draw) -> None:
    """The program has no built-in kinds of messages."""
    assert draw(f"## Example\n\n{ASK}\n{SAY}\n", 'headings = ["Example"]\n') == []


def test_long_labels_are_cut_and_markup_is_text(draw: Draw) -> None:
    """Labels fit between the lifelines on the narrowest screen."""
    long = f"```signal\nASK <b>{'deep ' * 20}\n```\n"
    (drawing,) = draw(f"## Example\n\n{long}\n{SAY}\n")
    asked = texts(drawing.find_all("g")[0])[0]
    assert asked.startswith("<b>deep deep")
    assert asked.endswith("…")
    assert len(asked) <= 34
    assert drawing.find("b") is None


def test_every_exchange_of_the_book_is_drawn(built_site: Mapping[PurePosixPath, bytes]) -> None:
    """The drawing precedes the first message, and its label contains the target or the code."""
    only = SoupStrainer(["svg", "pre"])
    drawings = [
        (path, drawing)
        for path, data in built_site.items()
        if path.suffix == ".html" and b'class="drawing"' in data
        for drawing in BeautifulSoup(data, "html.parser", parse_only=only).select("svg.drawing")
    ]
    assert len(drawings) > 60
    offenders = []
    for path, drawing in drawings:
        label, below = str(drawing["aria-label"]), drawing.find_next_sibling("pre")
        subject = below.get_text().split()[1][:20] if below else ""
        if (
            not re.match(r"Sequence diagram\. Client: .*Server: ", label)
            or not subject
            or subject not in label
        ):
            offenders.append(f"{path}: {label}")
    assert_none(offenders)
