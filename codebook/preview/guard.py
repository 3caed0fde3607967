"""Rejects requests from other sites, and requests with an unexpected `Host`.

Any page on the web can send requests to this machine, and any host name can resolve to it (DNS
rebinding). So the `Host` must be one of the preview's names, and requests from other sites are
rejected unless the user follows a link.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address

from msgspec import Struct

LOOPBACK = "127.0.0.1"
ANY = frozenset({"0.0.0.0", "::"})  # noqa: S104 - only compared, not bound
_LOCAL_HOSTS = frozenset({LOOPBACK, "localhost", "[::1]"})
_LAST_PORT = 65535
_MAX_NAME_LENGTH = 253
_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::([0-9]{1,5}))?")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_OWN_SITES = frozenset({"same-origin", "none"})
"""`Sec-Fetch-Site` in requests from the preview's own pages, or directly from the user."""


class Host(Struct, frozen=True):
    """A host name or an IP address as in a URL, and a port."""

    name: str
    """In lower case; an IPv6 address is in brackets."""
    port: int | None

    def __str__(self) -> str:
        """The value of a `Host` header."""
        return self.name if self.port is None else f"{self.name}:{self.port}"


def parse_host(text: str) -> Host | None:
    """The host of a `Host` header; None if a browser would not send it.

    Browsers rewrite other spellings of IP addresses, and read a name whose last label begins with a
    digit as such a spelling: WHATWG URL Standard, Section 3.5.
    """
    authority = _AUTHORITY.fullmatch(text.lower())
    if not authority:
        return None
    name, port = authority[1], int(authority[2]) if authority[2] else None
    labels = name.split(".")
    is_name = (
        len(name) <= _MAX_NAME_LENGTH
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1][:1].isdecimal()
    )
    if not (is_name or _is_ip_address(name)) or (port or 0) > _LAST_PORT:
        return None
    return Host(name, port)


class ListenAddress(Struct, frozen=True):
    """The address that the server listens on, and how browsers reach it."""

    host: str
    port: int
    allowed: tuple[Host, ...] = ()
    """Other hosts that lead to it; without a port, on any port."""
    ip_addresses: tuple[str, ...] = ()
    """The IP addresses of this machine, if it listens on all of them."""

    @property
    def urls(self) -> tuple[str, ...]:
        """The URLs of the preview, beginning with the one for this machine."""
        hosts = self.ip_addresses or (self.host,)
        return tuple(f"http://{_bracketed(host)}:{self.port}/" for host in hosts)


def refusal(
    address: ListenAddress, headers: Sequence[tuple[str, str]], *, is_linkable: bool
) -> str:
    """Why the request is rejected; empty if it is allowed.

    The names of `headers` are lowercase. `is_linkable` is whether other sites may link to the
    requested URL.
    """
    values = _values(headers, "host")
    host = parse_host(values[0]) if len(values) == 1 else None
    if not host:
        return "forbidden: the Host header is not a name of this preview"
    is_allowed_host = any(
        host.name == allowed.name and allowed.port in {None, host.port}
        for allowed in address.allowed
    )
    if not is_allowed_host and not _is_own_host(address, host):
        return (
            f"forbidden: {host} is not a name of this preview\n"
            f"if you open the preview under this name, restart it with: --allow-host {host}"
        )
    # In front of an allowed host, there may be a proxy for HTTPS.
    origins = {f"http://{values[0]}", *([f"https://{values[0]}"] if is_allowed_host else [])}
    if not origins.issuperset(_values(headers, "origin")):
        return "forbidden: the request comes from another site"
    sites = set(_values(headers, "sec-fetch-site"))
    is_followed_link = (
        is_linkable
        and _values(headers, "sec-fetch-mode") == ["navigate"]
        and _values(headers, "sec-fetch-dest") == ["document"]
    )
    is_allowed = sites <= _OWN_SITES or is_followed_link
    return "" if is_allowed else "forbidden: the request comes from another site"


def _values(headers: Sequence[tuple[str, str]], name: str) -> list[str]:
    return [value for header, value in headers if header == name]


def _is_own_host(address: ListenAddress, host: Host) -> bool:
    """Whether the host is one of the preview's names, on any port.

    DNS rebinding needs a name that another site can resolve. It can't resolve an IP address, nor
    `localhost`, which browsers resolve themselves (RFC 6761, Section 6.3). The port doesn't matter:
    it is the one that the browser connects to, which differs from the one here if a container or
    SSH forwards it. A page on another port of this machine has another origin, which is checked.
    """
    if address.host in ANY and _is_ip_address(host.name):
        return True
    return host.name in {*_LOCAL_HOSTS, _bracketed(address.host.lower())}


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_ip_address(name: str) -> bool:
    bare = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    try:
        return _bracketed(str(ip_address(bare))) == name
    except ValueError:
        return False
