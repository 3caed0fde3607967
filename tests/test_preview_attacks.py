"""Nothing but the site is read from the preview, and nobody but its own pages reads it.

Each attack was once a fault of a preview server; the bytes are sent over a socket, because a
client that keeps to the rules would not send them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from codebook.publish.headers import PRODUCTION
from tests.previews import PAGE, Preview, previewing

WORDS = "known to the harbour master alone"
EVENTS = "/-codebook/events"
LARGE = 17_000
"""Bytes of a head that nobody needs."""


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview whose book has a secret beside it, in folders named like its own."""
    folder = tmp_path_factory.mktemp("preview")
    for place in ("secret.txt", "content-more/secret.txt", "site-more/secret.txt"):
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_text(WORDS, encoding="utf-8")
    with previewing(folder) as preview:
        yield preview


def asked(
    preview: Preview, target: str, *fields: str, method: str = "GET", host: str | None = None
) -> tuple[str, dict[str, str], bytes]:
    """The status, the fields and the body of what a request gets, sent as it is."""
    lines = [
        f"{method} {target} HTTP/1.1",
        *([f"Host: {preview.netloc}"] if host is None else [f"Host: {host}"] if host else []),
        *fields,
        "Connection: close",
    ]
    said = preview.send("\r\n".join([*lines, "", ""]).encode("latin-1"))
    head, _, body = said.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    found = dict(line.lower().split(": ", 1) for line in rest)
    return first.split(" ", 2)[1], found, body


@pytest.mark.parametrize(
    "target",
    [
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
    ],
)
def test_what_is_no_address_of_the_site_is_not_found(target: str, preview: Preview) -> None:
    """However it is written; the error page is all that is sent."""
    status, _, body = asked(preview, target)
    assert status == "404"
    assert b"<title>" in body
    assert WORDS.encode() not in body


@pytest.mark.parametrize("target", ["http://evil.example/", "*", "evil.example:80"])
def test_what_is_no_path_is_not_found(target: str, preview: Preview) -> None:
    """The preview is no proxy."""
    assert asked(preview, target)[0] == "404"


@pytest.mark.parametrize(
    "data",
    [
        b"GET /\x00 HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET / a HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked, nothing\r\n\r\n",
        # Neither of these comes to an end.
        b"GET / HTTP/1.1\r\nHost: HOST\r\nX: " + b"a" * LARGE,
        b"GET /" + b"a" * LARGE,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
    ids=lambda data: data[:40],
)
def test_what_is_no_request_is_refused(data: bytes, preview: Preview) -> None:
    """A head that is broken, too large, or names no host or two; then the line is closed."""
    said = preview.send(data.replace(b"HOST", preview.netloc.encode()))
    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"Harbour" not in said


def test_the_preview_goes_on_after_all_that(preview: Preview) -> None:
    """A broken request ends nothing but its own connection."""
    for data in (b"\x00\r\n\r\n", b"GET /%00 HTTP/1.1\r\n\r\n"):
        preview.send(data)
    assert asked(preview, PAGE)[0] == "200"


@pytest.mark.parametrize(
    "target",
    [
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
    ],
)
def test_nobody_is_sent_to_another_host(target: str, preview: Preview) -> None:
    """What looks like one is an address that nobody has."""
    status, fields, _ = asked(preview, target)
    assert (status, fields.get("location")) == ("404", None)


@pytest.mark.parametrize(
    ("target", "there"),
    [
        ("/signals/1010", "/signals/1010/"),
        ("/signals/1010?q=//evil.example", "/signals/1010/?q=//evil.example"),
        ("/%73ignals/1010", "/signals/1010/"),
    ],
)
def test_a_page_without_its_slash_leads_to_itself(
    target: str, there: str, preview: Preview
) -> None:
    """By a path, in which no host can be named."""
    status, fields, _ = asked(preview, target)
    assert (status, fields["location"]) == ("301", there)


def test_a_line_cannot_be_put_into_an_answer(preview: Preview) -> None:
    """Neither into where a page leads to, nor beside it."""
    _, fields, _ = asked(preview, "/signals/1010?%0d%0aSet-Cookie:a=b")
    assert "set-cookie" not in fields
    assert fields["location"] == "/signals/1010/?%0d%0aset-cookie:a=b"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:PORT",
        "localhost",
        "localhost:1",
        "localhost.:PORT",
        "localhost.evil.example:PORT",
        "evil.localhost:PORT",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1:PORT.evil.example",
        "127.0.0.1:PORT@evil.example",
        "evil.example@127.0.0.1:PORT",
        "0.0.0.0:PORT",
        "192.0.2.1:PORT",
        "127.1:PORT",
        "2130706433:PORT",
        "[::1]",
        "[::]:PORT",
        "::1:PORT",
    ],
)
@pytest.mark.parametrize("target", ["/", EVENTS, "/-codebook/preview.js", "/assets/none"])
def test_another_name_is_refused(target: str, host: str, preview: Preview) -> None:
    """Any name can be made to lead here, and a page of that name would be of our origin."""
    status, _, body = asked(preview, target, host=host.replace("PORT", str(preview.port)))
    assert status == "403"
    assert b"Harbour" not in body


def test_no_name_at_all_is_refused(preview: Preview) -> None:
    """An old client need not send one, and gets nothing."""
    said = preview.send(b"GET / HTTP/1.0\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize("host", ["localhost", "LocalHost", "127.0.0.1", "[::1]"])
def test_the_names_of_this_machine_are_answered(host: str, preview: Preview) -> None:
    """Each as a person may type it."""
    assert asked(preview, "/", host=f"{host}:{preview.port}")[0] == "200"


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Forwarded-For"])
def test_a_page_holds_nothing_of_the_request(name: str, preview: Preview) -> None:
    """Addresses in a page are the book's: no host that a request names is in any."""
    field = f"{name}: evil.example"
    for target in (PAGE, "/nowhere/", "/signals/1010?x=evil.example"):
        status, fields, body = asked(preview, target, field)
        assert status in {"200", "301", "404"}
        assert b"evil.example" not in body.replace(b"?x=evil.example", b"")
        assert "evil.example" not in fields.get("location", "").replace("?x=evil.example", "")


@pytest.mark.parametrize(
    "fields",
    [
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
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("target", [PAGE, EVENTS, "/-codebook/preview.js", "/search.json"])
def test_another_site_is_refused(target: str, fields: list[str], preview: Preview) -> None:
    """Whatever way it has of asking."""
    sent = [field.replace("HOST", preview.netloc) for field in fields]
    status, answered, body = asked(preview, target, *sent)
    assert status == "403"
    assert b"Harbour" not in body
    assert not [name for name in answered if name.startswith("access-control")]


FOLLOWED = ("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")


def test_a_link_from_elsewhere_leads_to_a_page(preview: Preview) -> None:
    """A person who follows it sees the page; whoever made the link does not."""
    status, fields, _ = asked(preview, PAGE, *FOLLOWED)
    assert status == "200"
    assert fields["cross-origin-opener-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in fields["content-security-policy"]


@pytest.mark.parametrize("target", [EVENTS, "/-codebook/preview.js"])
def test_a_link_from_elsewhere_leads_to_nothing_else(target: str, preview: Preview) -> None:
    """What belongs to the preview is for its own pages."""
    assert asked(preview, target, *FOLLOWED)[0] == "403"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get"])
@pytest.mark.parametrize("target", [PAGE, EVENTS])
def test_a_preview_is_read_and_no_more(target: str, method: str, preview: Preview) -> None:
    """No method but GET and HEAD, and no leave for another site to ask by one."""
    fields = ("Access-Control-Request-Method: GET", "Content-Length: 0")
    status, answered, _ = asked(preview, target, *fields, method=method)
    assert (status, answered["allow"]) == ("405", "get, head")
    assert not [name for name in answered if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("target", "host"),
    [(PAGE, None), ("/nowhere/", None), ("/signals/1010", None), (EVENTS, "x"), ("/", "x")],
)
def test_every_answer_has_the_headers_of_production(
    target: str, host: str | None, preview: Preview
) -> None:
    """And says besides that no other site may use it, and that nothing is to be kept."""
    _, fields, _ = asked(preview, target, host=host)
    assert {name: fields[name.lower()] for name in PRODUCTION} == {
        name: value.lower() for name, value in PRODUCTION.items()
    }
    assert fields["cross-origin-resource-policy"] == "same-origin"
    assert fields["cache-control"] == "no-store"
    assert "server" not in fields


@pytest.mark.parametrize("ranges", ["bytes=0-3", "bytes=" + ",".join(["0-"] * 900), "bytes=9-1"])
def test_a_part_of_a_page_is_the_whole(ranges: str, preview: Preview) -> None:
    """A list of ranges has cost other servers minutes; here it costs nothing."""
    status, fields, body = asked(preview, PAGE, f"Range: {ranges}")
    assert status == "200"
    assert len(body) == int(fields["content-length"])
    assert b"</html>" in body


def test_a_head_is_an_answer_without_its_body(preview: Preview) -> None:
    """With the same fields; the stream of events ends at once."""
    _, whole, body = asked(preview, PAGE)
    status, fields, nothing = asked(preview, PAGE, method="HEAD")
    assert (status, nothing) == ("200", b"")
    assert {**fields, "date": ""} == {**whole, "date": ""}
    assert len(body) == int(fields["content-length"])
    assert asked(preview, EVENTS, method="HEAD")[::2] == ("200", b"")


def test_who_is_slow_stops_nobody(preview: Preview) -> None:
    """Twenty visitors who send a byte at a time, and twenty who read none."""
    done = Event()

    def dawdle(line_is_read: bool) -> None:
        with preview.connected() as line:
            if line_is_read:
                for byte in b"GET / HTTP/1.1\r\nHost: " * 100:
                    line.send(bytes([byte]))
                    if done.wait(0.2):
                        return
            else:
                line.sendall(f"GET / HTTP/1.1\r\nHost: {preview.netloc}\r\n\r\n".encode() * 50)
                done.wait()

    with ThreadPoolExecutor(40) as pool:
        slow = [pool.submit(dawdle, each % 2 == 0) for each in range(40)]
        assert [asked(preview, PAGE)[0] for _ in range(20)] == ["200"] * 20
        assert not any(each.done() for each in slow)
        done.set()


def test_the_stream_tells_nothing_of_the_machine(preview: Preview) -> None:
    """What an open page is told is about the site alone while nothing is wrong."""
    with preview.connected() as line, line.makefile("rb") as answer:
        line.sendall(f"GET {EVENTS} HTTP/1.1\r\nHost: {preview.netloc}\r\n\r\n".encode())
        data = next(each for each in answer if each.startswith(b"data: "))
    told = json.loads(data.removeprefix(b"data: "))
    assert told == {
        "version": told["version"],
        "build": "1",
        "isGood": True,
        "hasSite": True,
        "sheets": [],
        "faults": [],
        "more": 0,
    }


@pytest.mark.parametrize("folder", ["content", "templates"])
@pytest.mark.parametrize("name", ["link.md", "assets/link.css", "guides"])
def test_what_a_link_leads_to_is_not_served(folder: str, name: str, tmp_path: Path) -> None:
    """A symbolic link is refused as in a build: it is an error, and the last site stays."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "secret.md").write_text(f"# {WORDS}\n", encoding="utf-8")
    with previewing(tmp_path) as preview:
        place = tmp_path / folder / name
        if place.is_dir():
            place = place / "link"
        place.parent.mkdir(exist_ok=True)
        place.symlink_to(tmp_path / "secret")
        assert "1 error" in preview.line()
        for target in ("/", f"/{name}", f"/{name}/secret.md", "/link/", "/assets/link.css"):
            assert WORDS.encode() not in asked(preview, target)[2]
        assert asked(preview, PAGE)[0] == "200"
