"""Compiled templates are kept for several books, but not for any number of them."""

from __future__ import annotations

from codebook.cache import CompiledTemplates, compiled


def stored(*keys: str) -> CompiledTemplates:
    """Templates that an earlier run stored, in the order of their last use."""
    templates = CompiledTemplates()
    for key in keys:
        templates.add(key, key.encode())
    return CompiledTemplates(templates.dump() or b"")


def test_the_next_run_finds_what_was_compiled() -> None:
    """By a key that contains a digest of the text."""
    assert stored("a", "b").find("a") == b"a"
    assert stored("a", "b").find("c") is None


def test_nothing_is_stored_again_unless_something_was_compiled() -> None:
    """Reading changes nothing."""
    templates = stored("a", "b")
    templates.find("a")
    assert templates.dump() is None


def test_what_was_not_used_for_longest_goes_first() -> None:
    """Two books that are built in turn keep their templates."""
    most = compiled._MOST  # noqa: SLF001 - the limit
    templates = stored("old", "unused", *map(str, range(most - 2)))
    templates.find("old")
    templates.add("new", b"new")
    after = CompiledTemplates(templates.dump() or b"")
    assert after.find("old") == b"old"
    assert after.find("new") == b"new"
    assert after.find("unused") is None


def test_another_format_is_ignored() -> None:
    """A later version of the program can change it."""
    assert CompiledTemplates(b"\xc1").find("a") is None
