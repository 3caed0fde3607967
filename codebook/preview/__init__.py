"""The book while it is being written: served from memory, and redrawn at every save."""

from codebook.preview.application import application
from codebook.preview.guard import LOOPBACK, ListenAddress
from codebook.preview.server import listen, serve
from codebook.preview.state import LiveState

__all__ = ["LOOPBACK", "ListenAddress", "LiveState", "application", "listen", "serve"]
