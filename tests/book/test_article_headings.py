"""The sections of an article are in the order of the book."""

from __future__ import annotations

from itertools import permutations
from pathlib import PurePosixPath

from codebook.book.parse.article_headings import heading_diagnostics
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax.rich_text import Heading
from tests.offenders import assert_none

KNOWN = ("One", "Two", "Three", "Four", "Five")
SOURCE = Source.of(PurePosixPath("codes/11.md"), "content/codes/11.md", "")


def diagnostics(*texts: str) -> list[Diagnostic]:
    """The diagnostics of an article with these headings, each in a line of its own."""
    headings = [
        Heading(2, text, text.lower(), Span("content/codes/11.md", line))
        for line, text in enumerate(texts)
    ]
    return [*heading_diagnostics(headings, KNOWN, SOURCE)]


def test_the_fewest_sections_are_reported() -> None:
    """The other ones are in order, and no larger number of them would be."""
    wrong = []
    for texts in permutations(KNOWN[:4]):
        reported = {texts[it.span.line] for it in diagnostics(*texts)}
        kept = [text for text in texts if text not in reported]
        is_ordered = kept == sorted(kept, key=KNOWN.index)
        if not is_ordered or len(kept) < most_in_order(texts):
            wrong.append(f"{texts}: {reported}")
    assert_none(wrong)


def most_in_order(texts: tuple[str, ...]) -> int:
    """The number of headings of an article that can stay in their places."""
    positions = [KNOWN.index(text) for text in texts]
    return max(
        len(chosen)
        for mask in range(1 << len(positions))
        for chosen in ([it for index, it in enumerate(positions) if mask >> index & 1],)
        if chosen == sorted(chosen)
    )


def test_each_section_belongs_between_its_neighbors_in_the_book() -> None:
    """Headings that the article doesn't have aren't named."""
    helps = {it.help for it in diagnostics("Five", "Three", "One")}
    assert helps == {
        'move the section above "Three"',
        'move the section between "One" and "Five"',
    }
    assert [it.help for it in diagnostics("Five", "One", "Two")] == ['move the section below "Two"']


def test_the_place_of_a_repeated_section_is_unknown() -> None:
    """It's only reported as repeated, even if its heading is unknown too."""
    rules = [it.rule for it in diagnostics("Two", "One", "Two", "Two", "Six", "Six")]
    assert rules == [
        *(Rule.DUPLICATE_SECTION, Rule.DUPLICATE_SECTION),
        *(Rule.UNKNOWN_HEADING, Rule.DUPLICATE_SECTION),
    ]


def test_a_misspelled_heading_of_another_section_is_no_other_heading() -> None:
    """Neither the heading of the other section nor one of the others is suggested."""
    for texts in ("Three", "three"), ("Three", "Thrree"), ("three", "Three"):
        assert {it.help for it in diagnostics(*texts)} == {
            "merge the two sections, or use a different heading"
        }
