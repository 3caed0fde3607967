"""A preview of the book, served from memory and updated on every save."""

from codebook.preview.application import application
from codebook.preview.guard import LOOPBACK, ListenAddress
from codebook.preview.server import Built, Sources, listen, serve
from codebook.preview.state import LiveState

__all__ = [
    "LOOPBACK",
    "Built",
    "ListenAddress",
    "LiveState",
    "Sources",
    "application",
    "listen",
    "serve",
]
