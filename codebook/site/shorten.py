"""Words cut to the room that there is for them."""

from __future__ import annotations


def shortened(words: str, most: int) -> str:
    """The words up to the last whole one that has room, with a sign that there are more."""
    if len(words) <= most:
        return words
    return words[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:–(") + "…"
