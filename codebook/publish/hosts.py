"""Configuration files for each kind of host: redirects and the error page.

Every redirect is also published as a page, so a site works on hosts without any configuration.
To add headers, write them next to these rules: in `_headers` for hosts that use `_redirects`,
otherwise in the same configuration fragment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from msgspec import Struct

from codebook.book import base_url, urls
from codebook.publish.host import Host
from codebook.site.redirects import Redirect

_MOVED = 301
_NOT_FOUND = 404
_FORBIDDEN = 403
"""The status that nginx returns for a folder without an index page."""
_CLOUDFLARE_LINE_LIMIT = 2000
"""Cloudflare Pages ignores all further lines."""
_EXAMPLE_ROOT = "/srv/www"
"""The document root in examples."""
_UNESCAPED = "/-._~"
_EXTRA_TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "webmanifest": "application/manifest+json",
    "woff2": "font/woff2",
}
"""Content types that a server may lack, by suffix."""


class _RedirectRule(Struct, frozen=True):
    """A redirect with all characters escaped that are special to a host."""

    path: str
    """From the root of the host, without a trailing slash."""
    page: str
    """The path that it redirects to."""
    anchor: str
    """Empty, or starts with `#`."""

    @property
    def destination(self) -> str:
        return self.page + self.anchor


def host_files(
    host: Host, redirects: Sequence[Redirect], url: str
) -> Mapping[PurePosixPath, bytes]:
    """The configuration files for a host, by path in the site.

    `url` is the base URL or empty. Call `validation_error` first.
    """
    if host is Host.PLAIN:
        return {}
    base = _escape(base_url.base_path(url))
    rules = tuple(_redirect_rule(redirect, base) for redirect in sorted(redirects, key=_sort_key))
    match host:
        case Host.GITHUB:
            # Without this file, GitHub Pages runs Jekyll, which drops dot folders.
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
    """Sort rules first that a line limit must not cut off.

    Many hosts serve the error page at its name without the suffix, so a redirect page has no effect
    at that URL.
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
    """The path with characters escaped that end a line, start a comment, or act as wildcards."""
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
            f"# Line limit reached. {more} more URLs redirect through their HTML pages only."
        )
    return _file("_redirects", lines)


def _netlify(rules: Sequence[_RedirectRule], base: str) -> Mapping[PurePosixPath, bytes]:
    # Each rule matches the URL with and without a trailing slash. The exclamation point makes the
    # rule take precedence over the redirect page.
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
    return (f"# Deploy the site to {base}, and move this file to the root of the deployment.",)


def _nginx(rules: Sequence[_RedirectRule], base: str) -> Mapping[PurePosixPath, bytes]:
    name = "nginx.conf"
    error_page = base + urls.ERROR_PAGE
    hidden = "|".join((r"\.codebook(?:/|$)", r"\.gitignore$", f"{re.escape(name)}$"))
    lines = [
        "# Redirects and the error page. Include this file in a server block that doesn't define",
        f'# "location {base}" itself.',
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
        "# Redirects and the error page.",
        "#",
        "# example.org {",
        f"#     {_folder_comment(base)}",
        f"#     root * {_EXAMPLE_ROOT}",
        f"#     import {_EXAMPLE_ROOT}{base}{name}",
        "# }",
        # Match the original path, because the rewrite below changes the current path.
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
        "    # A rewrite keeps the query string; redir alone would drop it.",
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
        "    @codebook_not_found {",
        f"        path {base}*",
        f"        expression {{err.status_code}} == {_NOT_FOUND}",
        "    }",
        "    handle @codebook_not_found {",
        f"        rewrite * {error_page}",
        '        header Content-Type "text/html; charset=utf-8"',
        "        file_server",
        "    }",
        "}",
    ]
    return _file(name, lines)


def _folder_comment(base: str) -> str:
    return f"# Copy the site to {_EXAMPLE_ROOT}{base.rstrip('/')}."
