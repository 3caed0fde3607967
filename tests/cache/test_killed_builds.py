"""Builds that are killed, or that run at the same time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cache.cached_book import CachedBook, replace_text
from tests.cache.fork_server import ForkServer

STEP = int(os.environ.get("CODEBOOK_KILL_STEP", "2"))
"""The audit tries every change of the disk."""


@pytest.fixture
def book(tmp_path: Path) -> CachedBook:
    """A book that has never been built."""
    return CachedBook(tmp_path)


@pytest.fixture
def fork_server(book: CachedBook) -> Iterator[ForkServer]:
    """Runs commands in the folder of the book."""
    server = ForkServer(book.folder)
    yield server
    server.close()


def leftovers(book: CachedBook) -> list[str]:
    """What builds remove when they end: temporary files, and staged files."""
    found = [*book.folder.rglob(".codebook*"), *book.cache.rglob("new/*")]
    return [path.relative_to(book.folder).as_posix() for path in found]


@pytest.mark.slow
def test_a_build_killed_before_any_change_of_the_disk_is_completed(
    book: CachedBook, fork_server: ForkServer
) -> None:
    """The next build leaves the site of a clean build, and nothing of the killed one."""
    article, style = book.content / "codes" / "1010.md", book.templates / "assets" / "style.css"
    texts = article.read_text(encoding="utf-8"), style.read_text(encoding="utf-8")
    book.run()
    last = 0
    was_killed = True
    while was_killed:
        last += STEP
        # Each build changes the article, and each second one the style sheet on all pages.
        article.write_text(texts[0].replace("As long", f"As {last % 2} long"), encoding="utf-8")
        style.write_text(texts[1] + ".x { color: red }" * (last // 2 % 2), encoding="utf-8")
        was_killed = fork_server.kill(book.command(), last)
        book.assert_as_clean(when=f"killed before change {last}")
        assert leftovers(book) == [], f"killed before change {last}"
    assert last > 20


@pytest.mark.slow
@pytest.mark.parametrize("last", [1, 5, 10, 20, 40, 80, 160])
def test_the_first_build_can_be_killed(
    book: CachedBook, fork_server: ForkServer, last: int
) -> None:
    """There is no site or cache that an earlier build has left."""
    assert fork_server.kill(book.command(), last)
    book.assert_as_clean()
    assert leftovers(book) == []


@pytest.mark.slow
def test_builds_and_checks_can_run_at_once(book: CachedBook, fork_server: ForkServer) -> None:
    """They begin without a cache, and share one for two sites."""
    commands = [book.command(), book.command("check"), book.command(site="demo"), book.command()]
    assert fork_server.run(*commands) == [0, 0, 0, 0]
    replace_text(book.content / "codes" / "1010.md", "As long", "As wide")
    assert fork_server.run(*commands) == [0, 0, 0, 0]
    for site in ("site", "demo"):
        book.assert_as_clean(site=site)
    assert leftovers(book) == []
