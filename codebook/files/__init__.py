"""The one package that touches the disk: reads the sources, writes the site."""

from codebook.files.disk import TroubleError
from codebook.files.site import apply, guard, read_built
from codebook.files.sources import create, read, record, reread

__all__ = [
    "TroubleError",
    "apply",
    "create",
    "guard",
    "read",
    "read_built",
    "record",
    "reread",
]
