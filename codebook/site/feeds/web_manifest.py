"""The web app manifest, which describes the site for home screens (W3C)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from codebook.book.summary import BookSummary

SIZES = (192, 512)
"""The width and height of each icon, in pixels."""


def web_manifest(book: BookSummary, assets: Mapping[str, str]) -> bytes:
    """The manifest. `assets` maps names to URLs; icons may be missing."""
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
    if url := assets.get("icon.svg"):
        # Chromium downloads one of the icons with a page, and prefers this one, which pages show.
        icons.append({"src": url, "sizes": "any", "type": "image/svg+xml"})
    content = {
        "name": book.title,
        "lang": book.settings.language,
        "start_url": ".",
        "scope": ".",
        "display": "minimal-ui",
        "icons": icons,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
