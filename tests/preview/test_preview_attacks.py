"""The preview serves nothing but the site, and only to its own pages.

Each attack was once a vulnerability of a preview server; the bytes are sent over a socket, because
a client that follows the rules would not send them.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from threading import Event

import pytest

from codebook.publish.headers import SECURITY_HEADERS
from tests.offenders import assert_none
from tests.preview_process import EVENTS, PAGE, Preview, running_preview

pytestmark = pytest.mark.slow

HIDDEN_TEXT = "known to the harbor master alone"
TOO_LARGE = 17_000
"""Bytes, more than a head may have."""


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview with secret files next to the book, in folders with similar names."""
    folder = tmp_path_factory.mktemp("preview")
    for name in ("secret.txt", "content-more/secret.txt", "site-more/secret.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(HIDDEN_TEXT, encoding="utf-8")
    with running_preview(folder) as preview:
        yield preview


def request(
    preview: Preview, target: str, *headers: str, method: str = "GET", host: str | None = None
) -> tuple[str, dict[str, str], bytes]:
    """The status, headers, and body of the response to a request, sent as it is."""
    lines = [
        f"{method} {target} HTTP/1.1",
        *([f"Host: {preview.netloc}"] if host is None else [f"Host: {host}"] if host else []),
        *headers,
        "Connection: close",
    ]
    response = preview.send("\r\n".join([*lines, "", ""]).encode("latin-1"))
    head, _, body = response.partition(b"\r\n\r\n")
    status_line, *header_lines = head.decode("latin-1").split("\r\n")
    response_headers = dict(line.lower().split(": ", 1) for line in header_lines)
    return status_line.split(" ", 2)[1], response_headers, body


LOST_TARGETS = (
    "/../secret.txt",
    "/signals/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/..%2fsecret.txt",
    "/..%5csecret.txt",
    "/..\\secret.txt",
    "/%2e%2e%5csecret.txt",
    "/.%2e/secret.txt",
    "/%252e%252e/secret.txt",
    "/../content-more/secret.txt",
    "/../site-more/secret.txt",
    "//../secret.txt",
    "/./index.html",
    "/.//",
    "//",
    "//index.html",
    "/signals//1010/",
    "/signals/1010/%00",
    "/%00/../secret.txt",
    "/index.html%00.txt",
    "/%ff",
    "/%c0%ae%c0%ae/secret.txt",
    "/%",
    "/%2",
    "/%zz",
    "/index.html/",
    "/assets/",
    "/-codebook/",
    "/-codebook/../secret.txt",
    "/-codebook/server.py",
    "/-codebook/%2e%2e/server.py",
    "/-codebook/events/",
    "/C:/secret.txt",
    "/etc/passwd",
    "//etc/passwd",
    "/file:///etc/passwd",
    "/book.toml",
    "/content/book.toml",
    "/.git/config",
)


def test_other_paths_are_not_found(preview: Preview) -> None:
    """The response is the error page for any spelling."""
    errors = []
    for target in LOST_TARGETS:
        status, _, body = request(preview, target)
        if status != "404" or b"<title>" not in body or HIDDEN_TEXT.encode() in body:
            errors.append(f"{target}: {status}")
    assert_none(errors)


def test_a_request_target_that_is_not_a_path_is_not_found(preview: Preview) -> None:
    """The preview isn't a proxy."""
    for target in ("http://evil.example/", "*", "evil.example:80"):
        assert request(preview, target)[0] == "404", target


MALFORMED = (
    b"GET /\x00 HTTP/1.1\r\nHost: HOST\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\nHost: HOST\r\n\r\n",
    b"GET / a HTTP/1.1\r\nHost: HOST\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked, nothing\r\n\r\n",
    # Neither of these comes to an end.
    b"GET / HTTP/1.1\r\nHost: HOST\r\nX: " + b"a" * TOO_LARGE,
    b"GET /" + b"a" * TOO_LARGE,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
)


def test_a_malformed_request_is_rejected(preview: Preview) -> None:
    """The header section is invalid or too large, or has no Host or two. The connection closes."""
    errors = []
    for data in MALFORMED:
        response = preview.send(data.replace(b"HOST", preview.netloc.encode()))
        if not response.startswith(b"HTTP/1.1 400 ") or b"Harbor" in response:
            errors.append(f"{data[:80]!r}: {response[:80]!r}")
    assert_none(errors)


def test_the_preview_responds_after_malformed_requests(preview: Preview) -> None:
    """A malformed request closes only its own connection."""
    for data in (b"\x00\r\n\r\n", b"GET /%00 HTTP/1.1\r\n\r\n"):
        preview.send(data)
    assert request(preview, PAGE)[0] == "200"


DOUBLE_SLASHES = (
    "//evil.example/%2e%2e",
    "//evil.example/..",
    "//evil.example",
    "/\\evil.example/%2e%2e",
    "/\\evil.example",
    "/%5cevil.example/%2e%2e",
    "/%2fevil.example/%2e%2e",
    "///evil.example",
    "/%09/evil.example",
    "//evil.example/signals/1010",
)


def test_no_redirect_points_to_another_host(preview: Preview) -> None:
    """URLs that look like another host don't exist."""
    errors = []
    for target in DOUBLE_SLASHES:
        status, headers, _ = request(preview, target)
        if (status, headers.get("location")) != ("404", None):
            errors.append(f"{target}: {status}, {headers.get('location')}")
    assert_none(errors)


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/signals/1010", "/signals/1010/"),
        ("/signals/1010?q=//evil.example", "/signals/1010/?q=//evil.example"),
        ("/%73ignals/1010", "/signals/1010/"),
    ],
)
def test_a_page_without_its_trailing_slash_redirects_to_a_path(
    target: str, location: str, preview: Preview
) -> None:
    """The target is a path, which can't contain a host."""
    status, headers, _ = request(preview, target)
    assert (status, headers["location"]) == ("301", location)


def test_no_header_can_be_injected_into_a_response(preview: Preview) -> None:
    """Neither the Location value nor other headers can be changed."""
    _, headers, _ = request(preview, "/signals/1010?%0d%0aSet-Cookie:a=b")
    assert "set-cookie" not in headers
    assert headers["location"] == "/signals/1010/?%0d%0aset-cookie:a=b"


OTHER_HOSTS = (
    "evil.example",
    "evil.example:PORT",
    "localhost.:PORT",
    "localhost.evil.example:PORT",
    "evil.localhost:PORT",
    "localhost:",
    "localhost:PORT:1",
    "localhost:99999",
    "localhost:-1",
    "127.0.0.1:PORT.evil.example",
    "127.0.0.1:PORT@evil.example",
    "evil.example@127.0.0.1:PORT",
    "0.0.0.0:PORT",
    "192.0.2.1:PORT",
    "127.1:PORT",
    "2130706433:PORT",
    "[::]:PORT",
    "[::ffff:127.0.0.1]:PORT",
    "[0:0:0:0:0:0:0:1]:PORT",
    "::1:PORT",
)


def test_another_host_name_is_rejected(preview: Preview) -> None:
    """With DNS rebinding, a page of that name would have the same origin."""
    errors = []
    targets = ("/", EVENTS, "/-codebook/preview.js", "/assets/none")
    for host, target in product(OTHER_HOSTS, targets):
        status, _, body = request(preview, target, host=host.replace("PORT", str(preview.port)))
        if status != "403" or b"Harbor" in body:
            errors.append(f"{target} of {host}: {status}")
    assert_none(errors)


def test_a_request_without_host_is_rejected(preview: Preview) -> None:
    """HTTP/1.0 clients can omit it, but get no page."""
    response = preview.send(b"GET / HTTP/1.0\r\n\r\n")
    assert response.startswith(b"HTTP/1.1 403 ")


def test_the_names_of_this_machine_are_accepted(preview: Preview) -> None:
    """Users can type any of them. The port differs where a container or SSH forwards it."""
    names = ("localhost", "LocalHost", "127.0.0.1", "[::1]")
    for host, port in product(names, (f":{preview.port}", ":9000", "")):
        assert request(preview, "/", host=f"{host}{port}")[0] == "200", host


def test_an_origin_on_another_port_of_this_machine_is_rejected(preview: Preview) -> None:
    """Although its port would do in Host, another server on this machine is another site."""
    for host in ("localhost:9000", "127.0.0.1:9000"):
        for origin in ("http://localhost:1", f"http://{preview.netloc}", f"https://{host}"):
            assert request(preview, PAGE, f"Origin: {origin}", host=host)[0] == "403", origin
        assert request(preview, PAGE, f"Origin: http://{host}", host=host)[0] == "200"


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Forwarded-For"])
def test_a_page_contains_nothing_from_the_request(name: str, preview: Preview) -> None:
    """No URL on a page has a host from a request."""
    header = f"{name}: evil.example"
    for target in (PAGE, "/nowhere/", "/signals/1010?x=evil.example"):
        status, headers, body = request(preview, target, header)
        assert status in {"200", "301", "404"}
        assert b"evil.example" not in body.replace(b"?x=evil.example", b"")
        assert "evil.example" not in headers.get("location", "").replace("?x=evil.example", "")


FOREIGN_HEADERS = (
    ["Origin: http://evil.example"],
    ["Origin: null"],
    ["Origin: https://HOST"],
    ["Origin: http://HOST.evil.example"],
    ["Origin: http://localhost:1"],
    ["Origin: http://HOST", "Origin: http://evil.example"],
    ["Sec-Fetch-Site: cross-site"],
    ["Sec-Fetch-Site: same-site"],
    ["Sec-Fetch-Site: anything"],
    ["Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"],
    ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: script"],
    ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"],
    ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: object"],
    ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: document"],
)


def test_a_request_from_another_site_is_rejected(preview: Preview) -> None:
    """The kind of request doesn't matter."""
    errors = []
    targets = (PAGE, EVENTS, "/-codebook/preview.js", "/search.json")
    for target, headers in product(targets, FOREIGN_HEADERS):
        sent = [header.replace("HOST", preview.netloc) for header in headers]
        status, response_headers, body = request(preview, target, *sent)
        allowed = [name for name in response_headers if name.startswith("access-control")]
        if status != "403" or b"Harbor" in body or allowed:
            errors.append(f"{target} with {headers}: {status} {allowed}")
    assert_none(errors)


FOLLOWED_LINK = (
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-Dest: document",
)


def test_a_link_from_another_site_opens_a_page(preview: Preview) -> None:
    """The user sees the page, but the other site doesn't."""
    status, headers, _ = request(preview, PAGE, *FOLLOWED_LINK)
    assert status == "200"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_link_from_another_site_opens_nothing_else(preview: Preview) -> None:
    """The preview's scripts and events are only for its own pages."""
    for target in (EVENTS, "/-codebook/preview.js"):
        assert request(preview, target, *FOLLOWED_LINK)[0] == "403", target


def test_a_preview_is_read_only(preview: Preview) -> None:
    """Only GET and HEAD are allowed, and there are no CORS headers."""
    sent = ("Access-Control-Request-Method: GET", "Content-Length: 0")
    errors = []
    methods = ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get")
    for target, method in product((PAGE, EVENTS), methods):
        status, headers, _ = request(preview, target, *sent, method=method)
        allowed = [name for name in headers if name.startswith("access-control")]
        if (status, headers.get("allow"), allowed) != ("405", "get, head", []):
            errors.append(f"{method} {target}: {status} {headers}")
    assert_none(errors)


@pytest.mark.parametrize(
    ("target", "host"),
    [(PAGE, None), ("/nowhere/", None), ("/signals/1010", None), (EVENTS, "x"), ("/", "x")],
)
def test_every_response_has_the_headers_of_production(
    target: str, host: str | None, preview: Preview
) -> None:
    """Responses can't be used by other sites, and aren't stored."""
    _, headers, _ = request(preview, target, host=host)
    assert {name: headers[name.lower()] for name in SECURITY_HEADERS} == {
        name: value.lower() for name, value in SECURITY_HEADERS.items()
    }
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


@pytest.mark.parametrize("ranges", ["bytes=0-3", "bytes=" + ",".join(["0-"] * 900), "bytes=9-1"])
def test_a_range_request_gets_the_whole_page(ranges: str, preview: Preview) -> None:
    """Long lists of ranges have no cost."""
    status, headers, body = request(preview, PAGE, f"Range: {ranges}")
    assert status == "200"
    assert len(body) == int(headers["content-length"])
    assert b"</html>" in body


def test_a_head_response_has_no_body(preview: Preview) -> None:
    """The headers are the same, and the stream of events ends immediately."""
    _, get_headers, body = request(preview, PAGE)
    status, head_headers, head_body = request(preview, PAGE, method="HEAD")
    assert (status, head_body) == ("200", b"")
    assert {**head_headers, "date": ""} == {**get_headers, "date": ""}
    assert len(body) == int(head_headers["content-length"])
    assert request(preview, EVENTS, method="HEAD")[::2] == ("200", b"")


def test_slow_clients_do_not_delay_others(preview: Preview) -> None:
    """Twenty clients send one byte at a time, and twenty read nothing."""
    done = Event()

    def dawdle(is_sending: bool) -> None:
        with preview.connect() as connection:
            if is_sending:
                for byte in b"GET / HTTP/1.1\r\nHost: " * 100:
                    connection.send(bytes([byte]))
                    if done.wait(0.2):
                        return
            else:
                connection.sendall(
                    f"GET / HTTP/1.1\r\nHost: {preview.netloc}\r\n\r\n".encode() * 50
                )
                done.wait()

    with ThreadPoolExecutor(40) as pool:
        slow = [pool.submit(dawdle, number % 2 == 0) for number in range(40)]
        assert [request(preview, PAGE)[0] for _ in range(20)] == ["200"] * 20
        assert not any(client.done() for client in slow)
        done.set()


def test_an_event_reveals_nothing_about_the_machine(preview: Preview) -> None:
    """Without diagnostics, events are only about the site and the words of the overlay."""
    words = tomllib.loads((preview.templates / "words.toml").read_text(encoding="utf-8"))
    with preview.connect() as connection, connection.makefile("rb") as response:
        connection.sendall(f"GET {EVENTS} HTTP/1.1\r\nHost: {preview.netloc}\r\n\r\n".encode())
        data = next(line for line in response if line.startswith(b"data: "))
    event = json.loads(data.removeprefix(b"data: "))
    assert event.pop("words").items() <= words["preview"].items()
    assert event == {
        "version": event["version"],
        "build": "1",
        "isGood": True,
        "hasSite": True,
        "styleSheets": [],
        "diagnostics": [],
        "omitted": 0,
        "language": "en",
        "direction": "ltr",
    }


def test_the_target_of_a_symbolic_link_is_not_served(tmp_path: Path) -> None:
    """As in a build, a symbolic link is an error, and the last site stays."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "secret.md").write_text(f"# {HIDDEN_TEXT}\n", encoding="utf-8")
    links = ("link.md", "assets/link.css", "guides/link")
    with running_preview(tmp_path) as preview:
        for folder, name in product(("content", "templates"), links):
            path = tmp_path / folder / name
            path.parent.mkdir(exist_ok=True)
            path.symlink_to(tmp_path / "secret")
            # A line may still be about the removal of the link before.
            assert any("1 error" in preview.next_line() for _ in range(3)), path
            for target in ("/", f"/{name}", f"/{name}/secret.md", "/link/", "/assets/link.css"):
                assert HIDDEN_TEXT.encode() not in request(preview, target)[2], path
            assert request(preview, PAGE)[0] == "200", path
            path.unlink()
