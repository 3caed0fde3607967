"""The error for a command that writes nothing."""

from __future__ import annotations


class RefusalError(Exception):
    """Nothing can be written; the message says why and what to do."""

    def __init__(self, message: str, help_text: str) -> None:
        """The texts follow the style of diagnostics."""
        super().__init__(f"error: {message}\nhelp: {help_text}")
