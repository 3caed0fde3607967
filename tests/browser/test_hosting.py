"""The server of the browser tests responds like a good static host."""

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
    """A connection to a server of a few files, with a secret file next to their folder."""
    files = {
        "site/index.html": "home",
        "site/404.html": "lost",
        "site/status/404/index.html": "not found",
        "site/assets/style.0123.css": "a {}",
        "site/favicon.ico": "image",
        "secret.txt": "secret",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with serve(tmp_path / "site") as origin:
        connection = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=10)
        yield connection
        connection.close()


RESPONSES = {
    "/": (200, b"home"),
    "/?q=1": (200, b"home"),
    "/status/404/": (200, b"not found"),
    "/404.html": (200, b"lost"),
    "/404": (404, b"lost"),
    "/favicon.ico/": (404, b"lost"),
    "/assets/": (404, b"lost"),
    "/../secret.txt": (404, b"lost"),
    "/%2e%2e/secret.txt": (404, b"lost"),
    "//../secret.txt": (404, b"lost"),
    "/%00": (404, b"lost"),
    f"/{'long' * 100}": (404, b"lost"),
}
REDIRECTS = {
    "/status/404": (301, "/status/404/"),
    "/status/404?q=1": (301, "/status/404/?q=1"),
    "//status/404": (301, "/status/404/"),
}


def test_a_path_has_its_response(host: http.client.HTTPConnection) -> None:
    """Folders have index pages, paths can't leave the root, and other paths get the error page."""
    responses = {}
    for path in RESPONSES:
        host.request("GET", path)
        response = host.getresponse()
        responses[path] = (response.status, response.read())
        headers = {name: response.getheader(name) for name in SECURITY_HEADERS}
        assert headers == SECURITY_HEADERS, path
    assert responses == RESPONSES


def test_a_folder_without_its_slash_redirects(host: http.client.HTTPConnection) -> None:
    """The target is always on the same host."""
    redirects = {}
    for path in REDIRECTS:
        host.request("GET", path)
        response = host.getresponse()
        response.read()
        redirects[path] = (response.status, response.getheader("Location"))
    assert redirects == REDIRECTS


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
        ("/favicon.ico", "image/x-icon", "public, max-age=86400", False),
    ],
)
def test_a_response_has_its_headers(
    path: str, kind: str, caching: str, is_text: bool, host: http.client.HTTPConnection
) -> None:
    """Text is compressed if the client accepts it, and only hashed assets are cached forever."""
    host.request("GET", path)
    plain = host.getresponse().read()
    host.request("GET", path, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    response = host.getresponse()
    data = response.read()
    assert (gzip.decompress(data) if is_text else data) == plain
    assert response.getheader("Content-Encoding") == ("gzip" if is_text else None)
    assert response.getheader("Content-Type") == kind
    assert response.getheader("Cache-Control") == caching
    host.request("HEAD", path)
    head = host.getresponse()
    assert (head.getheader("Content-Length"), head.read()) == (str(len(plain)), b"")


def test_an_unchanged_file_is_not_sent_again(host: http.client.HTTPConnection) -> None:
    """Only a client that names the current version gets a response without a body."""
    host.request("GET", "/status/404/")
    first = host.getresponse()
    assert first.read() == b"not found"
    tag = first.getheader("ETag")
    assert tag
    responses = []
    for path, known in (("/status/404/", tag), ("/status/404/", '"other"'), ("/", tag)):
        host.request("GET", path, headers={"If-None-Match": known})
        response = host.getresponse()
        responses.append((response.status, response.read()))
    assert responses == [(304, b""), (200, b"not found"), (200, b"home")]
