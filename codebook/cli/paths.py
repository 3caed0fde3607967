"""The default folders, their arguments, and the name of the program.

In a clone, the folders are next to `build.py`. An installed program contains the templates, and
the book is in the current folder.
"""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from codebook.io.disk import display_path

_PACKAGE = Path(__file__).resolve().parent.parent
_IS_INSTALLED = find_spec("codebook.templates") is not None

PROGRAM = "codebook" if _IS_INSTALLED else "build.py"
"""The name of the program in its help."""
COMMAND = PROGRAM if _IS_INSTALLED else f"python {PROGRAM}"
"""What users type to run the program."""
ROOT = Path.cwd() if _IS_INSTALLED else _PACKAGE.parent
"""The folder that contains `content` and `site`."""
FOLDERS: Mapping[str, Path] = {
    "content": ROOT / "content",
    "templates": (_PACKAGE if _IS_INSTALLED else ROOT) / "templates",
    "site": ROOT / "site",
}


def declare_folder(parser: ArgumentParser, name: str) -> None:
    """Add the argument for one of the folders, without a default."""
    parser.add_argument(
        f"--{name}",
        type=Path,
        metavar="DIR",
        default=SUPPRESS,
        help=f"the {name} folder (default: {display_path(FOLDERS[name])}/)",
    )


def declare_cache(parser: ArgumentParser) -> None:
    """Add the argument for the cache folder, without a default."""
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="DIR",
        default=SUPPRESS,
        help="the folder for what later runs can reuse, and for the list of the files in the site "
        "(default: .cache/codebook/ next to the content folder)",
    )
