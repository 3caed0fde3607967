"""The decision tree ends at codes, and comparisons in guides come from the facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import pytest
from bs4 import BeautifulSoup, Tag

from tests.book_files import FACTS, GUIDES, fences, register_by_code
from tests.offenders import assert_none

Site = Mapping[PurePosixPath, bytes]

COMPARING = {
    "bad-request-or-unprocessable",
    "caching",
    "conflicts-and-preconditions",
    "informational",
    "redirects",
    "retrying",
    "success",
    "server-errors",
    "too-many-or-unavailable",
    "unauthorized-forbidden-not-found",
}
"""Guides that compare codes."""


@pytest.fixture
def tree(built_site: Site) -> Tag:
    """The decision tree as shown without JavaScript."""
    page = BeautifulSoup(built_site[PurePosixPath("guides/which-code/index.html")], "html.parser")
    decision = page.select_one("main .tree")
    assert isinstance(decision, Tag)
    return decision


def leaves(tree: Tag, depth: int = 0) -> Iterator[tuple[int, Tag]]:
    """The answers, each with the number of preceding questions."""
    for item in tree.find_all("li", recursive=False):
        inner = item.find("ul", recursive=False)
        if isinstance(inner, Tag):
            yield from leaves(inner, depth + 1)
        else:
            yield depth, item


def test_every_path_of_the_decision_ends_at_a_code(tree: Tag) -> None:
    """Every answer is a link, and no question is one."""
    answers = [leaf for _, leaf in leaves(tree)]
    assert answers
    assert_none(leaf.get_text() for leaf in answers if not leaf.select('a[href^="../../status/"]'))
    assert tree.select("li:has(> ul) > p a") == []


def test_valid_json_that_breaks_a_rule_gets_422_within_five_questions(tree: Tag) -> None:
    """There are three at present: the client, the content, and a rule."""
    (steps,) = [
        depth
        for depth, leaf in leaves(tree)
        if "valid JSON that breaks a business rule" in leaf.get_text()
        and leaf.find("a", href="../../status/422/")
    ]
    assert steps <= 5


def test_no_code_is_an_answer_to_two_questions_of_the_same_kind(tree: Tag) -> None:
    """The exception is 404, which can also hide forbidden resources."""
    urls = [str(link["href"]) for _, leaf in leaves(tree) for link in leaf.select("a[href]")[:1]]
    assert len(urls) == len(set(urls))


def test_comparisons_in_guides_come_from_the_facts() -> None:
    """Use a `compare` block: a table written by hand becomes outdated."""
    comparing = {path.stem for path in GUIDES if any(fences(path, "compare"))}
    assert comparing == COMPARING | {"all-facts"}


def test_all_facts_shows_every_code_and_every_fact(built_site: Site) -> None:
    """The table of all facts is complete."""
    page = BeautifulSoup(built_site[PurePosixPath("guides/all-facts/index.html")], "html.parser")
    rows = page.select("main tbody tr")
    codes = {str(code) for code in register_by_code()}
    listed = {link.get_text()[:3] for row in rows for link in row.select("th a")}
    assert listed == codes
    assert len(page.select("main thead th")) == 1 + len(FACTS)
