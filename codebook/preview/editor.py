"""The address that opens an editor at a place of a file."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

DEFAULT = "vscode://file/{path}:{line}:{column}"
_HOLE = re.compile(r"\{([^{}]*)\}")
_HOLES = frozenset({"path", "line", "column"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_RUN = frozenset({"javascript", "data", "vbscript", "blob"})
"""Schemes whose addresses a browser runs instead of handing them on."""


def validation_error(pattern: str) -> str:
    """Why this cannot be the pattern of such addresses, or nothing where it can."""
    scheme = _SCHEME.match(pattern)
    if not scheme:
        return "it does not begin with a scheme"
    if scheme[1].lower() in _RUN:
        return f"a browser would run what follows {scheme[0].lower()}"
    if not pattern.isascii() or not pattern.isprintable() or " " in pattern:
        return "it holds a character that no address holds"
    holes = _HOLE.findall(pattern)
    if unknown := sorted(set(holes) - _HOLES):
        return f"it has no use for {{{unknown[0]}}}"
    return "" if "path" in holes else "it does not say where {path} goes"


def link(pattern: str, path: Path, line: int, column: int) -> str:
    """The address for a place; the path is absolute, and can add nothing but itself."""
    values = {"path": quote(path.as_posix()), "line": str(line), "column": str(column)}
    return _HOLE.sub(lambda hole: values[hole[1]], pattern)
