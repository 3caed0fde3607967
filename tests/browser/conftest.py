"""Opens the built site in Chromium, served as in production; every page is watched.

A test fails, whatever else it holds, where a page writes to the console, throws, asks another
origin or gets an answer that is an error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import pytest
from playwright.sync_api import BrowserContext, Page

from audit.chromium import FLAGS, chromium
from audit.hosting import serve
from tests.browser.kinds import KINDS
from tests.browser.watch import Watch

AXE = Path(sys.prefix, "node", "node_modules", "axe-core", "axe.min.js")


class NewContext(Protocol):
    """Makes a context with Playwright's own settings."""

    def __call__(self, **settings: Any) -> BrowserContext:  # noqa: ANN401 - they are of many types
        """A fresh one, which is closed after the test."""


@pytest.fixture(scope="session")
def origin(
    built: Mapping[PurePosixPath, bytes], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where the site is served."""
    folder = tmp_path_factory.mktemp("site")
    for path, data in built.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    with serve(folder) as origin:
        yield origin


@pytest.fixture(scope="session")
def addresses(built: Mapping[PurePosixPath, bytes]) -> tuple[str, ...]:
    """The address of every page that does not lead on to another by itself."""
    return tuple(
        f"/{path.as_posix()}".removesuffix("index.html")
        for path, data in built.items()
        if path.suffix == ".html" and b'http-equiv="refresh"' not in data
    )


@pytest.fixture(scope="session")
def base_url(origin: str) -> str:
    """What addresses begin with, so that tests name the rest alone."""
    return origin


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], pytestconfig: pytest.Config
) -> dict[str, Any]:
    """Start the Chromium of this machine; a test fails where there is none and none can be had."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    # Whoever waits for a download is told so while it runs.
    with capture.global_and_fixture_disabled():
        found = chromium()
    return {
        **browser_type_launch_args,
        "executable_path": str(found.path),
        "args": list(FLAGS),
        "env": {**os.environ, **found.environment},
    }


@pytest.fixture
def watch(origin: str) -> Iterator[Watch]:
    """Fails the test for what its pages may not do."""
    watch = Watch(origin)
    yield watch
    assert not watch.faults, "\n".join(watch.faults)


@pytest.fixture
def new_context(watch: Watch, new_context: NewContext) -> NewContext:
    """Make contexts that are watched."""

    def watched(**settings: Any) -> BrowserContext:  # noqa: ANN401 - as above
        context = new_context(**settings)
        watch.attach(context)
        return context

    return watched


@pytest.fixture
def visit(new_context: NewContext, watch: Watch, addresses: tuple[str, ...]) -> Callable[..., Page]:
    """Open an address in a context of its own, with Playwright's settings for it."""

    def visit(address: str, **settings: Any) -> Page:  # noqa: ANN401 - as above
        path = address.partition("#")[0]
        if path.partition("?")[0] not in addresses:
            # Who asks for what is not there means the error page.
            watch.missing.add(path)
        page = new_context(**settings).new_page()
        page.goto(address)
        return page

    return visit


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest) -> str:
    """A page of each kind."""
    return str(request.param)


@pytest.fixture
def large_text(
    launch_browser: Callable[..., Any], origin: str, watch: Watch
) -> Iterator[BrowserContext]:
    """A narrow window of a browser whose text is set to twice the size."""
    sizes = "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"
    browser = launch_browser(args=[*FLAGS, sizes])
    try:
        context = browser.new_context(base_url=origin, viewport={"width": 320, "height": 640})
        watch.attach(context)
        yield context
    finally:
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core. The site's policy forbids to load it, not to evaluate it."""
    return AXE.read_text(encoding="utf-8")
