"""Which links a book may hold, and where its own links lead."""

from __future__ import annotations

import posixpath
import re
from difflib import get_close_matches
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote, urlsplit

from codebook.diagnostics.source import Span
from codebook.syntax.rich_text import LinkTarget

SCHEMES = frozenset({"https", "http", "mailto"})
"""What a link to elsewhere may begin with."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def is_internal(href: str) -> bool:
    """Whether the link leads to a document of the book: it has no scheme and no host."""
    return not (_SCHEME.match(href) or href.startswith(("//", "/\\", "\\")))


def refusal(href: str) -> str:
    """Why a link to elsewhere is not allowed, or nothing where it is.

    An allow list: whatever is not plainly a web or mail address is refused, the addresses that
    only look like one among them (`//host`, `https://good@evil`, an address with a backslash).
    """
    if "\\" in unquote(href) or not href.isprintable() or " " in href:
        return "the address holds a character that no address holds"
    if not _SCHEME.match(href):
        return "the address has no scheme"
    try:
        parts = urlsplit(href)
        has_host = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return "this is not an address"
    return (
        _mail_refusal(parts) if parts.scheme == "mailto" else _web_refusal(parts, has_host=has_host)
    )


def help_for(href: str) -> str:
    """What to do about a link to elsewhere that is not allowed."""
    scheme, _, rest = href.partition(":")
    near = get_close_matches(scheme.lower(), sorted(SCHEMES), n=1, cutoff=0.7)
    if href.startswith("//"):
        return f"did you mean https:{href}?"
    if near and scheme not in SCHEMES:
        return f'did you mean "{near[0]}:"?'
    if scheme in SCHEMES and not rest.startswith("//") and re.match(r"/?[\w-]+\.\w", rest):
        return f"did you mean {scheme}://{rest.lstrip('/')}?"
    if len(scheme) == 1:
        return "link to a file of the book, by its path from this one"
    return "link to a file of the book, or to a whole https, http or mailto address"


def link_target(href: str, document: PurePosixPath, span: Span) -> LinkTarget:
    """Where an internal link of `document` leads; the path may turn out to be nobody's."""
    path, _, anchor = href.partition("#")
    if href.startswith("#"):
        return LinkTarget(document, unquote(anchor), document, span)
    joined = posixpath.normpath(posixpath.join(document.parent.as_posix(), unquote(path)))
    return LinkTarget(PurePosixPath(joined), unquote(anchor), document, span)


def _mail_refusal(parts: SplitResult) -> str:
    return "" if "@" in parts.path else "a mail address holds an @"


def _web_refusal(parts: SplitResult, *, has_host: bool) -> str:
    if parts.scheme not in SCHEMES:
        return f'"{parts.scheme}:" is not among https, http and mailto'
    if "@" in parts.netloc:
        return "the address names a user"
    return "" if has_host else "the address names no host"
