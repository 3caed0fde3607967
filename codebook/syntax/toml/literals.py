"""Write keys and strings as TOML."""

from __future__ import annotations

import json
import re

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
"""A key that needs no quotes."""


def toml_string(text: str) -> str:
    """Return a string in quotes."""
    return json.dumps(text, ensure_ascii=False)


def toml_key(name: str) -> str:
    """Return a key, in quotes if it needs them."""
    return name if _BARE_KEY.fullmatch(name) else toml_string(name)
