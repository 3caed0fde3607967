"""The table of deliberate faults fits the program."""

from __future__ import annotations

from audit.mutations import declared, errors


def test_every_mutation_names_a_snippet_and_tests_that_are_there() -> None:
    """A table that has gone stale would say nothing of the tests."""
    mutations = declared()
    assert len(mutations) == 60
    assert list(errors(mutations)) == []
