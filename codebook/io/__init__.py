"""The one package that touches the disk: reads the sources, writes the site."""

from codebook.io.disk import TroubleError, shown
from codebook.io.site import apply, guard, read_built
from codebook.io.sources import create, read, record, reread

__all__ = [
    "TroubleError",
    "apply",
    "create",
    "guard",
    "read",
    "read_built",
    "record",
    "reread",
    "shown",
]
