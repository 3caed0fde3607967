"""How the records and their schemas are written: as JSON that a person can read too."""

from __future__ import annotations

import msgspec


def written(value: object) -> bytes:
    """The value as JSON in UTF-8, a line for each key, in the order in which it holds them."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
