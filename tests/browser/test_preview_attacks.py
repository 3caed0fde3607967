"""Pages of other origins can't read the preview by any means that browsers offer."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.page_kinds import REBOUND_HOST
from tests.preview_process import PAGE, Preview

ATTEMPTS = """async (url) => {
  const script = "/-codebook/preview.js";
  const load = (tag, attribute, target) => new Promise((done) => {
    const element = document.createElement(tag);
    element.onload = () => done("read");
    element.onerror = () => done("refused");
    element[attribute] = target;
    if (tag === "link") element.rel = "stylesheet";
    document.body.append(element);
  });
  const fetchIt = (target, options) =>
    fetch(target, options).then(() => "read", () => "refused");
  const module = () => import(url + script).then(() => "read", () => "refused");
  const events = () => new Promise((done) => {
    const stream = new EventSource(url + "/-codebook/events");
    stream.onopen = stream.onmessage = () => done("read");
    stream.onerror = () => done("refused");
  });
  const socket = () => new Promise((done) => {
    const webSocket = new WebSocket(url.replace("http", "ws") + "/-codebook/events");
    webSocket.onopen = () => done("read");
    webSocket.onerror = () => done("refused");
  });
  const frame = (tag, attribute) => new Promise((done) => {
    const element = document.createElement(tag);
    element.onerror = () => done("refused");
    element.onload = () => {
      let text = "";
      try { text = element.contentDocument?.body.textContent ?? ""; } catch {}
      done(text ? "read" : "refused");
    };
    element[attribute] = url + PAGE;
    document.body.append(element);
    setTimeout(() => done("refused"), 3000);
  });
  return {
    page: await fetchIt(url + PAGE),
    credentials: await fetchIt(url + PAGE, { credentials: "include" }),
    opaque: await fetchIt(url + PAGE, { mode: "no-cors" }),
    posted: await fetchIt(url + PAGE, { method: "POST", mode: "no-cors", body: "x" }),
    checked: await fetchIt(url + PAGE, { headers: { "X-Any": "1" } }),
    streamed: await fetchIt(url + "/-codebook/events", { mode: "no-cors" }),
    events: await events(),
    socket: await socket(),
    script: await load("script", "src", url + script),
    asset: await load("script", "src", url + ASSET),
    module: await module(),
    sheet: await load("link", "href", url + "/-codebook/preview.css"),
    image: await load("img", "src", url + ICON),
    favicon: await load("img", "src", url + "/favicon.ico"),
    iframe: await frame("iframe", "src"),
    object: await frame("object", "data"),
    embed: await frame("embed", "src"),
  };
}"""
"""Every way in which a page can request something of another origin, and the result."""

OPEN = """async (url) => {
  const opened = window.open(url);
  await new Promise((done) => setTimeout(done, 1500));
  try { return opened.document.body.textContent; } catch {}
  return opened.closed || opened.length === 0 ? "" : "reached";
}"""


class _Evil(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>evil</title><body></body>")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as overridden
        """Say nothing."""


@pytest.fixture
def evil() -> Iterator[int]:
    """The port of a site without restrictions."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Evil)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def context(browser: Browser, preview: Preview) -> Iterator[BrowserContext]:
    """A context that isn't monitored, because its errors are expected."""
    assert preview
    context = browser.new_context()
    yield context
    context.close()


def attempt_all(page: Page, preview: Preview, url: str) -> Mapping[str, str]:
    """The results of all attempts to read the preview from this page."""
    home = preview.get("/")[1].decode()
    asset = "/" + home[home.index("assets/main") :].partition('"')[0]
    icon = "/" + home[home.index("assets/icon") :].partition('"')[0]
    names = {"PAGE": PAGE, "ASSET": asset, "ICON": icon}
    script = "".join(f"const {name} = '{value}';" for name, value in names.items())
    results: Mapping[str, str] = page.evaluate(
        f"(url) => {{ {script} return ({ATTEMPTS})(url); }}", url
    )
    return results


@pytest.mark.parametrize("host", ["127.0.0.1", REBOUND_HOST])
def test_a_page_of_another_origin_can_read_nothing(
    host: str, preview: Preview, evil: int, context: BrowserContext
) -> None:
    """The origin is another port of this machine or another site."""
    page = context.new_page()
    page.goto(f"http://{host}:{evil}/")
    for url in (f"http://127.0.0.1:{preview.port}", f"http://{REBOUND_HOST}:{preview.port}"):
        results = attempt_all(page, preview, url)
        assert len(results) == 17
        assert {name for name, result in results.items() if result != "refused"} == set()
        assert len(page.frames) > 1
        assert not [frame for frame in page.frames if "Harbor" in frame.content()]


def test_the_same_attempts_succeed_from_its_own_page(
    preview: Preview, context: BrowserContext
) -> None:
    """Otherwise, the test above would prove nothing."""
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{preview.port}/nowhere/")
    status = page.evaluate(f"fetch('{PAGE}').then((response) => response.status)")
    assert status == 200
    events = "new Promise((done) => (new EventSource('/-codebook/events').onopen = () => done(1)))"
    assert page.evaluate(events) == 1
    image = """new Promise((done) => {
      Object.assign(new Image(), { src: "/favicon.ico", onload: () => done(1) });
    })"""
    assert page.evaluate(image) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", REBOUND_HOST])
def test_another_site_cannot_reach_a_window_that_it_opens(
    host: str, preview: Preview, evil: int, context: BrowserContext
) -> None:
    """The user sees the page, but the site that opened it can't access it."""
    page = context.new_page()
    page.goto(f"http://{host}:{evil}/")
    with context.expect_page() as opening:
        reached = page.evaluate(OPEN, f"http://127.0.0.1:{preview.port}{PAGE}")
    assert reached == ""
    assert opening.value.get_by_role("heading", level=1).inner_text().startswith("1010")
    assert opening.value.evaluate("window.opener") is None


def test_another_name_of_this_machine_is_rejected(
    preview: Preview, context: BrowserContext
) -> None:
    """With DNS rebinding, a page of that name would have the same origin as the preview."""
    page = context.new_page()
    origin = f"http://{REBOUND_HOST}:{preview.port}"
    for path in ("/", PAGE, "/-codebook/preview.js"):
        response = page.goto(origin + path)
        assert response is not None
        assert response.status == 403
        assert "Harbor" not in page.content()
        targets = ("/", PAGE, "/search.json", "/-codebook/events", "/-codebook/overlay.js")
        for target in targets:
            script = (
                f"fetch('{target}')"
                ".then(async (response) => [response.status, await response.text()])"
            )
            status, text = page.evaluate(script)
            assert status == 403
            assert "Harbor" not in text
