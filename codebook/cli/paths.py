"""Where everything is that no argument names.

In a clone, all of it lies beside `build.py`. Installed, the program has brought its templates, and
the book lies where the person is.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_IS_INSTALLED = find_spec("codebook.templates") is not None

PROGRAM = "codebook" if _IS_INSTALLED else "build.py"
"""What a person types."""
ROOT = Path.cwd() if _IS_INSTALLED else _PACKAGE.parent
"""The folder that holds the book's."""
FOLDERS: Mapping[str, Path] = {
    "content": ROOT / "content",
    "templates": (_PACKAGE if _IS_INSTALLED else ROOT) / "templates",
    "site": ROOT / "site",
}
