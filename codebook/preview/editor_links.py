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
    """Why the pattern is invalid; empty if it is valid."""
    scheme = _SCHEME.match(pattern)
    if not scheme:
        return "it has no URL scheme"
    if scheme[1].lower() in _SCRIPT_SCHEMES:
        return f"{scheme[0].lower()} URLs can run code in the browser"
    if not pattern.isascii() or not pattern.isprintable() or " " in pattern:
        return "it contains a character that URLs do not allow"
    names = _PLACEHOLDER.findall(pattern)
    if unknown := sorted(set(names) - _PLACEHOLDERS):
        return f"unknown placeholder {{{unknown[0]}}}"
    return "" if "path" in names else "the placeholder {path} is missing"


def editor_url(pattern: str, path: Path, line: int, column: int) -> str:
    """The URL for a position. The path is absolute, and is escaped so that it adds no query."""
    values = {"path": quote(path.as_posix()), "line": str(line), "column": str(column)}
    return _PLACEHOLDER.sub(lambda match: values[match[1]], pattern)
