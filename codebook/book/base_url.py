"""The public URL of a site: validation and use."""

from __future__ import annotations

from urllib.parse import urlsplit


def validation_error(url: str) -> str:
    """Return why this can't be the public URL of a site; empty if it can."""
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
    """Return the URL with exactly one trailing slash; empty stays empty."""
    return url.rstrip("/") + "/" if url else ""


def base_path(url: str) -> str:
    """Return the path prefix of the site, with a slash at both ends; `/` if unknown."""
    return urlsplit(with_slash(url)).path or "/"
