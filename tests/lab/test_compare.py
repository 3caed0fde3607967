"""A new measurement is compared with the stored results."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from lab import results, tables
from lab.clients import clients
from lab.compare import Difference, differences, is_outdated
from lab.results import Result
from lab.scenarios import SCENARIOS

STORED = Result(
    "a client",
    "1.0",
    "a system",
    date(2026, 5, 4),
    "defaults",
    {"first": ("stop", "stop"), "second": ("stop", "get"), "third": ("get", "get")},
)


def test_only_another_outcome_is_a_difference() -> None:
    """What was unstable before can do anything."""
    runs = {"first": ("stop",), "second": ("error",), "third": ("stop",), "fourth": ("get",)}
    assert [*differences(replace(STORED, runs=runs), STORED)] == [
        Difference("third", "stop", "get"),
        Difference("fourth", "get", ""),
    ]


def test_another_version_must_be_measured_again() -> None:
    """Its outcomes may differ."""
    assert is_outdated(replace(STORED, version="2.0"), STORED)
    assert is_outdated(STORED, None)
    assert not is_outdated(STORED, STORED)


def test_the_published_tables_are_made_from_the_results() -> None:
    """An outcome that was edited by hand would be found."""
    written = tables.written(SCENARIOS.values(), clients(), results.read_all())
    assert len(written) > 20
    stale = [
        path.name for path, text in written.items() if path.read_text(encoding="utf-8") != text
    ]
    assert stale == []


def test_each_client_has_results() -> None:
    """Each was measured with the version that the tables show, three times."""
    stored = results.read_all()
    assert stored.keys() == clients().keys()
    short = [key for key, one in stored.items() if any(len(runs) < 3 for runs in one.runs.values())]
    assert short == []


def test_at_most_three_percent_of_the_cells_are_unstable() -> None:
    """Otherwise, the lab would measure the machine."""
    runs = [outcomes for one in results.read_all().values() for outcomes in one.runs.values()]
    assert len(runs) > 5000
    assert sum(len(set(outcomes)) > 1 for outcomes in runs) <= 0.03 * len(runs)
