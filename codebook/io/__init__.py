"""Reads the sources and writes the site. No other package accesses files."""

from codebook.io.disk import AccessError, MissingFolderError, NotAFolderError, display_path, listed
from codebook.io.site import check_site_folder, clean_site, read_built, write_site
from codebook.io.sources import (
    names_in,
    read_files,
    read_folder,
    read_text_file,
    replace_files,
    reread_changed,
    update_file,
)
from codebook.io.stamps import Stamp, folder_identity, stamps

__all__ = [
    "AccessError",
    "MissingFolderError",
    "NotAFolderError",
    "Stamp",
    "check_site_folder",
    "clean_site",
    "display_path",
    "folder_identity",
    "listed",
    "names_in",
    "read_built",
    "read_files",
    "read_folder",
    "read_text_file",
    "replace_files",
    "reread_changed",
    "stamps",
    "update_file",
    "write_site",
]
