"""Results that are computed in two processes."""

from __future__ import annotations

import errno
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from codebook.cache import compute

MANY = 60
"""Enough for a second process."""
HERE = os.getpid()
PAUSE = 0.005
"""Seconds that leave the other process time to take some items."""
ROOT = Path(__file__).resolve().parents[2]
KILLED_HERE = """
import os, signal
from pathlib import Path
from codebook.cache import compute

HERE = os.getpid()
there = Path("there")

def large(_):
    if os.getpid() == HERE:
        while not there.exists():
            pass
        os.kill(HERE, signal.SIGKILL)
    if not there.exists():
        Path("new").write_text(str(os.getpid()))
        Path("new").rename(there)
    return bytes(1_000_000)

compute(large, range(60), bytes, lambda items: items, processes=2)
"""
"""A program that is killed while its other process computes large results."""
one_process = pytest.mark.skipif(sys.platform == "darwin", reason="macOS must not fork")


def compute_all(function: Callable[[int], int], count: int = MANY) -> list[int]:
    """The results of a function for the first numbers."""
    return compute(function, range(count), int, lambda items: items, processes=2)


def square(number: int) -> int:
    """A result that is computed in either process."""
    return number * number


def square_here(number: int) -> int:
    """A result that the other process can't compute."""
    time.sleep(PAUSE)
    if os.getpid() != HERE:
        raise ValueError("not here")
    return square(number)


def die_elsewhere(number: int) -> int:
    """A result during which the system kills the other process."""
    time.sleep(PAUSE)
    if os.getpid() != HERE and number > MANY // 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return square(number)


def is_running(process: int) -> bool:
    """Whether a process has not ended, even if no one has asked for its exit status."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("count", [0, 1, 2, 23, 24, 25, MANY, MANY + 1])
def test_results_are_in_order(count: int) -> None:
    """Whichever process computes them."""
    assert compute_all(square, count) == [number * number for number in range(count)]


@one_process
def test_two_processes_share_many_items() -> None:
    """Few items aren't worth it."""

    def wait(_: int) -> int:
        time.sleep(PAUSE)
        return os.getpid()

    assert len({*compute_all(wait)}) == 2
    assert compute_all(lambda _: os.getpid(), 10) == [HERE] * 10


@one_process
def test_this_process_does_something_else_while_another_one_computes() -> None:
    """Each of them waits for the other one."""
    (begun, begin), (done, finish) = os.pipe(), os.pipe()

    def is_met(reader: int, writer: int) -> bool:
        os.write(writer, b"\0")
        return bool(select.select([reader], [], [], 20)[0])

    met_here: list[bool] = []
    met_there = compute(
        lambda _: is_met(done, begin),
        [0],
        bool,
        lambda items: items,
        processes=2,
        meanwhile=lambda: met_here.append(is_met(begun, finish)),
    )
    assert met_here == met_there == [True]


@pytest.mark.parametrize("function", [square_here, die_elsewhere])
def test_what_the_other_process_leaves_is_computed_here(function: Callable[[int], int]) -> None:
    """Nothing is lost, and nothing is printed."""
    assert compute_all(function) == compute_all(square)


def test_an_error_is_raised_in_this_process() -> None:
    """Even if only the other process has met it."""

    def fail(number: int) -> int:
        if number == 1:
            raise ValueError(str(number))
        return number

    with pytest.raises(ValueError, match="1"):
        compute_all(fail)


def test_a_system_without_room_for_a_process_computes_all_items_in_this_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Containers can limit the number of processes."""

    def fork() -> int:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(os, "fork", fork)
    assert compute_all(square) == [number * number for number in range(MANY)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")
def test_the_other_process_ends_if_this_one_is_killed(tmp_path: Path) -> None:
    """Even if it has more to send than a pipe can hold."""
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_HERE],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    other = int((tmp_path / "there").read_text(encoding="utf-8"))
    deadline = time.monotonic() + 20
    while is_running(other):
        assert time.monotonic() < deadline
        time.sleep(PAUSE)


@one_process
def test_progress_counts_the_items_of_both_processes() -> None:
    """An item counts when the next one is taken."""
    seen: list[int] = []

    def watch(items: Sequence[int]) -> Iterator[int]:
        for item in items:
            seen.append(item)
            yield item

    compute(square, range(MANY), int, watch, processes=2)
    assert seen == [*range(MANY)]
