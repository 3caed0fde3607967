"""The public URL of a site: which are valid, and how pages use it."""

from __future__ import annotations

from urllib.parse import urlsplit


def validation_error(url: str) -> str:
    """Why this cannot be the public URL of a site; empty where it can."""
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return "it is not a URL"
    if parts.scheme not in {"https", "http"} or not has_host:
        return "it is not a full https or http URL"
    if parts.query or parts.fragment or "@" in parts.netloc:
        return "it contains more than a host and a path"
    if not url.isascii() or not url.isprintable() or set(url) & set(" \"'<>\\^`{|}"):
        return "it contains an invalid character"
    if {"..", "."} & set(parts.path.split("/")) or "//" in parts.path:
        return "its path contains an empty segment, . or .."
    return ""


def with_slash(url: str) -> str:
    """The URL with one slash at its end; empty stays empty."""
    return url.rstrip("/") + "/" if url else ""


def base_path(url: str) -> str:
    """The path that all URLs of the site begin with, a slash at both ends; `/` where unknown."""
    return urlsplit(with_slash(url)).path or "/"
