"""The decision tree answers every case, and comparisons in guides are drawn from the facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import pytest
from bs4 import BeautifulSoup, Tag

from tests.book_files import FACTS, GUIDES, fences
from tests.offenders import assert_none

Site = Mapping[PurePosixPath, bytes]

COMPARING = {
    "bad-request-or-unprocessable",
    "caching",
    "conflicts-and-preconditions",
    "informational",
    "redirects",
    "retrying",
    "server-errors",
    "too-many-or-unavailable",
    "unauthorized-forbidden-not-found",
}
"""Guides that compare codes."""


@pytest.fixture
def tree(built_site: Site) -> Tag:
    """The decision tree, as the page shows it without JavaScript."""
    page = BeautifulSoup(built_site[PurePosixPath("guides/which-code/index.html")], "html.parser")
    decision = page.select_one("main .tree")
    assert isinstance(decision, Tag)
    return decision


def leaves(tree: Tag, depth: int = 0) -> Iterator[tuple[int, Tag]]:
    """The answers, each with the number of questions before it."""
    for item in tree.find_all("li", recursive=False):
        inner = item.find("ul", recursive=False)
        if isinstance(inner, Tag):
            yield from leaves(inner, depth + 1)
        else:
            yield depth, item


def test_every_path_of_the_decision_ends_at_a_code(tree: Tag) -> None:
    """Each answer is a link, and no question is one."""
    answers = [leaf for _, leaf in leaves(tree)]
    assert answers
    assert_none(leaf.get_text() for leaf in answers if not leaf.select('a[href^="../../status/"]'))
    assert tree.select("li:has(> ul) > p a") == []


def test_valid_json_that_breaks_a_rule_gets_422_within_five_questions(tree: Tag) -> None:
    """At present three: the client, its content, a rule."""
    (steps,) = [
        depth
        for depth, leaf in leaves(tree)
        if "valid JSON that breaks a business rule" in leaf.get_text()
        and leaf.find("a", href="../../status/422/")
    ]
    assert steps <= 5


def test_no_code_is_the_answer_to_two_questions_of_one_kind(tree: Tag) -> None:
    """Except 404, which also hides what is forbidden."""
    urls = [str(link["href"]) for _, leaf in leaves(tree) for link in leaf.select("a[href]")[:1]]
    assert len(urls) == len(set(urls))


def test_comparisons_of_guides_are_drawn_from_the_facts() -> None:
    """A table that is written by hand becomes outdated; a `compare` block does not."""
    comparing = {path.stem for path in GUIDES if any(fences(path, "compare"))}
    assert comparing == COMPARING | {"all-facts"}


def test_all_facts_shows_every_code_and_every_fact(built_site: Site) -> None:
    """It is the complete table."""
    page = BeautifulSoup(built_site[PurePosixPath("guides/all-facts/index.html")], "html.parser")
    rows = page.select("main tbody tr")
    codes = {
        path.parts[1]
        for path in built_site
        if path.parts[0] == "status" and re.fullmatch("[0-9]{3}", path.parts[1])
    }
    listed = {link.get_text()[:3] for row in rows for link in row.select("th a")}
    assert listed == codes
    assert len(page.select("main thead th")) == 1 + len(FACTS)
