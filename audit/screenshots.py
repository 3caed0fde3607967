"""`python -m audit.screenshots`: take the screenshots for the README."""

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
"""The size of the window in CSS pixels."""


@dataclass(frozen=True, slots=True)
class Screenshot:
    """A screenshot of a page."""

    name: str
    path: str
    is_dark: bool = False
    query: str = ""
    """The search query; empty if the search stays closed."""


SCREENSHOTS = (
    Screenshot("home", "/"),
    Screenshot("code", "/status/404/"),
    Screenshot("search", "/status/404/", query="rate limit"),
    Screenshot("dark", "/", is_dark=True),
)


def main(arguments: list[str] | None = None) -> int:
    """Write a PNG for each screenshot."""
    parser = argparse.ArgumentParser(prog="python -m audit.screenshots", description=__doc__)
    parser.add_argument("--to", type=Path, metavar="DIR", default=ROOT / "docs")
    folder: Path = parser.parse_args(arguments).to
    try:
        with tempfile.TemporaryDirectory(prefix="codebook-") as name, _browser() as browser:
            site = build(Path(name, "site"))
            with serve(site.folder) as origin:
                for screenshot in SCREENSHOTS:
                    _take(screenshot, origin, browser, folder / f"{screenshot.name}.png")
    except (MissingError, ToolError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Wrote {len(SCREENSHOTS)} screenshots to {folder.name}/\n")
    return 0


@contextmanager
def _browser() -> Iterator[Browser]:
    program = chromium()
    with driver() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(program.path),
            args=list(FLAGS),
            env={**os.environ, **program.environment},
        )
        yield browser
        browser.close()


def _take(screenshot: Screenshot, origin: str, browser: Browser, file: Path) -> None:
    page = browser.new_page(
        viewport={"width": WIDTH, "height": HEIGHT},
        color_scheme="dark" if screenshot.is_dark else "light",
        reduced_motion="reduce",
    )
    page.goto(origin + screenshot.path, wait_until="networkidle")
    if screenshot.query:
        _search(page, screenshot.query)
    page.screenshot(path=file)
    page.close()


def _search(page: Page, query: str) -> None:
    page.keyboard.press("/")
    page.locator("#ui-query").fill(query)
    page.locator("[role=option]").first.wait_for()


if __name__ == "__main__":
    sys.exit(main())
