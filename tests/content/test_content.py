"""Articles and registers of this book, beyond what the build itself checks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.book_files import (
    ARTICLES,
    CONTENT,
    FACTS,
    REGISTRY,
    SETTINGS,
    facts,
    front_matter,
    headings,
    name,
    register_by_code,
)

ALL_ARTICLES = pytest.mark.parametrize("path", ARTICLES, ids=name)
REGISTERED = pytest.mark.parametrize(
    "path", [path for path in ARTICLES if int(path.stem) in REGISTRY], ids=name
)
UNOFFICIAL = pytest.mark.parametrize(
    "path", [path for path in ARTICLES if int(path.stem) not in REGISTRY], ids=name
)

ALWAYS = {"status", "family", "content", "cacheable", "repeat", "versions", "sender"}
"""What every registered code states."""
REDIRECTS = {301, 302, 303, 307, 308}
"""The codes that a client follows automatically: WHATWG Fetch, redirect status."""
SECTIONS = [
    "When to send it",
    "What clients do",
    "Example",
    "Common mistakes",
    "How it differs",
    "References",
]
SHORT = ["When to send it", "What clients do", "References"]
RARE = {104, 208, 226, 305, 306, 418, 506, 510}
"""Registered codes that are hardly ever sent: their articles may be short."""


def test_the_registry_is_whole() -> None:
    """64 codes, in order."""
    assert len(REGISTRY) == 64
    assert list(REGISTRY) == sorted(REGISTRY)


def test_the_first_register_describes_what_the_registry_lists() -> None:
    """Both ways: describe what is missing; what is not registered goes to the other register."""
    first = {
        code for code, path in register_by_code().items() if path.name == "http-status-codes.md"
    }
    assert first == set(REGISTRY)


def test_every_code_has_an_article() -> None:
    """All that are registered and all that are not; begin one with a head."""
    assert {int(path.stem) for path in ARTICLES} == set(register_by_code())


@ALL_ARTICLES
def test_every_source_of_an_article_has_a_link(path: Path) -> None:
    """Write a source the way a pattern under [[references]] in book.toml expects it, or a URL."""
    article = front_matter(path)
    sources = [fact["source"] for fact in facts(path).values()]
    sources += [article["spec"]] if "spec" in article else []
    sources += [former["source"] for former in article.get("formerly", [])]
    patterns = [reference["pattern"] for reference in SETTINGS["references"]] + ["https://"]
    assert [
        source for source in sources if not any(re.search(pattern, source) for pattern in patterns)
    ] == []


@REGISTERED
def test_an_article_calls_its_code_what_the_registry_calls_it(path: Path) -> None:
    """Correct the name in the article; the registry is where names are given."""
    assert front_matter(path)["name"] == REGISTRY[int(path.stem)]["phrase"]


@REGISTERED
def test_an_article_cites_the_document_that_the_registry_cites(path: Path) -> None:
    """The registry's reference, perhaps with a section more."""
    reference = re.split(r" \(|;", REGISTRY[int(path.stem)]["reference"])[0]
    assert front_matter(path)["spec"].startswith(re.sub(r"-[0-9]{2}$", "", reference))


@REGISTERED
def test_a_registered_code_states_what_every_reader_asks(path: Path) -> None:
    """State what is missing under [facts], with its source."""
    wanted = ALWAYS | ({"method", "permanence", "should"} if int(path.stem) in REDIRECTS else set())
    wanted -= {"should"} if path.stem == "303" else set()
    assert wanted - set(facts(path)) == set()


@REGISTERED
def test_an_article_has_the_sections_that_its_kind_needs(path: Path) -> None:
    """All of them, in the order of book.toml; a rare code needs only three."""
    wanted = SHORT if int(path.stem) in RARE else SECTIONS
    present = headings(path)
    assert [heading for heading in wanted if heading not in present] == []


@ALL_ARTICLES
def test_sections_are_in_the_order_of_the_settings(path: Path) -> None:
    """Readers find the same section in the same place on every page."""
    order = [heading for heading in SETTINGS["headings"] if heading in headings(path)]
    assert list(headings(path)) == order


@UNOFFICIAL
def test_an_unofficial_code_says_so_wherever_it_appears(path: Path) -> None:
    """Its status is the marked value, which the pages show next to the code."""
    assert facts(path)["status"]["value"] == "unofficial"
    assert "unofficial" in FACTS["status"]["marked"]
    assert {"Who sends it", "References"} <= set(headings(path))
    assert "spec" not in front_matter(path)


@UNOFFICIAL
def test_an_unofficial_article_calls_its_code_what_the_register_calls_it(path: Path) -> None:
    """One name, written twice."""
    register = (CONTENT / "unofficial-status-codes.md").read_text(encoding="utf-8")
    entry = re.search(rf"^- {path.stem}(?: (.*?))? *$", register, re.MULTILINE)
    assert entry is not None
    assert front_matter(path).get("name", "") == (entry[1] or "")


@ALL_ARTICLES
def test_see_also_goes_both_ways(path: Path) -> None:
    """Add this code to see_also of the other article, or remove the other code here."""
    number = int(path.stem)
    for other in front_matter(path).get("see_also", []):
        assert number in front_matter(path.with_name(f"{other}.md"))["see_also"], (
            f"{number} → {other}"
        )


@ALL_ARTICLES
def test_a_former_name_tells_who_gave_it(path: Path) -> None:
    """Name the document that had the name, and the one that changed it."""
    for former in front_matter(path).get("formerly", []):
        assert former["name"] != front_matter(path)["name"]
        assert former["source"].strip()
