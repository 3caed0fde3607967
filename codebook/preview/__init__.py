"""A preview of the book, served from memory and updated on every save."""

from codebook.preview.application import application
from codebook.preview.guard import LOOPBACK, Host, ListenAddress, parse_host
from codebook.preview.listener import listen, listen_address
from codebook.preview.server import Built, Sources, serve
from codebook.preview.state import LiveState

__all__ = [
    "LOOPBACK",
    "Built",
    "Host",
    "ListenAddress",
    "LiveState",
    "Sources",
    "application",
    "listen",
    "listen_address",
    "parse_host",
    "serve",
]
