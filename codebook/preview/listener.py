"""The socket that the preview listens on, and the addresses that lead to it."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

from codebook.io.disk import AccessError
from codebook.preview.guard import ANY, LOOPBACK, Host, ListenAddress, parse_host

if sys.platform == "linux":
    import fcntl

_PORTS_TO_TRY = 20
_LAST_PORT = 65535
_BACKLOG = 2048
"""Connections that can wait to be accepted. A client whose connection is dropped retries late."""
_OUTSIDE: Mapping[int, str] = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses that no machine has: RFC 5737 and RFC 3849."""
_GET_ADDRESS = 0x8915
"""The request SIOCGIFADDR: netdevice(7) of Linux."""
_NAME_LENGTH = 15
_ADDRESS = slice(20, 24)
"""Where the response to it has the IPv4 address."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the port, or on the next free one; with 0, on any free port.

    Raises `AccessError` if no port is free, or if the host isn't an address of this machine.
    """
    is_ipv6 = ":" in host
    family = socket.AF_INET6 if is_ipv6 else socket.AF_INET
    last = min(port + _PORTS_TO_TRY - 1, _LAST_PORT) if port else 0
    for candidate in range(port, last + 1):
        try:
            listener = socket.create_server(
                (host, candidate),
                family=family,
                backlog=_BACKLOG,
                dualstack_ipv6=is_ipv6 and socket.has_dualstack_ipv6(),
            )
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                reason = (error.strerror or str(error)).lower()
                message = f"cannot listen on {host} port {candidate}: {reason}"
                raise AccessError(message) from None
        else:
            # Connections inherit this: a body is sent before the headers are acknowledged.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return listener
    raise AccessError(f"ports {port} to {last} are in use; choose another one with --port")


def listen_address(
    listener: socket.socket, host: str, allowed: Sequence[Host] = ()
) -> ListenAddress:
    """The address of a socket that listens on this host, and the URLs that lead to it."""
    ip, port = listener.getsockname()[:2]
    if ip not in ANY:
        # Browsers replace other spellings of an IP address, such as 127.1.
        return ListenAddress(host if parse_host(host) else ip, port, tuple(allowed))
    has_ipv4 = listener.family == socket.AF_INET or not listener.getsockopt(
        socket.IPPROTO_IPV6, socket.IPV6_V6ONLY
    )
    versions = {4: has_ipv4, 6: listener.family == socket.AF_INET6}
    others = sorted({found for found in _ip_addresses() if versions[found.version]}, key=_order)
    own = LOOPBACK if has_ipv4 else "::1"
    return ListenAddress(ip, port, tuple(allowed), (own, *map(str, others)))


def _order(address: IPv4Address | IPv6Address) -> tuple[int, int]:
    return (address.version, int(address))


def _ip_addresses() -> Iterator[IPv4Address | IPv6Address]:
    """The IP addresses of this machine, as far as the system says, that work in a URL."""
    for text in _address_texts():
        address = ip_address(text)
        # The URL of a link-local IPv6 address would need the name of the interface.
        if not (address.is_loopback or address.is_link_local or address.is_unspecified):
            yield address


def _address_texts() -> Iterator[str]:
    with suppress(OSError):
        for *_, address in socket.getaddrinfo(socket.gethostname(), None):
            yield str(address[0]).partition("%")[0]
    for family, outside in _OUTSIDE.items():
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            # Sends nothing, but selects the address from which it would be sent.
            probe.connect((outside, 9))
            yield probe.getsockname()[0]
            if sys.platform == "linux" and family == socket.AF_INET:
                yield from _interface_addresses(probe)


if sys.platform == "linux":

    def _interface_addresses(probe: socket.socket) -> Iterator[str]:
        """The IPv4 address of each interface."""
        for _, name in socket.if_nameindex():
            with suppress(OSError):
                request = name.encode()[:_NAME_LENGTH].ljust(256, b"\0")
                response = fcntl.ioctl(probe.fileno(), _GET_ADDRESS, request)
                yield socket.inet_ntoa(response[_ADDRESS])
