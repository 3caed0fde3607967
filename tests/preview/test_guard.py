"""Which hosts and origins the preview accepts, and what the refusal says."""

from __future__ import annotations

import socket

import pytest

from codebook.preview import Host, ListenAddress, listen, listen_address, listener, parse_host
from codebook.preview.guard import refusal

CODESPACE = "fuzzy-guide-8000.app.github.dev"
ALL_INTERFACES = "0.0.0.0"  # noqa: S104 - what a user may choose

HOSTS = {
    "book.example": Host("book.example", None),
    "Book.Example:8000": Host("book.example", 8000),
    "my_app": Host("my_app", None),
    "xn--bcher-kva.example": Host("xn--bcher-kva.example", None),
    "192.0.2.7:80": Host("192.0.2.7", 80),
    "[2001:db8::7]:80": Host("[2001:db8::7]", 80),
    "a" * 63 + ".example": Host("a" * 63 + ".example", None),
}


def test_a_host_is_a_name_or_an_ip_address_and_a_port() -> None:
    """Names are compared in lower case."""
    assert {text: parse_host(text) for text in HOSTS} == HOSTS


@pytest.mark.parametrize(
    "text",
    [
        *("", ":80", "book.example:", "book.example:x", "book.example:65536", "book.example:1:2"),
        *("https://book.example", "book.example/", "a@book.example", "book example", "*"),
        *("*.example", "bücher.example", "book.example.", ".example", "book..example"),
        *("-book.example", "book-.example", "a" * 64 + ".example", ("a" * 60 + ".") * 5 + "a"),
        *("127.1", "0x7f.1", "0x7f000001", "2130706433", "192.0.2.07", "192.0.2.256"),
        *("::1", "[::1", "[::0:1]", "[fe80::1%eth0]", "[book]", "<b>", "book.example\r\n"),
    ],
)
def test_anything_else_is_no_host(text: str) -> None:
    """A browser would send another spelling, so allowing this one would have no effect."""
    assert parse_host(text) is None


def refused(host: str, *headers: tuple[str, str], allow: str = "", listen_on: str = "") -> str:
    """Why a request for this host is refused; empty if it isn't."""
    allowed = parse_host(allow)
    address = ListenAddress(listen_on or "127.0.0.1", 8000, (allowed,) if allowed else ())
    return refusal(address, (("host", host), *headers), is_linkable=False)


@pytest.mark.parametrize("host", [CODESPACE, f"{CODESPACE}:8000", "book.example", "192.0.2.7:9000"])
def test_the_refusal_names_the_option_that_allows_the_host(host: str) -> None:
    """With it, the same request is allowed."""
    option, _, value = refused(host).rpartition("--")[2].partition(" ")
    assert (option, value) == ("allow-host", host)
    assert refused(host, allow=value) == ""


@pytest.mark.parametrize("host", ["<script>", "a b", "x;rm", "$(x)", "`x`", "é.example", ""])
def test_the_refusal_never_repeats_what_is_no_host(host: str) -> None:
    """It could be pasted into a shell."""
    assert refused(host) == "forbidden: the Host header is not a name of this preview"


def test_an_allowed_host_without_a_port_is_allowed_on_any() -> None:
    """With a port, only on this one. Other names stay forbidden, however similar."""
    for host in (CODESPACE, f"{CODESPACE}:443", CODESPACE.upper()):
        assert refused(host, allow=CODESPACE) == ""
    assert refused("book.example:9000", allow="book.example:9000") == ""
    for host in ("book.example", "book.example:8000", "a.book.example:9000", "evil.example:9000"):
        assert refused(host, allow="book.example:9000"), host


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_allowed_host_is_an_origin_with_and_without_https(scheme: str) -> None:
    """A proxy in front of it ends TLS. No other site becomes an origin."""
    own = ("origin", f"{scheme}://{CODESPACE}")
    assert refused(CODESPACE, own, allow=CODESPACE) == ""
    assert refused(CODESPACE, own, ("sec-fetch-site", "same-origin"), allow=CODESPACE) == ""
    for foreign in ("evil.example", f"{CODESPACE}:1", f"a.{CODESPACE}", "localhost:8000"):
        assert refused(CODESPACE, ("origin", f"{scheme}://{foreign}"), allow=CODESPACE), foreign
    assert refused("localhost:8000", own, allow=CODESPACE)
    assert refused(CODESPACE, own, ("sec-fetch-site", "same-site"), allow=CODESPACE)


def test_a_forwarded_port_needs_no_option() -> None:
    """`docker run -p 9000:8000` forwards to all interfaces, and `ssh -L 9000:localhost:8000`."""
    for host in ("localhost:9000", "127.0.0.1:9000", "[::1]:9000", "192.0.2.7:9000"):
        assert refused(host, listen_on=ALL_INTERFACES) == "", host
    assert refused("localhost:9000") == ""
    assert refused("192.0.2.7:8000") != ""
    assert refused("book.example:8000", listen_on=ALL_INTERFACES) != ""


def urls(host: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs of a preview that listens on this host, with PORT as port."""
    found = ["198.51.100.2", "127.0.1.1", "169.254.0.9", "2001:db8::7", "fe80::1%eth0", "::1"]
    entries = [(0, 0, 0, "", (address, 0)) for address in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: entries)
    monkeypatch.setattr(listener, "_OUTSIDE", {})
    with listen(host, 0) as bound:
        address = listen_address(bound, host)
        return [url.replace(str(address.port), "PORT") for url in address.urls]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", ["http://127.0.0.1:PORT/"]),
        ("127.1", ["http://127.0.0.1:PORT/"]),
        ("localhost", ["http://localhost:PORT/"]),
        (ALL_INTERFACES, ["http://127.0.0.1:PORT/", "http://198.51.100.2:PORT/"]),
        ("0", ["http://127.0.0.1:PORT/", "http://198.51.100.2:PORT/"]),
        ("", ["http://127.0.0.1:PORT/", "http://198.51.100.2:PORT/"]),
        (
            "::",
            [
                "http://127.0.0.1:PORT/",
                "http://198.51.100.2:PORT/",
                "http://[2001:db8::7]:PORT/",
            ],
        ),
    ],
)
def test_the_urls_are_those_that_a_browser_can_open(
    host: str, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Addresses that only this machine or one network cable has are no use elsewhere."""
    assert urls(host, monkeypatch) == expected


def test_a_preview_on_all_interfaces_responds_at_each_of_its_addresses() -> None:
    """As far as this machine can tell its addresses."""
    with listen("::", 0) as bound:
        for url in listen_address(bound, "::").urls:
            host, _, port = url.removeprefix("http://").rstrip("/").rpartition(":")
            socket.create_connection((host.strip("[]"), int(port)), timeout=5).close()
