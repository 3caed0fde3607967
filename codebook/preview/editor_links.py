"""URLs that open an editor at a position in a file."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

DEFAULT = "vscode://file/{path}:{line}:{column}"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PLACEHOLDERS = frozenset({"path", "line", "column"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SCRIPT_SCHEMES = frozenset({"javascript", "data", "vbscript", "blob"})
"""Schemes whose URLs a browser runs instead of passing them to another program."""


def validation_error(pattern: str) -> str:
    """Why this cannot be the pattern of such URLs; empty if it can."""
    scheme = _SCHEME.match(pattern)
    if not scheme:
        return "it does not begin with a scheme"
    if scheme[1].lower() in _SCRIPT_SCHEMES:
        return f"a browser would run what follows {scheme[0].lower()}"
    if not pattern.isascii() or not pattern.isprintable() or " " in pattern:
        return "it holds a character that no address holds"
    names = _PLACEHOLDER.findall(pattern)
    if unknown := sorted(set(names) - _PLACEHOLDERS):
        return f"it has no use for {{{unknown[0]}}}"
    return "" if "path" in names else "it does not say where {path} goes"


def editor_url(pattern: str, path: Path, line: int, column: int) -> str:
    """The URL for a position. The path is absolute, and quoted so that it adds no other part."""
    values = {"path": quote(path.as_posix()), "line": str(line), "column": str(column)}
    return _PLACEHOLDER.sub(lambda match: values[match[1]], pattern)
