"""What a good host says beside a file: the fields of every answer, types, how long a file lasts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from codebook.book import urls

PRODUCTION: Mapping[str, str] = {
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
"""What every answer says, whatever it is about."""
FOR_A_YEAR = "public, max-age=31536000, immutable"

TEXT: Mapping[str, str] = {
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
"""Types that are sent in UTF-8, and are worth compressing."""
_BINARY: Mapping[str, str] = {
    ".ico": "image/x-icon",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
_UNKNOWN = "application/octet-stream"


def content_type(suffix: str) -> str:
    """What a file with this ending is, as a host says it."""
    if suffix in TEXT:
        return f"{TEXT[suffix]}; charset=utf-8"
    return _BINARY.get(suffix, _UNKNOWN)


def lasts(path: PurePosixPath) -> bool:
    """Whether the file of the site never changes, because its name would."""
    return path.is_relative_to(urls.ASSETS)
