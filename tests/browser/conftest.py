"""Opens the built site in Chromium, served as in production; every page is monitored.

A test also fails if a page writes to the console, throws, sends a request to another origin, or
gets an error response.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from audit.chromium import FLAGS, chromium
from audit.driver import driver
from audit.hosting import serve
from audit.npm import checkers
from codebook.build.pipeline import build_site
from codebook.diagnostics.source import Folder
from tests.browser.page_kinds import (
    REBOUND_HOST,
    TIMEOUT,
    NewContext,
    OpenPage,
    Scheme,
    ServeBook,
    Visit,
)
from tests.browser.page_monitor import PageMonitor
from tests.browser.preview_pages import PreviewPages
from tests.preview_process import Preview, running_preview
from tests.trees import write_tree

expect.set_options(timeout=TIMEOUT)

NAMES = f"--host-resolver-rules=MAP {REBOUND_HOST} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder: they need a browser."""
    folder = Path(__file__).parent
    for item in items:
        if folder in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site_folder(
    built_site: Mapping[PurePosixPath, bytes], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The built site on the disk."""
    return write_tree(tmp_path_factory.mktemp("site"), built_site)


@pytest.fixture(scope="session")
def origin(site_folder: Path) -> Iterator[str]:
    """The origin of the served site."""
    with serve(site_folder) as origin:
        yield origin


@pytest.fixture(scope="session")
def page_urls(built_site: Mapping[PurePosixPath, bytes]) -> tuple[str, ...]:
    """The URL of every page that isn't a redirect."""
    return tuple(
        f"/{path.as_posix()}".removesuffix("index.html")
        for path, data in built_site.items()
        if path.suffix == ".html" and b'http-equiv="refresh"' not in data
    )


@pytest.fixture(scope="session")
def base_url(origin: str) -> str:
    """The start of all URLs, so that tests can use paths."""
    return origin


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, started by the audit's driver."""
    with driver() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], pytestconfig: pytest.Config
) -> dict[str, Any]:
    """Start the Chromium of this machine; a test fails where there is none and none can be had."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    # The message about a download must appear while it runs.
    with capture.global_and_fixture_disabled():
        program = chromium()
    return {
        **browser_type_launch_args,
        "executable_path": str(program.path),
        "args": [*FLAGS, NAMES],
        "env": {**os.environ, **program.environment},
    }


@pytest.fixture(scope="session")
def session_monitor(origin: str) -> PageMonitor:
    """Monitors every context of this process."""
    return PageMonitor({origin})


@pytest.fixture(scope="module")
def serve_book(
    tmp_path_factory: pytest.TempPathFactory, session_monitor: PageMonitor
) -> Iterator[ServeBook]:
    """Build a book, and serve its site until the tests of the module end."""
    with ExitStack() as served:

        def serve_book(book: Mapping[str, str], templates: Folder) -> str:
            files = {PurePosixPath(path): text.encode() for path, text in book.items()}
            result = build_site(Folder("content", files), templates, "site", "")
            assert result.files, result.diagnostics
            folder = write_tree(tmp_path_factory.mktemp("site"), result.files)
            origin = served.enter_context(serve(folder))
            session_monitor.origins.add(origin)
            return origin

        yield serve_book


@pytest.fixture
def page_monitor(session_monitor: PageMonitor) -> Iterator[PageMonitor]:
    """Fails the test for the errors of its pages."""
    yield session_monitor
    errors = list(session_monitor.errors)
    session_monitor.errors.clear()
    assert not errors, "\n".join(errors)


@pytest.fixture
def new_context(page_monitor: PageMonitor, new_context: NewContext) -> NewContext:
    """Make contexts that are monitored."""

    def monitored(**settings: Any) -> BrowserContext:  # noqa: ANN401 - as above
        context = new_context(**settings)
        context.set_default_timeout(TIMEOUT)
        page_monitor.attach(context)
        return context

    return monitored


@pytest.fixture
def visit(new_context: NewContext, page_monitor: PageMonitor, page_urls: tuple[str, ...]) -> Visit:
    """Open a URL as a new visitor."""

    def visit(url: str, **settings: Any) -> Page:  # noqa: ANN401 - as above
        _expect_missing(url, page_monitor, page_urls)
        page = new_context(**settings).new_page()
        page.goto(url)
        return page

    return visit


@pytest.fixture(scope="session")
def shared_pages(
    browser: Browser, browser_context_args: dict[str, Any], session_monitor: PageMonitor
) -> Iterator[Mapping[bool, Page]]:
    """The pages that tests share: without scripts and with them."""
    contexts = {
        scripts: browser.new_context(**browser_context_args, java_script_enabled=scripts)
        for scripts in (False, True)
    }
    for context in contexts.values():
        context.set_default_timeout(TIMEOUT)
        session_monitor.attach(context)
    yield {scripts: context.new_page() for scripts, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture
def open_page(
    shared_pages: Mapping[bool, Page], page_monitor: PageMonitor, page_urls: tuple[str, ...]
) -> OpenPage:
    """Open a URL in a page that many tests share: a context for each would cost minutes."""

    def open_page(
        url: str,
        *,
        width: int = 1280,
        height: int = 720,
        scripts: bool = True,
        media: Literal["screen", "print"] = "screen",
        scheme: Scheme = "light",
        reduced_motion: Literal["reduce", "no-preference"] = "reduce",
        forced_colors: Literal["active", "none"] = "none",
    ) -> Page:
        _expect_missing(url, page_monitor, page_urls)
        page = shared_pages[scripts]
        # Where the test before has left it, the pointer would hover over something.
        page.mouse.move(0, 0)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(
            media=media,
            color_scheme=scheme,
            reduced_motion=reduced_motion,
            forced_colors=forced_colors,
        )
        page.goto(url)
        return page

    return open_page


@pytest.fixture(scope="session")
def shared_preview(
    tmp_path_factory: pytest.TempPathFactory, session_monitor: PageMonitor
) -> Iterator[tuple[Preview, Mapping[str, object]]]:
    """A preview that many tests share, and its first state: a start for each would cost minutes."""
    with running_preview(tmp_path_factory.mktemp("preview")) as preview:
        session_monitor.origins.add(preview.url.rstrip("/"))
        yield preview, preview.state()


@pytest.fixture
def preview(shared_preview: tuple[Preview, Mapping[str, object]]) -> Iterator[Preview]:
    """A preview of the repository's book."""
    preview, state = shared_preview
    yield preview
    preview.reset(state)


@pytest.fixture
def pages(preview: Preview, new_context: NewContext) -> PreviewPages:
    """The pages of that preview. They are closed before it ends."""
    return PreviewPages(preview, new_context)


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core. The site's policy forbids loading it, but not evaluating it."""
    return (checkers() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def _expect_missing(url: str, page_monitor: PageMonitor, page_urls: tuple[str, ...]) -> None:
    """Expect the error page at a URL that does not exist."""
    path = url.partition("#")[0]
    if path.partition("?")[0] not in page_urls:
        page_monitor.missing.add(path)
