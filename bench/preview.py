"""How long it takes from a saved file to the painted page: `python -m bench.preview`.

The preview of a copy of the whole book runs as `make serve` runs it, and a Chromium shows the page
that each edit changes. The clock starts before the file is written and stops when the frame after
the change has been painted, both by the clock of this machine.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from math import inf
from pathlib import Path
from random import Random
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from audit.chromium import FLAGS, chromium
from bench.edits import Edit, sheets, templates, texts

ROOT = Path(__file__).resolve().parent.parent
_START = 60.0
"""Seconds that the first build may take."""
_REST = 0.15
"""Seconds between two edits, in which nothing is measured."""

_READY = re.compile(r"(?P<url>http://\S+/)\n.* in \d+ ms", re.DOTALL)
"""What the preview says once it has built the book."""

_WATCH = """(token) => {
  window.painted = new Promise((resolve) => {
    const isThere = () =>
      getComputedStyle(document.documentElement).getPropertyValue("--bench").trim() === token ||
      document.body.textContent.includes(token);
    const look = () => {
      if (!isThere()) return requestAnimationFrame(look);
      // We are before the painting of this frame; a task that is posted now comes after it.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
      port2.postMessage(null);
    };
    requestAnimationFrame(look);
  });
}"""


@dataclass(frozen=True, slots=True)
class Budget:
    """How many milliseconds an edit of one kind may take."""

    middle: float
    """For half of them."""
    most: float = inf
    """For 95 of 100."""


BUDGETS: Mapping[str, Budget] = {
    "text": Budget(50, 120),
    "sheet": Budget(50),
    "template": Budget(300),
}


def main() -> int:
    """Measure and print; 1 where a budget is exceeded."""
    parser = argparse.ArgumentParser(prog="bench.preview", description=__doc__)
    parser.add_argument("--count", type=int, default=50, help="edits of each kind (default: 50)")
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory(prefix="codebook-") as name:
        book = Path(name)
        for folder in ("content", "templates"):
            shutil.copytree(ROOT / folder, book / folder)
        edits = {
            "text": texts(book, Random(1)),  # noqa: S311 - no secret
            "sheet": sheets(book),
            "template": templates(book),
        }
        with _served(book) as url, _page() as page:
            took = {kind: _measured(page, url, islice(some, count)) for kind, some in edits.items()}
    head = f"{'edit':10}{'edits':>6}{'median':>9}{'p95':>9}{'longest':>9}   ms to the painted page"
    sys.stdout.write(f"{head}\n")
    return 1 if [kind for kind, times in took.items() if not _told(kind, times)] else 0


def _told(kind: str, times: Sequence[float]) -> bool:
    middle, most = median(times), quantiles(times, n=20)[-1]
    budget = BUDGETS[kind]
    is_kept = middle <= budget.middle and most <= budget.most
    verdict = "" if is_kept else f"   more than {budget.middle:g}, or {budget.most:g} for 95 of 100"
    figures = f"{len(times):6}{middle:9.1f}{most:9.1f}{max(times):9.1f}"
    sys.stdout.write(f"{kind:10}{figures}{verdict}\n")
    return is_kept


def _measured(page: Page, url: str, edits: Iterable[Edit]) -> Sequence[float]:
    return [_one(page, url, edit) for edit in edits]


def _one(page: Page, url: str, edit: Edit) -> float:
    with page.expect_response("**/-codebook/events"):
        page.goto(url + edit.address)
    page.wait_for_load_state("load")
    page.evaluate(_WATCH, edit.token)
    time.sleep(_REST)
    started = time.time()
    edit.save()
    painted: float = page.evaluate("window.painted")
    return painted - started * 1000


@contextmanager
def _served(book: Path) -> Iterator[str]:
    """The address of a preview of the book, once its first build is there."""
    command = [sys.executable, str(ROOT / "build.py"), "serve", "--port", "0", "--site"]
    folders = (str(book / "site"), "--content", str(book / "content"))
    more = ("--templates", str(book / "templates"))
    said = book / "said.txt"
    with (
        said.open("w") as log,
        subprocess.Popen(  # noqa: S603 - our own command
            [*command, *folders, *more], stdout=log, stderr=log
        ) as process,
    ):
        try:
            yield _address(process, said)
        finally:
            process.terminate()


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    """Where the preview is, once it says that it has built the book."""
    until = time.monotonic() + _START
    while time.monotonic() < until and process.poll() is None:
        if found := _READY.search(said.read_text(encoding="utf-8")):
            return found["url"]
        time.sleep(_REST)
    raise SystemExit(f"the preview does not start: {said.read_text(encoding='utf-8')}")


@contextmanager
def _page() -> Iterator[Page]:
    browser = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=browser.path, args=list(FLAGS), env={**browser.environment}
        )
        try:
            yield running.new_page()
        finally:
            running.close()


if __name__ == "__main__":
    sys.exit(main())
