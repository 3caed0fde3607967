"""Articles and registers of this book, beyond what the build itself checks."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.book_files import (
    ARTICLES,
    CONTENT,
    FACTS,
    REGISTERED,
    REGISTERS,
    REGISTRY,
    SEED,
    SETTINGS,
    UNOFFICIAL,
    facts,
    front_matter,
    headings,
    name,
    register_by_code,
)
from tests.offenders import assert_none

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


def test_the_registry_is_complete() -> None:
    """It has 64 codes, in order."""
    assert len(REGISTRY) == len(REGISTERED) == 64
    assert UNOFFICIAL
    assert list(REGISTRY) == sorted(REGISTRY)


def test_the_first_register_describes_the_registered_codes() -> None:
    """Add missing codes; move unregistered codes to the other register."""
    first = {
        code for code, path in register_by_code().items() if path.name == "http-status-codes.md"
    }
    assert first == set(REGISTRY)


def test_every_code_has_an_article() -> None:
    """This includes unregistered codes. Create a missing article with `new`."""
    assert {int(path.stem) for path in ARTICLES} == set(register_by_code())


def test_every_source_of_an_article_has_a_link() -> None:
    """Use a URL, or write the source so that a pattern in [[references]] of book.toml matches."""
    patterns = [reference["pattern"] for reference in SETTINGS["references"]] + ["https://"]
    sources: dict[str, list[str]] = {}
    for path in ARTICLES:
        article = front_matter(path)
        sources[name(path)] = [
            *(fact["source"] for fact in facts(path).values()),
            *([article["spec"]] if "spec" in article else []),
            *(former["source"] for former in article.get("formerly", [])),
        ]
    assert any(sources.values())
    assert_none(
        f"{article}: {source}"
        for article in sources
        for source in sources[article]
        if not any(re.search(pattern, source) for pattern in patterns)
    )


def test_an_article_uses_the_name_in_the_registry() -> None:
    """Correct the name in the article."""
    assert_none(
        f"{name(path)}: {front_matter(path)['name']}, not {phrase}"
        for path in REGISTERED
        if front_matter(path)["name"] != (phrase := REGISTRY[int(path.stem)]["phrase"])
    )


def test_an_article_cites_the_document_that_the_registry_cites() -> None:
    """Cite the registry's reference. You can add a section."""
    references = {
        path: re.split(r" \(|;", REGISTRY[int(path.stem)]["reference"])[0] for path in REGISTERED
    }
    assert_none(
        f"{name(path)}: {front_matter(path)['spec']}, not {reference}"
        for path, reference in references.items()
        if not front_matter(path)["spec"].startswith(re.sub(r"-[0-9]{2}$", "", reference))
    )


def test_a_registered_code_states_the_common_facts() -> None:
    """State what is missing under [facts], with its source."""
    required = {
        path: ALWAYS
        | ({"method", "permanence", "should"} if int(path.stem) in REDIRECTS else set())
        for path in REGISTERED
    }
    assert_none(
        f"{name(path)}: {key}"
        for path, keys in required.items()
        for key in sorted(keys - set(facts(path)))
        if (path.stem, key) != ("303", "should")
    )


def test_an_article_has_the_sections_that_its_kind_needs() -> None:
    """Add all of them, in the order of book.toml. Rare codes need only three."""
    assert_none(
        f"{name(path)}: {heading}"
        for path in REGISTERED
        for heading in (SHORT if int(path.stem) in RARE else SECTIONS)
        if heading not in headings(path)
    )


def test_sections_are_in_the_order_of_the_settings() -> None:
    """Readers find the same section in the same place on every page."""
    order = SETTINGS["headings"]
    assert_none(
        f"{name(path)}: {', '.join(headings(path))}"
        for path in ARTICLES
        if list(headings(path)) != [heading for heading in order if heading in headings(path)]
    )


def test_an_unofficial_code_is_marked() -> None:
    """Its status is the value that pages show next to the code."""
    assert "unofficial" in FACTS["status"]["marked"]
    assert_none(
        name(path)
        for path in UNOFFICIAL
        if facts(path)["status"]["value"] != "unofficial"
        or not {"Who sends it", "References"} <= set(headings(path))
        or "spec" in front_matter(path)
    )


def test_an_unofficial_article_uses_the_name_in_the_register() -> None:
    """Use the same name in both."""
    register = (CONTENT / "unofficial-status-codes.md").read_text(encoding="utf-8")
    registered = dict(re.findall(r"^- ([0-9]+)(?: (.*?))? *$", register, re.MULTILINE))
    assert set(registered) == {path.stem for path in UNOFFICIAL}
    assert_none(
        f"{name(path)}: {front_matter(path).get('name', '')}, not {registered[path.stem]}"
        for path in UNOFFICIAL
        if front_matter(path).get("name", "") != registered[path.stem]
    )


def test_a_summary_is_a_whole_sentence() -> None:
    """It starts with a capital letter, or with the name of a product, and ends with a period."""
    summaries = {path: front_matter(path).get("summary", "") for path in ARTICLES}
    assert_none(
        f"{name(path)}: {summary}"
        for path, summary in summaries.items()
        if not re.fullmatch(r"(?:[A-Z]|nginx\b)[^\n]*[^.]\.", summary) or len(summary.split()) < 5
    )


def test_our_own_text_in_a_register_is_the_summary() -> None:
    """Otherwise, the page of the code would show two similar sentences."""
    theirs = {line.strip() for line in SEED.splitlines()}
    ours = {
        code: text
        for code, text in register_texts().items()
        # These two are the texts of the seed with corrections.
        if text not in theirs and code not in {406, 413}
    }
    assert ours
    assert_none(
        f"{code}: {text}"
        for code, text in ours.items()
        if text != front_matter(CONTENT / "codes" / f"{code}.md")["summary"]
    )


def register_texts() -> Mapping[int, str]:
    """The text of each code in the registers."""
    entry = re.compile(r"^- ([0-9]+)(?: .*?)? *\n(\S.*?) *$", re.MULTILINE)
    return {
        int(code): text
        for path in REGISTERS
        for code, text in entry.findall(path.read_text(encoding="utf-8"))
    }


def test_see_also_is_mutual() -> None:
    """Add this code to see_also of the other article, or remove the other code here."""
    pairs = {
        (int(path.stem), other)
        for path in ARTICLES
        for other in front_matter(path).get("see_also", [])
    }
    assert pairs
    assert_none(f"{code} → {other}" for code, other in sorted(pairs) if (other, code) not in pairs)


def test_a_former_name_has_a_source() -> None:
    """Name the document that had the name, and the one that changed it."""
    former_names = [
        (path, former) for path in ARTICLES for former in front_matter(path).get("formerly", [])
    ]
    assert former_names
    assert_none(
        f"{name(path)}: {former['name']}"
        for path, former in former_names
        if former["name"] == front_matter(path)["name"] or not former["source"].strip()
    )
