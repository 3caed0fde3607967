"""What a site is on a home screen: the W3C's Web Application Manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping

from codebook.book.summary import BookSummary

SIZES = (192, 512)
"""Pixels of the icons, square."""


def web_manifest(book: BookSummary, assets: Mapping[str, str]) -> bytes:
    """The manifest. `assets` are URLs by plain name; those of the icons may be missing."""
    icons = [
        {
            "src": assets[name],
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in SIZES
        if (name := f"icon-{size}.png") in assets
    ]
    content = {
        "name": book.title,
        "lang": book.settings.language,
        "start_url": ".",
        "scope": ".",
        "display": "minimal-ui",
        "icons": icons,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
