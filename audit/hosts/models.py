"""Models of hosts: their responses as functions of the published files.

The model of Cloudflare Pages follows its source
(`packages/pages-shared/asset-server/handler.ts` in github.com/cloudflare/workers-sdk).
`python -m audit.hosts` compares it, nginx, Caddy, and Python's HTTP server with their models.
GitHub Pages and Netlify can't run locally. For a folder and a file with the same name, their models
follow the measurements in github.com/slorber/trailing-slash-guide. According to their
documentation, only the `404.html` in the root is an error page, and Netlify also documents how
rules match. It's an assumption that GitHub Pages sends its error page with 200 when the page is
requested by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from audit.hosts import rules
from audit.hosts.visit import Fetch, Response
from codebook.publish.host import Host

Model = Callable[[Mapping[str, bytes], str], Fetch]
"""A host that publishes files, by path from its root, with the site under a base path."""
Find = Callable[[str], Response]
"""Responds to a decoded path that starts with a slash, without the query."""

_RULES = "_redirects"
_INDEX = "index.html"
_ERROR_PAGE = "404.html"
_CONFIGURATION = frozenset({_RULES, "_headers"})
"""Configuration files that hosts don't serve."""
_EMPTY_ERROR = Response(404)


def published(
    site: Mapping[PurePosixPath, bytes], host_files: Mapping[PurePosixPath, bytes], base: str
) -> Mapping[str, bytes]:
    """The files of a site and of its host, at their paths on the host."""
    files = {f"{base}{path}".lstrip("/"): data for path, data in {**site, **host_files}.items()}
    rules_below = f"{base}{_RULES}".lstrip("/")
    if rules_below in files:
        # Both hosts with such a file read it only at the root.
        files[_RULES] = files.pop(rules_below)
    return files


def _plain(files: Mapping[str, bytes], _: str) -> Fetch:
    """Python's `http.server`."""

    def find(path: str) -> Response:
        name = path.lstrip("/")
        if _is_folder(files, name):
            if not path.endswith("/"):
                return Response(301, location=f"{path}/?")
            listing = Response(200, b"a directory listing")
            return _file(files, f"{name}{_INDEX}") or listing
        return _file(files, name) or _EMPTY_ERROR

    return _with_query(find)


def _github(files: Mapping[str, bytes], base: str) -> Fetch:
    def find(path: str) -> Response:
        name = path.lstrip("/")
        if path.endswith("/"):
            response = _file(files, f"{name}{_INDEX}")
        else:
            response = _file(files, name) or _file(files, f"{name}.html")
            if not response and f"{name}/{_INDEX}" in files:
                return Response(301, location=f"{path}/?")
        return response or _error(files, f"{base}{_ERROR_PAGE}")

    return _with_query(find)


def _cloudflare(files: Mapping[str, bytes], _: str) -> Fetch:
    redirects = rules.static_redirects(files.get(_RULES, b"").decode())
    assets = {path: data for path, data in files.items() if path not in _CONFIGURATION}

    def find(path: str) -> Response:
        if path in redirects:
            redirect = redirects[path]
            return Response(redirect.status, location=_query_marked(redirect.target))
        return _cloudflare_asset(assets, path) or _nearest_error(assets, path)

    return _with_query(find)


def _cloudflare_asset(assets: Mapping[str, bytes], path: str) -> Response | None:
    """The file with this name, or a redirect to the name that the host prefers."""
    name, location = path.lstrip("/"), ""
    if path.endswith("/"):
        if response := _file(assets, f"{name}{_INDEX}"):
            return response
        location = path.rstrip("/") if f"{name.rstrip('/')}.html" in assets else ""
    elif name in assets and name.endswith(".html"):
        bare = path.removesuffix(".html")
        location = bare.removesuffix("index") if bare.endswith("/index") else bare
    elif response := _file(assets, name) or _file(assets, f"{name}.html"):
        return response
    elif f"{name}/{_INDEX}" in assets:
        location = f"{path}/"
    return Response(308, location=f"{location}?") if location else None


def _nearest_error(assets: Mapping[str, bytes], path: str) -> Response:
    """The error page in the nearest parent folder."""
    while path:
        path = path.rpartition("/")[0]
        if f"{path}/{_ERROR_PAGE}".lstrip("/") in assets:
            return _error(assets, f"{path}/{_ERROR_PAGE}")
    return _EMPTY_ERROR


def _netlify(files: Mapping[str, bytes], _: str) -> Fetch:
    lines = rules.redirect_lines(files.get(_RULES, b"").decode())
    assets = {path: data for path, data in files.items() if path not in _CONFIGURATION}

    def matching(path: str, *, forced: bool) -> Response | None:
        for line in lines:
            is_match = (
                path.startswith(line.source[:-1])
                if line.source.endswith("*")
                else path.rstrip("/") == line.source
            )
            if is_match and line.is_forced == forced:
                if line.status == _EMPTY_ERROR.status:
                    return _error(assets, line.target)
                return Response(line.status, location=_query_marked(line.target))
        return None

    def file(path: str) -> Response | None:
        name = path.strip("/")
        if path.endswith("/"):
            if name and f"{name}.html" in assets:
                return Response(301, location=f"{path.rstrip('/')}?")
            return _file(assets, f"{path}{_INDEX}".lstrip("/"))
        if response := _file(assets, name) or _file(assets, f"{name}.html"):
            return response
        return Response(301, location=f"{path}/?") if f"{name}/{_INDEX}" in assets else None

    def find(path: str) -> Response:
        return (
            matching(path, forced=True)
            or file(path)
            or matching(path, forced=False)
            or _error(assets, _ERROR_PAGE)
        )

    return _with_query(find)


def _nginx(files: Mapping[str, bytes], base: str) -> Fetch:
    return _server(files, base, "nginx.conf", rules.nginx_redirects)


def _caddy(files: Mapping[str, bytes], base: str) -> Fetch:
    return _server(files, base, "Caddyfile", rules.caddy_redirects)


def _server(
    files: Mapping[str, bytes], base: str, name: str, read: Callable[[str], Mapping[str, str]]
) -> Fetch:
    """A server that is configured by a fragment and doesn't serve it."""
    redirects = read(files[f"{base}{name}".lstrip("/")].decode())
    hidden = {f"{base}{hidden_name}" for hidden_name in (name, ".gitignore", _ERROR_PAGE)}

    def find(path: str) -> Response:
        below = path.lstrip("/")
        if path in redirects:
            return Response(301, location=redirects[path])
        if path in hidden or path.startswith(f"{base}.codebook"):
            return _error(files, f"{base}{_ERROR_PAGE}")
        if path.endswith("/"):
            return _file(files, f"{below}{_INDEX}") or _error(files, f"{base}{_ERROR_PAGE}")
        if f"{below}/{_INDEX}" in files:
            return Response(301, location=f"{path}/?")
        return _file(files, below) or _error(files, f"{base}{_ERROR_PAGE}")

    return _with_query(find)


def _with_query(find: Find) -> Fetch:
    """Remove the query, and insert it at the question mark in the location of a redirect."""

    def fetch(url: str) -> Response:
        path, mark, query = url.partition("?")
        response = find(unquote(path))
        page, query_mark, anchor = response.location.partition("?")
        return Response(
            response.status, response.body, f"{page}{mark and query_mark and mark + query}{anchor}"
        )

    return fetch


def _query_marked(url: str) -> str:
    page, mark, anchor = url.partition("#")
    return f"{page}?{mark}{anchor}"


def _file(files: Mapping[str, bytes], name: str) -> Response | None:
    return Response(200, files[name]) if name in files else None


def _error(files: Mapping[str, bytes], error_page: str) -> Response:
    return Response(_EMPTY_ERROR.status, files.get(error_page.lstrip("/"), b""))


def _is_folder(files: Mapping[str, bytes], name: str) -> bool:
    below = f"{name.rstrip('/')}/".lstrip("/")
    return any(path.startswith(below) for path in files)


MODELS: Mapping[Host, Model] = {
    Host.PLAIN: _plain,
    Host.GITHUB: _github,
    Host.CLOUDFLARE: _cloudflare,
    Host.NETLIFY: _netlify,
    Host.NGINX: _nginx,
    Host.CADDY: _caddy,
}
