"""Reads the content folder for a command; without one, the error says how to start a book."""

from __future__ import annotations

import shlex
from pathlib import Path

from codebook.authoring.refusal import RefusalError
from codebook.cli.paths import COMMAND, FOLDERS
from codebook.diagnostics.source import Folder
from codebook.io.disk import MissingFolderError, display_path
from codebook.io.sources import read_folder, require_folder


def read_content(folder: Path) -> Folder:
    """The files of a book.

    Raises `RefusalError` if the folder doesn't exist, and `AccessError` if it can't be read.
    """
    require_content(folder)
    return read_folder(folder, display_path(folder))


def require_content(folder: Path) -> None:
    """Raise `RefusalError` if the folder of a book doesn't exist."""
    try:
        require_folder(folder, display_path(folder))
    except MissingFolderError as error:
        help_text = f"to start a new book there, run: {COMMAND} init{content_option(folder)}"
        raise RefusalError(str(error), help_text) from None


def content_option(folder: Path) -> str:
    """The option that selects this folder, with a space before it; empty for the default."""
    is_default = folder == FOLDERS["content"]
    return "" if is_default else f" --content {shlex.quote(display_path(folder))}"
