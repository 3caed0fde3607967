"""The book as it is being written: served out of memory, and redrawn at every save."""

from codebook.preview.application import application
from codebook.preview.guard import LOOPBACK, Listening
from codebook.preview.server import serve
from codebook.preview.stage import Stage

__all__ = ["LOOPBACK", "Listening", "Stage", "application", "serve"]
