"""The book says of clients and proxies only what the lab measured, and how to measure it again.

`findings.csv` has every claim about one of them: the anchor of the finding in a guide, or the code
of the article if no guide mentions it; the scenario; the client; and its outcome.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache

from msgspec import Struct, convert

from lab import results
from lab.clients import clients
from lab.run import settled
from lab.scenarios import SCENARIOS
from tests.book_files import ARTICLES, CONTENT, ROOT
from tests.offenders import assert_none

GUIDES = ("what-clients-do", "what-proxies-do")

_FINDING = re.compile(r"^### .* \{#(?P<anchor>[\w-]+)\}\n(?P<text>(?:(?!^##).*\n)*)", re.MULTILINE)
_ROW = re.compile(
    r"\]\(\.\./tables/(?P<table>(?:clients|proxies)-[\w-]+)\.md(?:#(?P<scenario>[\w-]+))?\)"
)
_COMMAND = re.compile(
    r"`make lab ARGS='(?:--client (?P<client>\S+) )?--scenario (?P<pattern>\S+)'`"
)
# A sentence names a browser, whether its page or a script in it sends the request.
_NAMES = {
    key: client.name.removesuffix(" fetch") if client.group == "browser" else client.name
    for key, client in clients().items()
}
_NAME = re.compile(
    rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(_NAMES.values(), key=len, reverse=True)))})"
    r"(?![\w-])"
)


class Claim(Struct, frozen=True):
    """What the book says about a client."""

    finding: str
    scenario: str
    client: str
    outcome: str

    @property
    def name(self) -> str:
        """The name of the client in the text."""
        return _NAMES[self.client]


class Finding(Struct, frozen=True):
    """A finding of a guide, and the claims in it."""

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
        """The scenarios that it links to; a link to a table is one to all of its rows."""
        rows = list(_ROW.finditer(self.text))
        tables = {row["table"] for row in rows if not row["scenario"]}
        whole = {scenario.id for scenario in SCENARIOS.values() if scenario.table in tables}
        return whole | {row["scenario"] for row in rows if row["scenario"]}


@cache
def claims() -> Sequence[Claim]:
    """The claims in the order of the guides."""
    path = ROOT / "tests" / "fixtures" / "findings.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return convert(list(csv.DictReader(lines)), list[Claim])


def named(text: str) -> set[str]:
    """The names of clients in a text."""
    return {*_NAME.findall(" ".join(text.split()))}


def findings() -> Iterator[Finding]:
    """All findings of the guides."""
    by_anchor: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims():
        by_anchor[claim.finding].append(claim)
    for guide in GUIDES:
        text = (CONTENT / "guides" / f"{guide}.md").read_text(encoding="utf-8")
        for match in _FINDING.finditer(text):
            yield Finding(match["anchor"], match[0], by_anchor[match["anchor"]])


def passages() -> Iterator[Passage]:
    """All passages of articles that link to results."""
    for path in ARTICLES:
        for text in re.split(r"\n(?=\n|- )", path.read_text(encoding="utf-8")):
            if _ROW.search(text):
                yield Passage(path.stem, text)


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
    """Measure again, or correct the book."""
    assert claims()
    assert_none(contradicted())


def test_a_finding_claims_something_about_exactly_the_clients_it_names() -> None:
    """So no sentence about a client is unchecked, and no check outlives its sentence."""
    anchors = [finding.anchor for finding in findings()]
    assert sorted(anchors) == sorted(set(anchors))
    made = {claim.finding for claim in claims() if not claim.finding.isdigit()}
    assert_none(made - {*anchors})
    assert_none(
        f"{finding.anchor}: {client}"
        for finding in findings()
        for client in sorted(named(finding.text) ^ {claim.name for claim in finding.claims})
    )


def test_a_finding_links_to_results_that_its_claims_are_about() -> None:
    """Every finding has a link, to the rows if the table has them, and to the right table."""
    for finding in findings():
        rows = [(match["table"], match["scenario"]) for match in _ROW.finditer(finding.text)]
        assert rows, finding.anchor
        about = {claim.scenario for claim in finding.claims}
        tables = {SCENARIOS[scenario].table for scenario in about}
        assert_none(
            f"{finding.anchor}: {table}, {scenario}"
            for table, scenario in rows
            if table not in tables
            or (scenario and (scenario not in about or SCENARIOS[scenario].table != table))
        )


def test_a_finding_has_a_command_that_measures_it() -> None:
    """The client and the scenario exist, and are those of a claim."""
    for finding in findings():
        (command,) = _COMMAND.finditer(finding.text)
        assert any(
            command["client"] in {None, claim.client}
            and fnmatchcase(claim.scenario, command["pattern"])
            for claim in finding.claims
        ), finding.anchor


def test_an_article_names_only_clients_with_a_claim_about_the_results_it_links_to() -> None:
    """So the articles are as true as the guides."""
    claimed = {(claim.name, claim.scenario) for claim in claims()}
    assert_none(
        f"{passage.code}: {client}: {sorted(passage.scenarios)}"
        for passage in passages()
        for client in sorted(named(passage.text))
        if not any((client, scenario) in claimed for scenario in passage.scenarios)
    )


def test_an_article_contains_the_claims_that_no_guide_does() -> None:
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
        if claim.finding.isdigit() and (claim.finding, claim.name, claim.scenario) not in stated
    )
