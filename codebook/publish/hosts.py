"""The files that configure each kind of host: its redirects and its error page.

Every redirect is a page of its own as well, so that a site works on a host without configuration.
These files add to that and never replace it. Headers belong next to these rules: in `_headers` if
there is `_redirects`, else in the same fragment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from codebook.book import base_url, urls
from codebook.site.redirects import Redirect


class Host(StrEnum):
    """A kind of host that a site can be built for."""

    PLAIN = "plain"
    """Any host of static files."""
    GITHUB = "github"
    """GitHub Pages, which has no redirects."""
    CLOUDFLARE = "cloudflare"
    """Cloudflare Pages."""
    NETLIFY = "netlify"
    """Netlify."""
    NGINX = "nginx"
    """Your own server."""
    CADDY = "caddy"
    """Your own server."""


_MOVED = 301
_NOT_FOUND = 404
_FORBIDDEN = 403
"""The response of nginx for a folder without a page."""
_CLOUDFLARE_LINE_LIMIT = 2000
"""Cloudflare Pages skips the lines after these."""
_EXAMPLE_ROOT = "/srv/www"
"""The folder of the server in examples."""
_HOSTS_WITHOUT_RULES = frozenset({Host.PLAIN, Host.GITHUB})
_UNESCAPED = "/-._~"
_PLAIN_PATH = re.compile(r"/(?:[\w.~-]+/)*", re.ASCII)
_EXTRA_TYPES: Mapping[str, str] = {
    "md": "text/markdown; charset=utf-8",
    "webmanifest": "application/manifest+json",
    "woff2": "font/woff2",
}
"""By suffix, types that a server may not know."""


@dataclass(frozen=True, slots=True)
class _RedirectRule:
    """A redirect, with every character escaped that means something to a host."""

    path: str
    """From the root of the host, without the slash at the end."""
    page: str
    """The path that it redirects to."""
    anchor: str
    """Empty, or with the number sign."""

    @property
    def destination(self) -> str:
        return self.page + self.anchor


def validation_error(host: Host, url: str) -> str:
    """Why the files of a host cannot be written for this base URL; empty if they can."""
    if host in _HOSTS_WITHOUT_RULES or _PLAIN_PATH.fullmatch(base_url.base_path(url)):
        return ""
    return "its path holds more than letters, digits and the signs - . _ ~"


def host_files(
    host: Host, redirects: Sequence[Redirect], url: str
) -> Mapping[PurePosixPath, bytes]:
    """The files that configure a host, by their path in the site.

    `url` is the base URL, or empty; `validation_error` has accepted it.
    """
    base = _escape(base_url.base_path(url))
    rules = tuple(_redirect_rule(redirect, base) for redirect in sorted(redirects, key=_sort_key))
    match host:
        case Host.PLAIN:
            return {}
        case Host.GITHUB:
            # Without it, GitHub builds a branch with Jekyll, which leaves out dot folders.
            return _file(".nojekyll", ())
        case Host.CLOUDFLARE:
            return _cloudflare(rules, base)
        case Host.NETLIFY:
            return _netlify(rules, base)
        case Host.NGINX:
            return _nginx(rules, base)
        case Host.CADDY:
            return _caddy(rules, base)


def _sort_key(redirect: Redirect) -> tuple[bool, bool]:
    """What a limit must not cut off comes first.

    Many hosts send the error page for its name without the suffix, so no page can redirect there.
    """
    is_shadowed = f"{redirect.url.rstrip('/')}.html" == urls.ERROR_PAGE
    return not is_shadowed, not redirect.is_former


def _redirect_rule(redirect: Redirect, base: str) -> _RedirectRule:
    page, number_sign, anchor = redirect.to.partition("#")
    return _RedirectRule(
        path=base + _escape(redirect.url.rstrip("/")),
        page=base + _escape(page),
        anchor=number_sign + _escape(anchor),
    )


def _escape(path: str) -> str:
    """The path without characters that end a line, begin a comment, or match anything else."""
    return quote(unquote(path), safe=_UNESCAPED)


def _file(name: str, lines: Sequence[str]) -> Mapping[PurePosixPath, bytes]:
    return {PurePosixPath(name): "".join(f"{line}\n" for line in lines).encode()}


def _cloudflare(rules: Sequence[_RedirectRule], base: str) -> Mapping[PurePosixPath, bytes]:
    written = rules[: _CLOUDFLARE_LINE_LIMIT // 2]
    lines = [
        *_location_comment(base),
        *(
            f"{rule.path}{slash} {rule.destination} {_MOVED}"
            for rule in written
            for slash in ("", "/")
        ),
    ]
    if more := len(rules) - len(written):
        lines.append(
            f"# {more} more addresses lead on by their pages alone: no more lines are taken."
        )
    return _file("_redirects", lines)


def _netlify(rules: Sequence[_RedirectRule], base: str) -> Mapping[PurePosixPath, bytes]:
    # Each rule is for both URLs, with a slash at the end and without. The exclamation point after
    # the status puts it before the redirect page.
    lines = [
        *_location_comment(base),
        *(f"{rule.path} {rule.destination} {_MOVED}!" for rule in rules),
    ]
    if base != "/":
        lines.append(f"{base}* {base}{urls.ERROR_PAGE} {_NOT_FOUND}")
    return _file("_redirects", lines)


def _location_comment(base: str) -> Sequence[str]:
    if base == "/":
        return ()
    return (f"# The site is the folder {base} of what is published, and this file is at its root.",)


def _nginx(rules: Sequence[_RedirectRule], base: str) -> Mapping[PurePosixPath, bytes]:
    name = "nginx.conf"
    error_page = base + urls.ERROR_PAGE
    hidden = "|".join((r"\.codebook(?:/|$)", r"\.gitignore$", f"{re.escape(name)}$"))
    lines = [
        "# Where addresses lead, and the error page: for a server block that has no such location",
        "# itself.",
        "#",
        "# server {",
        f"#     {_folder_comment(base)}",
        f"#     root {_EXAMPLE_ROOT};",
        f"#     include {_EXAMPLE_ROOT}{base}{name};",
        "# }",
        f"location {base} {{",
        "    index index.html;",
        "    absolute_redirect off;",
        f"    error_page {_FORBIDDEN} {_NOT_FOUND} ={_NOT_FOUND} {error_page};",
        f"    location = {error_page} {{ internal; }}",
        f'    location ~ "^{re.escape(base)}(?:{hidden})" {{ return {_NOT_FOUND}; }}',
        *(
            f'    location ~ "\\.{suffix}$" {{ types {{}} default_type "{content_type}"; }}'
            for suffix, content_type in _EXTRA_TYPES.items()
        ),
        *(
            f"    location = {rule.path}{slash} {{ "
            f'return {_MOVED} "{rule.page}$is_args$args{rule.anchor}"; }}'
            for rule in rules
            for slash in ("", "/")
        ),
        "}",
    ]
    if base != "/":
        path = base.rstrip("/")
        lines.append(
            f"location = {path} {{ absolute_redirect off; return {_MOVED} {base}$is_args$args; }}"
        )
    return _file(name, lines)


def _caddy(rules: Sequence[_RedirectRule], base: str) -> Mapping[PurePosixPath, bytes]:
    name = "Caddyfile"
    error_page = base + urls.ERROR_PAGE
    lines = [
        "# Where addresses lead, and the error page.",
        "#",
        "# example.org {",
        f"#     {_folder_comment(base)}",
        f"#     root * {_EXAMPLE_ROOT}",
        f"#     import {_EXAMPLE_ROOT}{base}{name}",
        "# }",
        # The original path: the rewrite below changes the current one.
        "map {http.request.orig_uri.path} {codebook_page} {codebook_anchor} {",
        *(
            f'    {rule.path}{slash} {rule.page} "{rule.anchor}"'
            for rule in rules
            for slash in ("", "/")
        ),
        *([] if base == "/" else [f'    {base.rstrip("/")} {base} ""']),
        '    default "" ""',
        "}",
        '@codebook_moved not vars {codebook_page} ""',
        "route @codebook_moved {",
        "    # Of the two, only a rewrite keeps the query.",
        "    rewrite * {codebook_page}",
        "    redir * {uri}{codebook_anchor} permanent",
        "}",
        f"error {error_page} {_NOT_FOUND}",
        *(
            f'header {base}*.{suffix} Content-Type "{content_type}"'
            for suffix, content_type in _EXTRA_TYPES.items()
        ),
        f"file_server {base}* {{",
        f"    hide .codebook .gitignore {name}",
        "}",
        "handle_errors {",
        "    @codebook_lost {",
        f"        path {base}*",
        f"        expression {{err.status_code}} == {_NOT_FOUND}",
        "    }",
        "    handle @codebook_lost {",
        f"        rewrite * {error_page}",
        '        header Content-Type "text/html; charset=utf-8"',
        "        file_server",
        "    }",
        "}",
    ]
    return _file(name, lines)


def _folder_comment(base: str) -> str:
    return f"# {_EXAMPLE_ROOT}{base.rstrip('/')} is the folder of the site."
