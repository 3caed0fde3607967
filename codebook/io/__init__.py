"""Reads the sources and writes the site. No other package accesses files."""

from codebook.io.disk import AccessError, MissingFolderError, display_path
from codebook.io.site import check_site_folder, read_built, write_site
from codebook.io.sources import (
    create_file,
    create_folder,
    names_in,
    read_folder,
    read_text_file,
    replace_file,
    reread_changed,
)

__all__ = [
    "AccessError",
    "MissingFolderError",
    "check_site_folder",
    "create_file",
    "create_folder",
    "display_path",
    "names_in",
    "read_built",
    "read_folder",
    "read_text_file",
    "replace_file",
    "reread_changed",
    "write_site",
]
