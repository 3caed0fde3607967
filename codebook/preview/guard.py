"""Who may read the preview: whoever asks this server by its own name, from its own pages.

Any page on the web can send requests to this machine, and any name can be made to lead to it. So
the Host must be one of ours, and what another site asks for is refused, but for a person who
follows a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

LOOPBACK = "127.0.0.1"
_LOCAL = (LOOPBACK, "localhost", "[::1]")
_ANY = frozenset({"0.0.0.0", "::"})  # noqa: S104 - only compared with
_PLAIN_PORT = 80
_OWN = frozenset({"same-origin", "none"})
"""What a browser says of a request that comes from our page, or from the person alone."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Where a person on this machine finds it."""
        name = LOOPBACK if self.host in _ANY else _bracketed(self.host)
        return f"http://{name}:{self.port}/"


def refusal(listening: Listening, fields: Sequence[tuple[str, str]], *, leads_to_page: bool) -> str:
    """Why this request is not answered, or nothing where it is.

    `fields` are those of its head, names in small letters; `leads_to_page` is whether somebody who
    follows a link may get here.
    """
    hosts = _values(fields, "host")
    if len(hosts) != 1 or not _is_own(listening, hosts[0]):
        return "this preview answers to its own name alone"
    if any(origin != f"http://{hosts[0]}" for origin in _values(fields, "origin")):
        return "this preview answers to its own pages alone"
    sites = set(_values(fields, "sec-fetch-site"))
    follows = (
        leads_to_page
        and _values(fields, "sec-fetch-mode") == ["navigate"]
        and _values(fields, "sec-fetch-dest") == ["document"]
    )
    return "" if sites <= _OWN or follows else "this preview answers to its own pages alone"


def _values(fields: Sequence[tuple[str, str]], name: str) -> list[str]:
    return [value for each, value in fields if each == name]


def _is_own(listening: Listening, host: str) -> bool:
    """Whether a Host names this server: by a name of its own, or by an address it was told."""
    name = host.lower()
    if listening.port != _PLAIN_PORT:
        name, mark, port = name.rpartition(":")
        if not mark or port != str(listening.port):
            return False
    if listening.host in _ANY:
        # An address cannot be made to lead elsewhere, as a name can.
        return name in _LOCAL or _is_address(name)
    return name in {*_LOCAL, _bracketed(listening.host.lower())}


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_address(name: str) -> bool:
    bare = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    try:
        return _bracketed(str(ip_address(bare))) == name
    except ValueError:
        return False
