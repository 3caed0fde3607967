"""A request into an answer: looked up in the site in memory, so that no path reaches the disk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePosixPath
from urllib.parse import quote, unquote_to_bytes

from codebook.book import urls
from codebook.preview.guard import Listening, refusal
from codebook.preview.showing import PreviewState
from codebook.publish.headers import FOR_A_YEAR, PRODUCTION, content_type, lasts

_OWN = "-codebook/"
"""Where what belongs to the preview is: no part of an address begins with a hyphen."""
EVENTS = f"{_OWN}events"
_SCRIPT = f"{_OWN}preview.js"
_INDEX = "index.html"
_READS = frozenset({"GET", "HEAD"})
_HEAD = re.compile(rb"<head(?:\s[^>]*)?>", re.IGNORECASE)
_ALWAYS: Mapping[str, str] = {**PRODUCTION, "Cross-Origin-Resource-Policy": "same-origin"}
_WAITING = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Not built yet</title>
</head>
<body>
</body>
</html>
"""
"""What is sent for every page before there was a good build: the overlay lies above it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for, as it came over the line."""

    method: str
    path: bytes
    """Not decoded."""
    query: bytes
    fields: tuple[tuple[str, str], ...]
    """Of the head, the names in small letters."""


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent back. The stream of events has no body of its own."""

    status: HTTPStatus
    fields: Mapping[str, str]
    body: bytes = b""
    is_stream: bool = False


def respond(
    request: Request,
    showing: PreviewState,
    listening: Listening,
    client: Mapping[PurePosixPath, bytes],
) -> Response:
    """What the request gets. `client` is what the preview brings along, by its plain name."""
    name = _name(request.path)
    is_own = name is not None and name.startswith(_OWN)
    why = refusal(listening, request.fields, leads_to_page=not is_own)
    if why:
        return _plain(HTTPStatus.FORBIDDEN, why)
    if request.method not in _READS:
        return _plain(
            HTTPStatus.METHOD_NOT_ALLOWED, "a preview is read, no more", Allow="GET, HEAD"
        )
    if name == EVENTS:
        fields = {**_ALWAYS, "Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        return Response(HTTPStatus.OK, fields, is_stream=request.method == "GET")
    if name is not None and is_own:
        path = PurePosixPath(name.removeprefix(_OWN))
        return _file(path, client[path]) if path in client else _lost(showing)
    if showing.files is None:
        page = _with_script(_WAITING, showing.version)
        return _sent(HTTPStatus.SERVICE_UNAVAILABLE, ".html", page)
    return (
        _lost(showing) if name is None else _of_site(_below(name, showing), request.query, showing)
    )


def _below(name: str, showing: PreviewState) -> str:
    """The address as it is in the site, of one that begins with the path of the site to come.

    Pages lead to each other wherever they are, but the error page to where they will be.
    """
    whole = f"/{name}"
    return whole.removeprefix(showing.base) if whole.startswith(showing.base) else name


def _name(path: bytes) -> str | None:
    """The address that is asked for, relative to the root; nothing where it can be none."""
    try:
        decoded = unquote_to_bytes(path).decode()
    except UnicodeDecodeError:
        return None
    return decoded[1:] if decoded.startswith("/") else None


def _of_site(name: str, query: bytes, showing: PreviewState) -> Response:
    files = showing.files or {}
    bare = name.removesuffix("/")
    asked = PurePosixPath(bare)
    is_plain = not name or (bare not in {"", "."} and asked.as_posix() == bare)
    index = asked / _INDEX
    if is_plain and index in files:
        if name.endswith("/") or not name:
            return _page(index, showing)
        there = f"/{quote(name)}/" + (f"?{query.decode('latin-1')}" if query else "")
        return _plain(HTTPStatus.MOVED_PERMANENTLY, there, Location=there)
    is_file = is_plain and not name.endswith("/") and asked in files
    if not is_file or name == urls.ERROR_PAGE:
        return _lost(showing)
    return _page(asked, showing)


def _page(
    path: PurePosixPath, showing: PreviewState, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    data = (showing.files or {})[path]
    if path.suffix == ".html":
        return _sent(status, path.suffix, _with_script(data, showing.version))
    return _file(path, data)


def _file(path: PurePosixPath, data: bytes) -> Response:
    return _sent(HTTPStatus.OK, path.suffix, data, FOR_A_YEAR if lasts(path) else "no-store")


def _lost(showing: PreviewState) -> Response:
    page = PurePosixPath(urls.ERROR_PAGE)
    if page in (showing.files or {}):
        return _page(page, showing, HTTPStatus.NOT_FOUND)
    return _plain(HTTPStatus.NOT_FOUND, "there is no such page")


def _with_script(page: bytes, version: int) -> bytes:
    """The page with our script before all others, which so sees what the host sent."""
    tag = f'<script src="/{_SCRIPT}" type="module" data-version="{version}"></script>'.encode()
    head = _HEAD.search(page)
    at = head.end() if head else len(page)
    return page[:at] + tag + page[at:]


def _plain(status: HTTPStatus, words: str, **more: str) -> Response:
    return _sent(status, ".txt", f"{words}\n".encode(), **more)


def _sent(
    status: HTTPStatus, suffix: str, body: bytes, kept: str = "no-store", **more: str
) -> Response:
    fields = {
        **_ALWAYS,
        "Content-Type": content_type(suffix),
        "Cache-Control": kept,
        "Content-Length": str(len(body)),
        **more,
    }
    return Response(status, fields, body)
