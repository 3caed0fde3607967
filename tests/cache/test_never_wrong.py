"""A build with a cache, compared with one without after each of many random events."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random

import pytest

from codebook.io import snapshots, sources
from tests.cache.cached_book import CachedBook
from tests.cache.events import EVENTS, OPTIONS, World
from tests.cache.fork_server import ForkServer
from tests.repositories import new_repository

COUNT = int(os.environ.get("CODEBOOK_EVENTS", "40"))
"""The number of events with each seed; the audit makes more."""
DAY = 86_400_000_000_000
"""In nanoseconds."""
UNNOTICED = {
    World.change_letter,
    World.restore_copy,
    World.change_published,
    World.put_in_the_way,
    World.kill_build,
    World.build_twice_at_once,
    World.build_in_new_process,
}
"""Events that a test with coarse times leaves out: they restore times, change the site, or build in
another process, whose times are exact."""

NewWorld = Callable[[int], World]


@pytest.fixture
def new_world(tmp_path: Path) -> Iterator[NewWorld]:
    """Make a world for events with a seed; its sites have been built."""
    new_repository(tmp_path / "world")
    book = CachedBook(tmp_path / "world")
    (book.folder / ".gitignore").write_text("site\ndemo\ntidy\nunused\n.cache\n", encoding="utf-8")
    fork_server = ForkServer(book.folder)

    def new_world(seed: int) -> World:
        if seed % 2:
            # Builds add their URLs to it, if it exists.
            (book.content / "addresses.txt").touch()
        world = World(book, Random(seed), fork_server)  # noqa: S311 - no secret
        world.commit()
        return world

    yield new_world
    fork_server.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_each_event_a_cached_build_is_as_a_clean_one(new_world: NewWorld, seed: int) -> None:
    """The exit code, stdout, and every byte of the site."""
    successes = compare_after_events(new_world(seed), EVENTS)
    assert 0.3 < successes / COUNT < 0.95, "builds that succeed, and builds that do not"


@pytest.mark.slow
@pytest.mark.parametrize("seed", [4, 6])
def test_a_file_system_with_coarse_times_hides_no_edit(
    new_world: NewWorld, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """It says only the day of each change, and not that a file was replaced."""

    def coarse_stamp(status: os.stat_result) -> snapshots.Stamp:
        modified = status.st_mtime_ns // DAY * DAY
        return (0, status.st_size, modified, modified)

    monkeypatch.setattr(snapshots, "_COARSEST_TIME", DAY)
    for module in (snapshots, sources):
        monkeypatch.setattr(module, "stamp_of", coarse_stamp)
    events = {event: weight for event, weight in EVENTS.items() if event not in UNNOTICED}
    compare_after_events(new_world(seed), events)


def compare_after_events(world: World, events: Mapping[Callable[[World], object], int]) -> int:
    """Compare builds after each event; returns how many succeeded."""
    random, book = world.random, world.book
    successes = code = 0
    log: list[str] = []
    for number in range(COUNT):
        (event,) = random.choices([*events], [*events.values()])
        if code and random.random() < 0.5:
            event = World.undo_all
        detail = event(world)
        options = random.choice(OPTIONS) if random.random() < 0.6 else ()
        site = random.choice(("site", "site", "site", "site", "demo"))
        log.append(f"{number}. {event.__name__}: {detail}; build {site} {' '.join(options)}")
        code = book.assert_as_clean(*options, site=site, when="\n".join(log[-12:]))
        if random.random() < 0.2:
            book.assert_as_clean(*options, site=site, when="\n".join([*log[-12:], "again"]))
        successes += not code
    return successes
