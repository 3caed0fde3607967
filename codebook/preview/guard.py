"""Rejects requests from other sites, and requests with an unexpected `Host`.

Any page on the web can send requests to this machine, and any host name can resolve to it (DNS
rebinding). So the `Host` must be one of the preview's names, and requests from other sites are
rejected unless the user follows a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

LOOPBACK = "127.0.0.1"
_LOCAL_HOSTS = (LOOPBACK, "localhost", "[::1]")
_ANY = frozenset({"0.0.0.0", "::"})  # noqa: S104 - only compared, not bound
_DEFAULT_PORT = 80
_OWN_SITES = frozenset({"same-origin", "none"})
"""`Sec-Fetch-Site` in requests from the preview's own pages, or directly from the user."""


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """The address that the server listens on."""

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
    """Why the request is rejected; empty if it is allowed.

    The names of `headers` are lowercase. `is_linkable` is whether other sites may link to the
    requested URL.
    """
    hosts = _values(headers, "host")
    if len(hosts) != 1 or not _is_own_host(address, hosts[0]):
        return "forbidden: the Host header is not a name of this preview"
    if any(origin != f"http://{hosts[0]}" for origin in _values(headers, "origin")):
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


def _is_own_host(address: ListenAddress, host: str) -> bool:
    """Whether a `Host` value is one of the preview's names, or an allowed IP address."""
    name = host.lower()
    if address.port != _DEFAULT_PORT:
        name, colon, port = name.rpartition(":")
        if not colon or port != str(address.port):
            return False
    if address.host in _ANY:
        # DNS rebinding needs a host name, so any IP address is safe.
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
