"""The book says about clients only what the lab measured, and the guide how to measure it again.

`findings.csv` has every claim about a client: the anchor of the finding in the guide, or the code
of the article if the guide doesn't mention it; the scenario; the client; and its outcome.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct, convert

from lab import results
from lab.clients import clients
from lab.run import settled
from lab.scenarios import SCENARIOS
from tests.book_files import ARTICLES, CONTENT, ROOT
from tests.offenders import assert_none

_FINDING = re.compile(r"^### .* \{#(?P<anchor>[\w-]+)\}\n(?P<text>(?:(?!^##).*\n)*)", re.MULTILINE)
_ROW = re.compile(r"\]\(\.\./tables/(?P<table>clients-[\w-]+)\.md#(?P<scenario>[\w-]+)\)")
_COMMAND = re.compile(
    r"`make lab ARGS='(?:--client (?P<client>\S+) )?--scenario (?P<pattern>\S+)'`"
)
_NAMES = {client.name: key for key, client in clients().items()}
_NAME = re.compile(
    rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(_NAMES, key=len, reverse=True)))})(?![\w-])"
)


class Claim(Struct, frozen=True):
    """What the book says about a client."""

    finding: str
    scenario: str
    client: str
    outcome: str


class Finding(Struct, frozen=True):
    """A finding of the guide, and the claims in it."""

    anchor: str
    text: str
    """With the heading."""
    claims: Sequence[Claim]


class Passage(Struct, frozen=True):
    """A paragraph or list item of an article that links to results."""

    code: str
    text: str

    @property
    def scenarios(self) -> set[str]:
        """The scenarios of the rows that it links to."""
        return {match["scenario"] for match in _ROW.finditer(self.text)}


def claims() -> list[Claim]:
    """The claims in the order of the guide."""
    path = ROOT / "tests" / "fixtures" / "findings.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return convert(list(csv.DictReader(lines)), list[Claim])


def named(text: str) -> set[str]:
    """The keys of the clients that a text names."""
    return {_NAMES[name] for name in _NAME.findall(text)}


def passages() -> Iterator[Passage]:
    """All passages of articles that link to results."""
    for path in ARTICLES:
        for text in re.split(r"\n(?=\n|- )", path.read_text(encoding="utf-8")):
            if _ROW.search(text):
                yield Passage(path.stem, text)


def findings() -> Mapping[str, Finding]:
    """The findings of the guide by their anchors."""
    guide = (CONTENT / "guides" / "what-clients-do.md").read_text(encoding="utf-8")
    by_anchor: dict[str, list[Claim]] = {}
    for claim in claims():
        by_anchor.setdefault(claim.finding, []).append(claim)
    return {
        match["anchor"]: Finding(match["anchor"], match[0], by_anchor.get(match["anchor"], ()))
        for match in _FINDING.finditer(guide)
    }


def contradicted() -> Iterator[str]:
    """The claims that aren't what the client did each time."""
    measured = results.read_all()
    for claim in claims():
        result = measured.get(claim.client)
        runs = result.runs.get(claim.scenario) if result else None
        outcome = settled(runs) if runs else "not measured"
        if outcome != claim.outcome:
            yield f"{claim}: {outcome}"


def test_every_claim_agrees_with_the_results() -> None:
    """Measure again, or correct the guide."""
    assert claims()
    assert_none(contradicted())


def test_a_finding_claims_something_about_exactly_the_clients_it_names() -> None:
    """So no sentence about a client is unchecked, and no check outlives its sentence."""
    found = findings()
    assert_none({claim.finding for claim in claims() if not claim.finding.isdigit()} - found.keys())
    assert_none(
        f"{finding.anchor}: {client}"
        for finding in found.values()
        for client in sorted(named(finding.text) ^ {claim.client for claim in finding.claims})
    )


def test_a_finding_links_to_rows_that_its_claims_are_about() -> None:
    """Every finding has a link, and each one goes to the table that has the scenario."""
    for finding in findings().values():
        rows = [(match["table"], match["scenario"]) for match in _ROW.finditer(finding.text)]
        assert rows, finding.anchor
        about = {claim.scenario for claim in finding.claims}
        assert_none(
            f"{finding.anchor}: {scenario}"
            for table, scenario in rows
            if scenario not in about or SCENARIOS[scenario].table != table
        )


def test_a_finding_has_a_command_that_measures_it() -> None:
    """The client and the scenario exist, and are those of a claim."""
    for finding in findings().values():
        (command,) = _COMMAND.finditer(finding.text)
        assert any(
            command["client"] in {None, claim.client}
            and fnmatchcase(claim.scenario, command["pattern"])
            for claim in finding.claims
        ), finding.anchor


def test_an_article_names_only_clients_with_a_claim_about_the_row_it_links_to() -> None:
    """So the articles are as true as the guide."""
    claimed = {(claim.client, claim.scenario) for claim in claims()}
    assert_none(
        f"{passage.code}: {client}: {sorted(passage.scenarios)}"
        for passage in passages()
        for client in sorted(named(passage.text))
        if not any((client, scenario) in claimed for scenario in passage.scenarios)
    )


def test_an_article_contains_the_claims_that_the_guide_does_not() -> None:
    """Remove a claim together with its sentence."""
    stated = {
        (passage.code, client, scenario)
        for passage in passages()
        for client in named(passage.text)
        for scenario in passage.scenarios
    }
    assert_none(
        claim
        for claim in claims()
        if claim.finding.isdigit() and (claim.finding, claim.client, claim.scenario) not in stated
    )
