"""Text cut to the room that there is for it."""

from __future__ import annotations

_LONGEST = 160
"""Characters of a description: search engines show no more."""


def shorten(text: str) -> str:
    """The text up to the last whole word that has room, with an ellipsis where there is more."""
    if len(text) <= _LONGEST:
        return text
    return text[: _LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,;:–(") + "…"
