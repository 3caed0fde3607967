"""The templates of the repository without fonts.

Without fonts no cards are drawn, which take most of the time of a build.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from codebook.diagnostics.source import Folder
from codebook.io.sources import read_folder

ROOT = Path(__file__).resolve().parents[1]


@cache
def templates_without_fonts() -> Folder:
    """The templates as a build in memory gets them."""
    templates = read_folder(ROOT / "templates", "templates")
    files = {path: data for path, data in templates.files.items() if path.suffix != ".ttf"}
    return Folder(templates.display_path, files)


def copy_templates_without_fonts(folder: Path) -> Path:
    """Copy the templates to a new folder, and return the folder."""
    return shutil.copytree(ROOT / "templates", folder, ignore=shutil.ignore_patterns("*.ttf"))
