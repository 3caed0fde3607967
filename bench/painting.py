"""Measures the time from saving a file to painting the page.

The preview runs on a copy of the book as with `make serve`, and Chromium shows the page that each
edit changes. The time is measured from before the file is written until after the frame with the
change is painted.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from math import inf
from pathlib import Path
from random import Random

from playwright.sync_api import Page, sync_playwright

from audit.chromium import FLAGS, chromium
from bench.edits import Edit, style_sheets, templates, texts
from bench.results import Painting

ROOT = Path(__file__).resolve().parent.parent
_START_TIMEOUT = 60.0
"""Seconds that the first build can take."""
_PAUSE = 0.15
"""Seconds between two edits, not included in the measurement."""

_READY = re.compile(r"(?P<url>http://\S+/)\n.* in \d+ ms", re.DOTALL)
"""The output of the preview after the first build."""

_WATCH = """(token) => {
  window.painted = new Promise((resolve) => {
    const isVisible = () =>
      getComputedStyle(document.documentElement).getPropertyValue("--bench").trim() === token ||
      document.body.textContent.includes(token);
    const check = () => {
      if (!isVisible()) return requestAnimationFrame(check);
      // This frame isn't painted yet. A task that is posted now runs after it is.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
      port2.postMessage(null);
    };
    requestAnimationFrame(check);
  });
}"""


@dataclass(frozen=True, slots=True)
class Budget:
    """How many milliseconds an edit can take."""

    median: float
    p95: float = inf


BUDGETS: Mapping[str, Budget] = {
    "text": Budget(50, 120),
    "style sheet": Budget(50),
    "template": Budget(300),
}
"""Goals for a fast machine. They aren't limits, because other machines are slower."""


def paintings(count: int) -> Iterator[Painting]:
    """Make so many edits of each kind."""
    sys.stderr.write("preview in Chromium\n")
    with tempfile.TemporaryDirectory(prefix="codebook-") as name:
        book = Path(name)
        for folder in ("content", "templates"):
            shutil.copytree(ROOT / folder, book / folder)
        edits = {
            "text": texts(book, Random(1)),  # noqa: S311 - no secret
            "style sheet": style_sheets(book),
            "template": templates(book),
        }
        with _running_preview(book) as url, _open_page() as page:
            for kind, some_edits in edits.items():
                for edit in islice(some_edits, count):
                    yield Painting(kind, _measure(page, url, edit))


def _measure(page: Page, url: str, edit: Edit) -> float:
    """The milliseconds from saving to painting."""
    with page.expect_response("**/-codebook/events"):
        page.goto(url + edit.url)
    page.wait_for_load_state("load")
    page.evaluate(_WATCH, edit.token)
    time.sleep(_PAUSE)
    started = time.time()
    edit.save()
    painted: float = page.evaluate("window.painted")
    return painted - started * 1000


@contextmanager
def _running_preview(book: Path) -> Iterator[str]:
    """Run a preview of the book until the end of the block, and return its URL."""
    folders = [f"--{name}={book / name}" for name in ("content", "templates", "site")]
    command = [sys.executable, str(ROOT / "build.py"), "serve", "--port=0", *folders]
    output = book / "output.txt"
    with (
        output.open("w") as log,
        subprocess.Popen(  # noqa: S603 - our own command
            command, stdout=log, stderr=log
        ) as process,
    ):
        try:
            yield _wait_for_url(process, output)
        finally:
            process.terminate()


def _wait_for_url(process: subprocess.Popen[bytes], output: Path) -> str:
    """Wait for the first build, and return the URL of the preview."""
    deadline = time.monotonic() + _START_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        if match := _READY.search(output.read_text(encoding="utf-8")):
            return match["url"]
        time.sleep(_PAUSE)
    raise SystemExit(f"the preview can't be started: {output.read_text(encoding='utf-8')}")


@contextmanager
def _open_page() -> Iterator[Page]:
    installed = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed.path, args=list(FLAGS), env={**installed.environment}
        )
        try:
            yield browser.new_page()
        finally:
            browser.close()
