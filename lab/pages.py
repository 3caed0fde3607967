"""The pages that the lab's server serves to browsers."""

from __future__ import annotations

from collections.abc import Mapping

from lab.clients import ADAPTERS
from lab.scenario import response

_DRIVER = (ADAPTERS / "browser" / "page.html").read_text(encoding="utf-8")
PAGES: Mapping[str, bytes] = {
    "/-/page.html": response("200 OK", "Content-Type: text/html; charset=utf-8", body=_DRIVER),
}
"""Responses by their paths."""
