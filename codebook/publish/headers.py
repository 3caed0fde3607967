"""The headers that a host sends with a file: security headers, content types, and caching."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from codebook.book import urls

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; "
        "script-src 'self'; "
        "style-src 'self'; "
        "img-src 'self'; "
        "font-src 'self'; "
        "connect-src 'self'; "
        "manifest-src 'self'; "
        "base-uri 'none'; "
        "form-action 'self'; "
        "frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; "
        "trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""Sent with every response."""
IMMUTABLE = "public, max-age=31536000, immutable"
"""The `Cache-Control` value for files that never change."""
_FOR_A_DAY = "public, max-age=86400"
_REVALIDATED = "no-cache"
"""Stored, but requested again each time. If the file is unchanged, hosts respond with 304."""
_SHARED = frozenset({urls.ICON, urls.MANIFEST})
"""Files that some browsers request with each page, although their names have no hash."""

TEXT_TYPES: Mapping[str, str] = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml",
}
"""By file suffix. These types are sent as UTF-8 and are worth compressing."""
_BINARY_TYPES: Mapping[str, str] = {
    ".ico": "image/x-icon",
    ".png": "image/png",
    ".woff2": "font/woff2",
}


def content_type(suffix: str) -> str:
    """The `Content-Type` value for files with this suffix."""
    if suffix in TEXT_TYPES:
        return f"{TEXT_TYPES[suffix]}; charset=utf-8"
    return _BINARY_TYPES.get(suffix, "application/octet-stream")


def is_immutable(path: PurePosixPath) -> bool:
    """Whether a file of the site never changes, because its name has a hash of its content."""
    return path.is_relative_to(urls.ASSETS)


def cache_control(path: PurePosixPath) -> str:
    """The `Cache-Control` value for a file of the site."""
    if is_immutable(path):
        return IMMUTABLE
    return _FOR_A_DAY if path.as_posix() in _SHARED else _REVALIDATED
