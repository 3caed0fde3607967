"""Compiled templates, stored where Python stores the bytecode of this program.

Loading them runs code, so they can't be in the cache of a book, which anyone can have prepared. Who
can write here can also change the program.
"""

from __future__ import annotations

import sys
from importlib.util import cache_from_source
from pathlib import Path

from codebook.io.stored import load, save

_NAME = "templates.jinja"
"""No module has this name, so no bytecode of Python is replaced."""


def load_compiled() -> bytes:
    """What an earlier run of this program stored; empty if there is nothing."""
    return load(_file())


def save_compiled(data: bytes) -> None:
    """Store compiled templates unless the environment forbids it, as it does for modules."""
    if not sys.dont_write_bytecode:
        save(_file(), data)


def _file() -> Path:
    return Path(cache_from_source(str(Path(__file__).with_name(_NAME))))
