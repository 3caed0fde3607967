"""Responds to requests from the site in memory, so that no request path reaches the file system."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from pathlib import PurePosixPath
from urllib.parse import quote, unquote_to_bytes

from msgspec import Struct

from codebook.book import urls
from codebook.preview.guard import ListenAddress, refusal
from codebook.preview.state import PreviewState
from codebook.publish.headers import IMMUTABLE, SECURITY_HEADERS, content_type, is_immutable

_CLIENT = "-codebook/"
"""The prefix of the preview's own files. No URL of a site begins with a hyphen."""
_EVENTS = f"{_CLIENT}events"
_SCRIPT = f"{_CLIENT}preview.js"
_INDEX = "index.html"
_METHODS = frozenset({"GET", "HEAD"})
_HEAD = re.compile(rb"<head(?:\s[^>]*)?>", re.IGNORECASE)
_COMMON_HEADERS: Mapping[str, str] = {
    **SECURITY_HEADERS,
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PLACEHOLDER = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body>
</body>
</html>
"""
"""The page at every URL before the first successful build. The overlay covers it."""


class Request(Struct, frozen=True):
    """A request as received."""

    method: str
    path: bytes
    """Still percent-encoded."""
    query: bytes
    headers: tuple[tuple[str, str], ...]
    """The names are lowercase."""


class Response(Struct, frozen=True):
    """A complete response, or the start of the event stream."""

    status: HTTPStatus
    headers: Mapping[str, str]
    body: bytes = b""
    is_stream: bool = False


def respond(
    request: Request,
    state: PreviewState,
    address: ListenAddress,
    client_files: Mapping[PurePosixPath, bytes],
) -> Response:
    """The response to a request. `client_files` are the preview's scripts and style sheet."""
    url = _relative_url(request.path)
    is_for_client = url is not None and url.startswith(_CLIENT)
    reason = refusal(address, request.headers, is_linkable=not is_for_client)
    if reason:
        return _text(HTTPStatus.FORBIDDEN, reason)
    if request.method not in _METHODS:
        return _text(
            HTTPStatus.METHOD_NOT_ALLOWED,
            "the preview supports only GET and HEAD",
            Allow="GET, HEAD",
        )
    if url == _EVENTS:
        headers = {
            **_COMMON_HEADERS,
            "Content-Type": "text/event-stream",
            "Cache-Control": "no-store",
            # A proxy must not wait for more: nginx, ngx_http_proxy_module, proxy_buffering.
            "X-Accel-Buffering": "no",
        }
        return Response(HTTPStatus.OK, headers, is_stream=request.method == "GET")
    if url is not None and is_for_client:
        path = PurePosixPath(url.removeprefix(_CLIENT))
        return _file(path, client_files[path]) if path in client_files else _not_found(state)
    if state.files is None:
        words = state.words
        page = _PLACEHOLDER.format(
            language=words.language, title=escape(words.preview.not_built)
        ).encode()
        page = _with_script(page, state.version)
        return _response(HTTPStatus.SERVICE_UNAVAILABLE, ".html", page)
    return _not_found(state) if url is None else _site_file(url, request.query, state)


def _relative_url(path: bytes) -> str | None:
    """The decoded path, relative to the root; None if it is not valid."""
    try:
        decoded = unquote_to_bytes(path).decode()
    except UnicodeDecodeError:
        return None
    return decoded[1:] if decoded.startswith("/") else None


def _without_base_path(url: str, base_path: str) -> str:
    """The URL relative to the site. Only links on the error page begin with the base path."""
    path = f"/{url}"
    return path.removeprefix(base_path) if path.startswith(base_path) else url


def _site_file(url: str, query: bytes, state: PreviewState) -> Response:
    url = _without_base_path(url, state.base_path)
    files = state.files or {}
    bare = url.removesuffix("/")
    path = PurePosixPath(bare)
    is_normal = not url or (bare not in {"", "."} and path.as_posix() == bare)
    index = path / _INDEX
    if is_normal and index in files:
        if url.endswith("/") or not url:
            return _page(index, state)
        location = f"/{quote(url)}/" + (f"?{query.decode('latin-1')}" if query else "")
        return _text(HTTPStatus.MOVED_PERMANENTLY, location, Location=location)
    is_file = is_normal and not url.endswith("/") and path in files
    return _page(path, state) if is_file and url != urls.ERROR_PAGE else _not_found(state)


def _page(path: PurePosixPath, state: PreviewState, status: HTTPStatus = HTTPStatus.OK) -> Response:
    data = (state.files or {})[path]
    if path.suffix == ".html":
        return _response(status, path.suffix, _with_script(data, state.version))
    return _file(path, data)


def _file(path: PurePosixPath, data: bytes) -> Response:
    cache_control = IMMUTABLE if is_immutable(path) else "no-store"
    return _response(HTTPStatus.OK, path.suffix, data, cache_control)


def _not_found(state: PreviewState) -> Response:
    page = PurePosixPath(urls.ERROR_PAGE)
    if page in (state.files or {}):
        return _page(page, state, HTTPStatus.NOT_FOUND)
    return _text(HTTPStatus.NOT_FOUND, "not found")


def _with_script(page: bytes, version: int) -> bytes:
    """The page with the preview's script before all others, which may change the document."""
    tag = f'<script src="/{_SCRIPT}" type="module" data-version="{version}"></script>'.encode()
    head = _HEAD.search(page)
    index = head.end() if head else len(page)
    return page[:index] + tag + page[index:]


def _text(status: HTTPStatus, text: str, **headers: str) -> Response:
    return _response(status, ".txt", f"{text}\n".encode(), **headers)


def _response(
    status: HTTPStatus, suffix: str, body: bytes, cache_control: str = "no-store", **headers: str
) -> Response:
    all_headers = {
        **_COMMON_HEADERS,
        "Content-Type": content_type(suffix),
        "Cache-Control": cache_control,
        "Content-Length": str(len(body)),
        **headers,
    }
    return Response(status, all_headers, body)
