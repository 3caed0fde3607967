"""`python -m audit.screenshots`: takes the pictures of the README anew."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from audit.chromium import FLAGS, MissingError, chromium
from audit.driver import driver
from audit.hosting import serve
from audit.pages.findings import ToolError
from audit.pages.site import ROOT, build

WIDTH, HEIGHT = 1280, 800
"""CSS pixels of the window."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of a page."""

    name: str
    address: str
    is_dark: bool = False
    query: str = ""
    """What is typed into the search; empty where it stays closed."""


SHOTS = (
    Shot("home", "/"),
    Shot("code", "/status/404/"),
    Shot("search", "/status/404/", query="rate limit"),
    Shot("dark", "/", is_dark=True),
)


def main(arguments: list[str] | None = None) -> int:
    """Write one PNG for each of the shots."""
    parser = argparse.ArgumentParser(prog="python -m audit.screenshots", description=__doc__)
    parser.add_argument("--to", type=Path, metavar="DIR", default=ROOT / "docs")
    folder: Path = parser.parse_args(arguments).to
    try:
        with tempfile.TemporaryDirectory(prefix="codebook-") as name, _browser() as browser:
            site = build(Path(name, "site"))
            with serve(site.folder) as origin:
                for shot in SHOTS:
                    _take(shot, origin, browser, folder / f"{shot.name}.png")
    except (MissingError, ToolError) as diagnostic:
        sys.stderr.write(f"{diagnostic}\n")
        return 1
    sys.stdout.write(f"{folder.name}/ holds {len(SHOTS)} new pictures\n")
    return 0


@contextmanager
def _browser() -> Iterator[Browser]:
    found = chromium()
    with driver() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(found.path),
            args=list(FLAGS),
            env={**os.environ, **found.environment},
        )
        yield browser
        browser.close()


def _take(shot: Shot, origin: str, browser: Browser, place: Path) -> None:
    page = browser.new_page(
        viewport={"width": WIDTH, "height": HEIGHT},
        color_scheme="dark" if shot.is_dark else "light",
        reduced_motion="reduce",
    )
    page.goto(origin + shot.address, wait_until="networkidle")
    if shot.query:
        _search(page, shot.query)
    page.screenshot(path=place)
    page.close()


def _search(page: Page, query: str) -> None:
    page.keyboard.press("/")
    page.get_by_role("combobox").fill(query)
    page.get_by_role("option").first.wait_for()


if __name__ == "__main__":
    sys.exit(main())
