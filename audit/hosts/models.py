"""How hosts answer, as functions of what is published.

Cloudflare Pages is as its own source says (`packages/pages-shared/asset-server/handler.ts` of
github.com/cloudflare/workers-sdk); it, nginx, Caddy and Python's server are held to their models by
`python -m audit.hosts`. GitHub Pages and Netlify run nowhere else. What they do with a folder and a
file of one name was measured by github.com/slorber/trailing-slash-guide, and that only the
`404.html` of the root is an error page is in their documentation; so is, for Netlify, which rules
fit. That GitHub Pages sends its error page with 200 to those who ask for it by name is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from audit.hosts import rules
from audit.hosts.visit import Answer, Ask
from codebook.publish.hosts import Host

Model = Callable[[Mapping[str, bytes], str], Ask]
"""A host that publishes these files, by their path from its root; the site is below the base."""
Find = Callable[[str], Answer]
"""Answers for a path that is decoded and begins with a slash, its query taken off."""

_RULES = "_redirects"
_INDEX = "index.html"
_ERROR_PAGE = "404.html"
_OWN = frozenset({_RULES, "_headers"})
"""Files by which a host is told, and which it does not send."""
_NOTHING = Answer(404)


def published(
    site: Mapping[PurePosixPath, bytes], told: Mapping[PurePosixPath, bytes], base: str
) -> Mapping[str, bytes]:
    """A site with what is made for its host, laid out as the host has it."""
    laid = {f"{base}{path}".lstrip("/"): data for path, data in {**site, **told}.items()}
    rules_below = f"{base}{_RULES}".lstrip("/")
    if rules_below in laid:
        # Both hosts that have such a file look for it at the root alone.
        laid[_RULES] = laid.pop(rules_below)
    return laid


def _plain(files: Mapping[str, bytes], _: str) -> Ask:
    """Python's `http.server`."""

    def find(path: str) -> Answer:
        name = path.lstrip("/")
        if _is_folder(files, name):
            if not path.endswith("/"):
                return Answer(301, location=f"{path}/?")
            listing = Answer(200, b"a list of what is in the folder")
            return _sent(files, f"{name}{_INDEX}") or listing
        return _sent(files, name) or _NOTHING

    return _asked(find)


def _github(files: Mapping[str, bytes], base: str) -> Ask:
    def find(path: str) -> Answer:
        name = path.lstrip("/")
        if path.endswith("/"):
            found = _sent(files, f"{name}{_INDEX}")
        else:
            found = _sent(files, name) or _sent(files, f"{name}.html")
            if not found and f"{name}/{_INDEX}" in files:
                return Answer(301, location=f"{path}/?")
        return found or _lost(files, f"{base}{_ERROR_PAGE}")

    return _asked(find)


def _cloudflare(files: Mapping[str, bytes], _: str) -> Ask:
    told = rules.static(files.get(_RULES, b"").decode())
    assets = {path: data for path, data in files.items() if path not in _OWN}

    def find(path: str) -> Answer:
        if path in told:
            return Answer(told[path].status, location=_query_marked(told[path].there))
        return _cloudflare_asset(assets, path) or _nearest(assets, path)

    return _asked(find)


def _cloudflare_asset(assets: Mapping[str, bytes], path: str) -> Answer | None:
    """What the host has of this name, or has under a name that it likes better."""
    name, place = path.lstrip("/"), ""
    if path.endswith("/"):
        if found := _sent(assets, f"{name}{_INDEX}"):
            return found
        place = path.rstrip("/") if f"{name.rstrip('/')}.html" in assets else ""
    elif name in assets and name.endswith(".html"):
        bare = path.removesuffix(".html")
        place = bare.removesuffix("index") if bare.endswith("/index") else bare
    elif found := _sent(assets, name) or _sent(assets, f"{name}.html"):
        return found
    elif f"{name}/{_INDEX}" in assets:
        place = f"{path}/"
    return Answer(308, location=f"{place}?") if place else None


def _nearest(assets: Mapping[str, bytes], path: str) -> Answer:
    """The first error page on the way up."""
    while path:
        path = path.rpartition("/")[0]
        if f"{path}/{_ERROR_PAGE}".lstrip("/") in assets:
            return _lost(assets, f"{path}/{_ERROR_PAGE}")
    return _NOTHING


def _netlify(files: Mapping[str, bytes], _: str) -> Ask:
    told = rules.lines(files.get(_RULES, b"").decode())
    assets = {path: data for path, data in files.items() if path not in _OWN}

    def matching(path: str, *, forced: bool) -> Answer | None:
        for line in told:
            is_meant = (
                path.startswith(line.here[:-1])
                if line.here.endswith("*")
                else path.rstrip("/") == line.here
            )
            if is_meant and line.is_forced == forced:
                if line.status == _NOTHING.status:
                    return _lost(assets, line.there)
                return Answer(line.status, location=_query_marked(line.there))
        return None

    def file(path: str) -> Answer | None:
        name = path.strip("/")
        if path.endswith("/"):
            if name and f"{name}.html" in assets:
                return Answer(301, location=f"{path.rstrip('/')}?")
            return _sent(assets, f"{path}{_INDEX}".lstrip("/"))
        if found := _sent(assets, name) or _sent(assets, f"{name}.html"):
            return found
        return Answer(301, location=f"{path}/?") if f"{name}/{_INDEX}" in assets else None

    def find(path: str) -> Answer:
        return (
            matching(path, forced=True)
            or file(path)
            or matching(path, forced=False)
            or _lost(assets, _ERROR_PAGE)
        )

    return _asked(find)


def _nginx(files: Mapping[str, bytes], base: str) -> Ask:
    return _server(files, base, "nginx.conf", rules.nginx)


def _caddy(files: Mapping[str, bytes], base: str) -> Ask:
    return _server(files, base, "Caddyfile", rules.caddy)


def _server(
    files: Mapping[str, bytes], base: str, name: str, read: Callable[[str], Mapping[str, str]]
) -> Ask:
    """A server that is told by a fragment, and hides it."""
    told = read(files[f"{base}{name}".lstrip("/")].decode())
    hidden = {f"{base}{each}" for each in (name, ".gitignore", _ERROR_PAGE)}

    def find(path: str) -> Answer:
        below = path.lstrip("/")
        if path in told:
            return Answer(301, location=told[path])
        if path in hidden or path.startswith(f"{base}.codebook"):
            return _lost(files, f"{base}{_ERROR_PAGE}")
        if path.endswith("/"):
            return _sent(files, f"{below}{_INDEX}") or _lost(files, f"{base}{_ERROR_PAGE}")
        if f"{below}/{_INDEX}" in files:
            return Answer(301, location=f"{path}/?")
        return _sent(files, below) or _lost(files, f"{base}{_ERROR_PAGE}")

    return _asked(find)


def _asked(find: Find) -> Ask:
    """Take the query off and put it where the answer has a place for it."""

    def ask(asked: str) -> Answer:
        path, mark, query = asked.partition("?")
        answer = find(unquote(path))
        there, place, anchor = answer.location.partition("?")
        return Answer(
            answer.status, answer.body, f"{there}{mark and place and mark + query}{anchor}"
        )

    return ask


def _query_marked(there: str) -> str:
    page, mark, anchor = there.partition("#")
    return f"{page}?{mark}{anchor}"


def _sent(files: Mapping[str, bytes], name: str) -> Answer | None:
    return Answer(200, files[name]) if name in files else None


def _lost(files: Mapping[str, bytes], error_page: str) -> Answer:
    return Answer(_NOTHING.status, files.get(error_page.lstrip("/"), b""))


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
