"""No page of another origin can read the preview, by whatever a browser offers."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.kinds import REBOUND
from tests.previews import PAGE, Preview

TRIES = """async (url) => {
  const script = "/-codebook/preview.js";
  const ended = (node, name, address) => new Promise((done) => {
    const made = document.createElement(node);
    made.onload = () => done("read");
    made.onerror = () => done("refused");
    made[name] = address;
    if (node === "link") made.rel = "stylesheet";
    document.body.append(made);
  });
  const fetched = (address, settings) =>
    fetch(address, settings).then(() => "read", () => "refused");
  const module = () => import(url + script).then(() => "read", () => "refused");
  const events = () => new Promise((done) => {
    const stream = new EventSource(url + "/-codebook/events");
    stream.onopen = stream.onmessage = () => done("read");
    stream.onerror = () => done("refused");
  });
  const socket = () => new Promise((done) => {
    const made = new WebSocket(url.replace("http", "ws") + "/-codebook/events");
    made.onopen = () => done("read");
    made.onerror = () => done("refused");
  });
  const frame = (node, name) => new Promise((done) => {
    const made = document.createElement(node);
    made.onerror = () => done("refused");
    made.onload = () => {
      let text = "";
      try { text = made.contentDocument?.body.textContent ?? ""; } catch {}
      done(text ? "read" : "refused");
    };
    made[name] = url + PAGE;
    document.body.append(made);
    setTimeout(() => done("refused"), 3000);
  });
  return {
    page: await fetched(url + PAGE),
    credentials: await fetched(url + PAGE, { credentials: "include" }),
    opaque: await fetched(url + PAGE, { mode: "no-cors" }),
    posted: await fetched(url + PAGE, { method: "POST", mode: "no-cors", body: "x" }),
    checked: await fetched(url + PAGE, { headers: { "X-Any": "1" } }),
    streamed: await fetched(url + "/-codebook/events", { mode: "no-cors" }),
    events: await events(),
    socket: await socket(),
    script: await ended("script", "src", url + script),
    asset: await ended("script", "src", url + ASSET),
    module: await module(),
    sheet: await ended("link", "href", url + "/-codebook/preview.css"),
    image: await ended("img", "src", url + ICON),
    favicon: await ended("img", "src", url + "/favicon.ico"),
    iframe: await frame("iframe", "src"),
    object: await frame("object", "data"),
    embed: await frame("embed", "src"),
  };
}"""
"""Every way in which a page can ask for something of another origin, and what comes of it."""

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
    """The port of a site that allows itself everything."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Evil)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def context(browser: Browser, preview: Preview) -> Iterator[BrowserContext]:
    """A context that nobody watches: what goes wrong in it is meant to."""
    assert preview
    context = browser.new_context()
    yield context
    context.close()


def tried(page: Page, preview: Preview, url: str) -> Mapping[str, str]:
    """What came of every way to ask the preview from this page."""
    home = preview.get("/")[1].decode()
    asset = "/" + home[home.index("assets/main") :].partition('"')[0]
    icon = "/" + home[home.index("assets/icon") :].partition('"')[0]
    names = {"PAGE": PAGE, "ASSET": asset, "ICON": icon}
    script = "".join(f"const {name} = '{value}';" for name, value in names.items())
    result: Mapping[str, str] = page.evaluate(
        f"(url) => {{ {script} return ({TRIES})(url); }}", url
    )
    return result


@pytest.mark.parametrize("host", ["127.0.0.1", REBOUND])
def test_a_page_of_another_origin_can_read_nothing(
    host: str, preview: Preview, evil: int, context: BrowserContext
) -> None:
    """From another port of this machine, and from another site."""
    page = context.new_page()
    page.goto(f"http://{host}:{evil}/")
    for url in (f"http://127.0.0.1:{preview.port}", f"http://{REBOUND}:{preview.port}"):
        found = tried(page, preview, url)
        assert len(found) == 17
        assert {name for name, result in found.items() if result != "refused"} == set()
        assert len(page.frames) > 1
        assert not [frame for frame in page.frames if "Harbour" in frame.content()]


def test_the_same_tries_succeed_at_home(preview: Preview, context: BrowserContext) -> None:
    """They would find something: what they are refused elsewhere means something."""
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{preview.port}/nowhere/")
    status = page.evaluate(f"fetch('{PAGE}').then((answer) => answer.status)")
    assert status == 200
    events = "new Promise((done) => (new EventSource('/-codebook/events').onopen = () => done(1)))"
    assert page.evaluate(events) == 1
    image = """new Promise((done) => {
      Object.assign(new Image(), { src: "/favicon.ico", onload: () => done(1) });
    })"""
    assert page.evaluate(image) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", REBOUND])
def test_a_window_that_another_site_opens_is_out_of_its_reach(
    host: str, preview: Preview, evil: int, context: BrowserContext
) -> None:
    """A person sees the page; whoever opened it has no hold on it."""
    page = context.new_page()
    page.goto(f"http://{host}:{evil}/")
    with context.expect_page() as opening:
        reached = page.evaluate(OPEN, f"http://127.0.0.1:{preview.port}{PAGE}")
    assert reached == ""
    assert opening.value.get_by_role("heading", level=1).inner_text().startswith("1010")
    assert opening.value.evaluate("window.opener") is None


def test_a_name_that_leads_here_is_not_ours(preview: Preview, context: BrowserContext) -> None:
    """A page of that name, at our own port, would be of one origin with all that it asks for."""
    page = context.new_page()
    origin = f"http://{REBOUND}:{preview.port}"
    for address in ("/", PAGE, "/-codebook/preview.js"):
        answer = page.goto(origin + address)
        assert answer is not None
        assert answer.status == 403
        assert "Harbour" not in page.content()
        asked = ("/", PAGE, "/search.json", "/-codebook/events", "/-codebook/overlay.js")
        for path in asked:
            script = f"fetch('{path}').then(async (answer) => [answer.status, await answer.text()])"
            status, text = page.evaluate(script)
            assert status == 403
            assert "Harbour" not in text
