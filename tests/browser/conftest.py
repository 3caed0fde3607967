"""Opens the built site in Chromium, served as in production; every page is watched.

A test fails, whatever else it holds, where a page writes to the console, throws, asks another
origin or gets an answer that is an error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from audit.chromium import FLAGS, chromium
from audit.driver import driver
from audit.hosting import serve
from tests.browser.kinds import KINDS, PATIENCE, REBOUND, Look, NewContext, Scheme, Visit
from tests.browser.previewing import Shown
from tests.browser.watch import Watch
from tests.previews import Preview, previewing

expect.set_options(timeout=PATIENCE)

NAMES = f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"

AXE = Path(sys.prefix, "node", "node_modules", "axe-core", "axe.min.js")


@pytest.fixture(scope="session")
def folder(built: Mapping[PurePosixPath, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site on the disk."""
    folder = tmp_path_factory.mktemp("site")
    for path, data in built.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@pytest.fixture(scope="session")
def origin(folder: Path) -> Iterator[str]:
    """Where the site is served."""
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
def playwright() -> Iterator[Playwright]:
    """Playwright as the audit starts it."""
    with driver() as playwright:
        yield playwright


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
        "args": [*FLAGS, NAMES],
        "env": {**os.environ, **found.environment},
    }


@pytest.fixture(scope="session")
def watcher(origin: str) -> Watch:
    """Looks at every context of this process."""
    return Watch({origin})


@pytest.fixture
def watch(watcher: Watch) -> Iterator[Watch]:
    """Fails the test for what its pages may not do."""
    yield watcher
    faults = list(watcher.faults)
    watcher.faults.clear()
    assert not faults, "\n".join(faults)


@pytest.fixture
def new_context(watch: Watch, new_context: NewContext) -> NewContext:
    """Make contexts that are watched."""

    def watched(**settings: Any) -> BrowserContext:  # noqa: ANN401 - as above
        context = new_context(**settings)
        context.set_default_timeout(PATIENCE)
        watch.attach(context)
        return context

    return watched


@pytest.fixture
def visit(new_context: NewContext, watch: Watch, addresses: tuple[str, ...]) -> Visit:
    """Open an address for a visitor who was never here."""

    def visit(address: str, **settings: Any) -> Page:  # noqa: ANN401 - as above
        _announce(address, watch, addresses)
        page = new_context(**settings).new_page()
        page.goto(address)
        return page

    return visit


@pytest.fixture(scope="session")
def shared(
    browser: Browser, browser_context_args: dict[str, Any], watcher: Watch
) -> Iterator[Mapping[bool, Page]]:
    """The pages that tests share: without scripts and with them."""
    contexts = {
        scripts: browser.new_context(**browser_context_args, java_script_enabled=scripts)
        for scripts in (False, True)
    }
    for context in contexts.values():
        context.set_default_timeout(PATIENCE)
        watcher.attach(context)
    yield {scripts: context.new_page() for scripts, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture
def look(shared: Mapping[bool, Page], watch: Watch, addresses: tuple[str, ...]) -> Look:
    """Open an address in a page that many tests share: a context for each would cost minutes."""

    def look(
        address: str,
        *,
        width: int = 1280,
        height: int = 720,
        scripts: bool = True,
        media: Literal["screen", "print"] = "screen",
        scheme: Scheme = "light",
        reduced_motion: Literal["reduce", "no-preference"] = "reduce",
        forced_colors: Literal["active", "none"] = "none",
    ) -> Page:
        _announce(address, watch, addresses)
        page = shared[scripts]
        # Where the test before has left it, the pointer would hover over something.
        page.mouse.move(0, 0)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(
            media=media,
            color_scheme=scheme,
            reduced_motion=reduced_motion,
            forced_colors=forced_colors,
        )
        page.goto(address)
        return page

    return look


@pytest.fixture
def preview(tmp_path: Path, watch: Watch) -> Iterator[Preview]:
    """A preview of a book of this test's own."""
    with previewing(tmp_path) as preview:
        watch.origins.add(preview.url.rstrip("/"))
        yield preview


@pytest.fixture
def shown(preview: Preview, new_context: NewContext) -> Shown:
    """The pages of that preview. They are closed before it ends."""
    return Shown(preview, new_context)


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest) -> str:
    """A page of each kind."""
    return str(request.param)


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core. The site's policy forbids to load it, not to evaluate it."""
    return AXE.read_text(encoding="utf-8")


def _announce(address: str, watch: Watch, addresses: tuple[str, ...]) -> None:
    """Who asks for what is not there means the error page."""
    path = address.partition("#")[0]
    if path.partition("?")[0] not in addresses:
        watch.missing.add(path)
