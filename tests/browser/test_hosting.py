"""The host that browser tests ask answers as a good static host does."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from audit.hosting import serve
from codebook.publish.headers import SECURITY_HEADERS


@pytest.fixture
def host(tmp_path: Path) -> Iterator[http.client.HTTPConnection]:
    """A connection to a host of a few files, with a secret beside them."""
    files = {
        "site/index.html": "home",
        "site/404.html": "lost",
        "site/status/404/index.html": "not found",
        "site/assets/style.0123.css": "a {}",
        "site/favicon.ico": "picture",
        "secret.txt": "secret",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with serve(tmp_path / "site") as origin:
        connection = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=10)
        yield connection
        connection.close()


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/", 200, b"home"),
        ("/?q=1", 200, b"home"),
        ("/status/404/", 200, b"not found"),
        ("/404.html", 200, b"lost"),
        ("/404", 404, b"lost"),
        ("/favicon.ico/", 404, b"lost"),
        ("/assets/", 404, b"lost"),
        ("/../secret.txt", 404, b"lost"),
        ("/%2e%2e/secret.txt", 404, b"lost"),
        ("//../secret.txt", 404, b"lost"),
        ("/%00", 404, b"lost"),
        (f"/{'long' * 100}", 404, b"lost"),
    ],
)
def test_an_address_has_its_answer(
    path: str, status: int, body: bytes, host: http.client.HTTPConnection
) -> None:
    """Folders have an index, nobody gets out of the root, and the rest is the error page."""
    host.request("GET", path)
    answer = host.getresponse()
    assert (answer.status, answer.read()) == (status, body)
    assert {name: answer.getheader(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


@pytest.mark.parametrize(
    ("path", "goal"),
    [
        ("/status/404", "/status/404/"),
        ("/status/404?q=1", "/status/404/?q=1"),
        ("//status/404", "/status/404/"),
    ],
)
def test_a_folder_without_its_slash_leads_to_itself(
    path: str, goal: str, host: http.client.HTTPConnection
) -> None:
    """The goal is always on the same host."""
    host.request("GET", path)
    answer = host.getresponse()
    assert (answer.status, answer.getheader("Location")) == (301, goal)


@pytest.mark.parametrize(
    ("path", "kind", "caching", "is_text"),
    [
        ("/", "text/html; charset=utf-8", "no-cache", True),
        (
            "/assets/style.0123.css",
            "text/css; charset=utf-8",
            "public, max-age=31536000, immutable",
            True,
        ),
        ("/favicon.ico", "image/x-icon", "no-cache", False),
    ],
)
def test_an_answer_says_what_it_is(
    path: str, kind: str, caching: str, is_text: bool, host: http.client.HTTPConnection
) -> None:
    """Text is sent compressed to those who take it; only what is named by content is kept."""
    host.request("GET", path)
    plain = host.getresponse().read()
    host.request("GET", path, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    answer = host.getresponse()
    data = answer.read()
    assert (gzip.decompress(data) if is_text else data) == plain
    assert answer.getheader("Content-Encoding") == ("gzip" if is_text else None)
    assert answer.getheader("Content-Type") == kind
    assert answer.getheader("Cache-Control") == caching
    host.request("HEAD", path)
    head = host.getresponse()
    assert (head.getheader("Content-Length"), head.read()) == (str(len(plain)), b"")
