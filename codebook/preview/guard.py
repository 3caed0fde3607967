"""Who may read the preview: clients that request it under its own name, from its own pages.

Any page on the web can send requests to this machine, and any host name can be made to resolve to
it. So the Host must be one of ours, and requests from other sites are refused, except when a person
follows a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

LOOPBACK = "127.0.0.1"
_LOCAL_HOSTS = (LOOPBACK, "localhost", "[::1]")
_ANY = frozenset({"0.0.0.0", "::"})  # noqa: S104 - only compared with
_DEFAULT_PORT = 80
_OWN_SITES = frozenset({"same-origin", "none"})
"""What Sec-Fetch-Site says of a request from our page, or from a person without any page."""


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """Where the server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The URL of the preview on this machine."""
        host = LOOPBACK if self.host in _ANY else _bracketed(self.host)
        return f"http://{host}:{self.port}/"


def refusal(
    address: ListenAddress, headers: Sequence[tuple[str, str]], *, is_linkable: bool
) -> str:
    """Why this request is refused; empty if it is not.

    The names of `headers` are in lower case; `is_linkable` is whether another site may link to the
    requested URL.
    """
    hosts = _values(headers, "host")
    if len(hosts) != 1 or not _is_own_host(address, hosts[0]):
        return "this preview answers to its own name alone"
    if any(origin != f"http://{hosts[0]}" for origin in _values(headers, "origin")):
        return "this preview answers to its own pages alone"
    sites = set(_values(headers, "sec-fetch-site"))
    is_followed_link = (
        is_linkable
        and _values(headers, "sec-fetch-mode") == ["navigate"]
        and _values(headers, "sec-fetch-dest") == ["document"]
    )
    is_allowed = sites <= _OWN_SITES or is_followed_link
    return "" if is_allowed else "this preview answers to its own pages alone"


def _values(headers: Sequence[tuple[str, str]], name: str) -> list[str]:
    return [value for header, value in headers if header == name]


def _is_own_host(address: ListenAddress, host: str) -> bool:
    """Whether a Host names this server: by a name of its own, or by an allowed IP address."""
    name = host.lower()
    if address.port != _DEFAULT_PORT:
        name, colon, port = name.rpartition(":")
        if not colon or port != str(address.port):
            return False
    if address.host in _ANY:
        # An IP address cannot be made to resolve to another machine, as a name can.
        return name in _LOCAL_HOSTS or _is_ip_address(name)
    return name in {*_LOCAL_HOSTS, _bracketed(address.host.lower())}


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_ip_address(name: str) -> bool:
    bare = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    try:
        return _bracketed(str(ip_address(bare))) == name
    except ValueError:
        return False
