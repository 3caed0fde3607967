"""The table of mutations matches the program."""

from __future__ import annotations

from audit.mutations import declared, errors


def test_every_mutation_names_an_existing_snippet_and_tests() -> None:
    """An outdated entry would change nothing, or run no test."""
    mutations = declared()
    assert len(mutations) >= 60
    assert list(errors(mutations)) == []
