"""The links that a book may contain, and the targets of its internal links."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote, urlsplit

from codebook.diagnostics.diagnostic import similar_word
from codebook.diagnostics.source import Span
from codebook.syntax.rich_text import LinkTarget

SCHEMES = frozenset({"https", "http", "mailto"})
"""The allowed schemes of external links."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PLAIN = re.compile(
    r"(?:https?://(?:[a-z0-9-]{1,60}\.){1,3}[a-z0-9-]{1,60}(?![^/#?]))?(?!//)[\w./#?=&~,+-]*",
    re.ASCII,
)


def is_plain(href: str) -> bool:
    """Whether a URL is relative or has a plain host, and needs no percent-encoding.

    Most URLs are plain, and it takes less time to find out than to parse them.
    """
    return _PLAIN.fullmatch(href) is not None


def is_internal(href: str) -> bool:
    """Whether a link points to a document of the book: it has no scheme and no host."""
    return not (_SCHEME.match(href) or href.startswith(("//", "/\\", "\\")))


def refusal(href: str) -> str:
    """Return why an external link isn't allowed; empty if it's allowed.

    Only plain https, http, and mailto URLs are allowed. This rejects URLs that only look like one:
    `//host`, `https://good@evil`, and URLs with a backslash.
    """
    if is_plain(href) and not is_internal(href):
        return ""
    if "\\" in unquote(href) or not href.isprintable() or " " in href:
        return "the URL contains an invalid character"
    if not _SCHEME.match(href):
        return "the URL has no scheme"
    try:
        parts = urlsplit(href)
        has_host = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return "the URL is malformed"
    return (
        _mail_refusal(parts) if parts.scheme == "mailto" else _web_refusal(parts, has_host=has_host)
    )


def help_for(href: str) -> str:
    """Return the help text for an external link that isn't allowed."""
    scheme, _, rest = href.partition(":")
    near = similar_word(scheme, SCHEMES)
    if href.startswith("//"):
        return f"did you mean https:{href}?"
    if near and scheme not in SCHEMES:
        return f'did you mean "{near}:"?'
    if scheme in SCHEMES and not rest.startswith("//") and re.match(r"/?[\w-]+\.\w", rest):
        return f"did you mean {scheme}://{rest.lstrip('/')}?"
    if len(scheme) == 1:
        return "link to a file of the book, with a relative path"
    return "link to a file of the book, or use a full https, http, or mailto URL"


def link_target(href: str, document: PurePosixPath, span: Span) -> LinkTarget:
    """Return the target of an internal link of `document`, which may not exist."""
    path, _, anchor = href.partition("#")
    if href.startswith("#"):
        return LinkTarget(document, unquote(anchor), document, span)
    target = _joined(posixpath.dirname(str(document)), unquote(path))
    return LinkTarget(target, unquote(anchor), document, span)


@lru_cache(maxsize=4096)
def _joined(folder: str, path: str) -> PurePosixPath:
    return PurePosixPath(posixpath.normpath(posixpath.join(folder, path)))


def _mail_refusal(parts: SplitResult) -> str:
    return "" if "@" in parts.path else "the email address has no @"


def _web_refusal(parts: SplitResult, *, has_host: bool) -> str:
    if parts.scheme not in SCHEMES:
        return f'"{parts.scheme}:" is not https, http, or mailto'
    if "@" in parts.netloc:
        return "the URL contains a username"
    return "" if has_host else "the URL has no host"
