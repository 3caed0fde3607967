"""What each kind of host needs beside the pages: its redirects, and the way to the error page.

Every address that leads on is a page of its own as well, so that a site works on a host that is
told nothing. What is made here comes on top of that and never takes its place. Fields that a host
is to send with its answers belong beside these rules: in `_headers` where there is `_redirects`,
else in the same fragment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from codebook.book import base_url, urls
from codebook.book.book import Redirect


class Host(StrEnum):
    """A kind of host that a site can be made for."""

    PLAIN = "plain"
    """Any host that sends files."""
    GITHUB = "github"
    """GitHub Pages, which redirects nothing."""
    CLOUDFLARE = "cloudflare"
    """Cloudflare Pages."""
    NETLIFY = "netlify"
    """Netlify."""
    NGINX = "nginx"
    """A server of one's own."""
    CADDY = "caddy"
    """A server of one's own."""


_MOVED = 301
_LOST = 404
_FORBIDDEN = 403
"""What nginx says of a folder that has no page."""
_LINES = 2000
"""How many redirects Cloudflare Pages takes; it skips the rest."""
_WWW = "/srv/www"
"""Stands for the folder of a server in examples."""
_SAFE = "/-._~"
_BASE = re.compile(r"/(?:[\w.~-]+/)*", re.ASCII)
_TYPES: Mapping[str, str] = {
    "md": "text/markdown; charset=utf-8",
    "webmanifest": "application/manifest+json",
    "woff2": "font/woff2",
}
"""Endings that a server may know nothing of."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A redirect in characters that mean nothing to any host."""

    here: str
    """From the root of the host, without the slash at its end."""
    page: str
    anchor: str
    """Empty, or with its mark."""

    @property
    def there(self) -> str:
        return self.page + self.anchor


def validation_error(target: Host, url: str) -> str:
    """Why the files of a host cannot be made for this public address, or nothing if they can."""
    if target in _TOLD_NOTHING or _BASE.fullmatch(base_url.base_path(url)):
        return ""
    return "its path holds more than letters, digits and the signs - . _ ~"


def host_files(
    target: Host, redirects: Sequence[Redirect], url: str
) -> Mapping[PurePosixPath, bytes]:
    """The files that a host is told by, by their path in the site.

    `url` is the public address, or empty; `fault` has nothing against it.
    """
    base = _escaped(base_url.base_path(url))
    rules = tuple(_rule(each, base) for each in sorted(redirects, key=_rank))
    return {
        PurePosixPath(name): text.encode() for name, text in _MAKERS[target](rules, base).items()
    }


def _rank(redirect: Redirect) -> tuple[bool, bool]:
    """What must not be cut off comes first.

    Where there is an error page, many hosts send it for its name without the ending: no page can
    lead on from there.
    """
    is_shadowed = f"{redirect.address.rstrip('/')}.html" == urls.ERROR_PAGE
    return not is_shadowed, not redirect.is_former


def _rule(redirect: Redirect, base: str) -> _Rule:
    page, mark, anchor = redirect.to.partition("#")
    return _Rule(
        here=base + _escaped(redirect.address.rstrip("/")),
        page=base + _escaped(page),
        anchor=mark + _escaped(anchor),
    )


def _escaped(path: str) -> str:
    """The path with nothing in it that ends a line, begins a comment or stands for anything."""
    return quote(unquote(path), safe=_SAFE)


def _nothing(_: Sequence[_Rule], __: str) -> Mapping[str, str]:
    return {}


def _github(_: Sequence[_Rule], __: str) -> Mapping[str, str]:
    # Without it a branch is taken for the sources of a Jekyll site, which leaves dot folders out.
    return {".nojekyll": ""}


def _cloudflare(rules: Sequence[_Rule], base: str) -> Mapping[str, str]:
    fitting = rules[: _LINES // 2]
    lines = [
        *_place(base),
        *(f"{each.here}{slash} {each.there} {_MOVED}" for each in fitting for slash in ("", "/")),
    ]
    if len(fitting) < len(rules):
        more = len(rules) - len(fitting)
        lines.append(
            f"# {more} more addresses lead on by their pages alone: no more lines are taken."
        )
    return {"_redirects": _joined(lines)}


def _netlify(rules: Sequence[_Rule], base: str) -> Mapping[str, str]:
    # Each rule is for both addresses, with a slash at the end and without. The mark behind the
    # number says that it goes before the page that leads on.
    lines = [*_place(base), *(f"{each.here} {each.there} {_MOVED}!" for each in rules)]
    if base != "/":
        lines.append(f"{base}* {base}{urls.ERROR_PAGE} {_LOST}")
    return {"_redirects": _joined(lines)}


def _place(base: str) -> Sequence[str]:
    if base == "/":
        return ()
    return (f"# The site is the folder {base} of what is published, and this file is at its root.",)


def _nginx(rules: Sequence[_Rule], base: str) -> Mapping[str, str]:
    name = "nginx.conf"
    error_page = base + urls.ERROR_PAGE
    hidden = "|".join((r"\.codebook(?:/|$)", r"\.gitignore$", f"{re.escape(name)}$"))
    lines = [
        "# Where addresses lead, and the error page: for a server block that has no such location",
        "# itself.",
        "#",
        "# server {",
        f"#     {_folder(base)}",
        f"#     root {_WWW};",
        f"#     include {_WWW}{base}{name};",
        "# }",
        f"location {base} {{",
        "    index index.html;",
        "    absolute_redirect off;",
        f"    error_page {_FORBIDDEN} {_LOST} ={_LOST} {error_page};",
        f"    location = {error_page} {{ internal; }}",
        f'    location ~ "^{re.escape(base)}(?:{hidden})" {{ return {_LOST}; }}',
        *(
            f'    location ~ "\\.{ending}$" {{ types {{}} default_type "{kind}"; }}'
            for ending, kind in _TYPES.items()
        ),
        *(
            f"    location = {each.here}{slash} {{ "
            f'return {_MOVED} "{each.page}$is_args$args{each.anchor}"; }}'
            for each in rules
            for slash in ("", "/")
        ),
        "}",
    ]
    if base != "/":
        here = base.rstrip("/")
        lines.append(
            f"location = {here} {{ absolute_redirect off; return {_MOVED} {base}$is_args$args; }}"
        )
    return {name: _joined(lines)}


def _caddy(rules: Sequence[_Rule], base: str) -> Mapping[str, str]:
    name = "Caddyfile"
    error_page = base + urls.ERROR_PAGE
    lines = [
        "# Where addresses lead, and the error page.",
        "#",
        "# example.org {",
        f"#     {_folder(base)}",
        f"#     root * {_WWW}",
        f"#     import {_WWW}{base}{name}",
        "# }",
        # What is asked for as it came: after the rewrite below it is something else.
        "map {http.request.orig_uri.path} {codebook_page} {codebook_anchor} {",
        *(
            f'    {each.here}{slash} {each.page} "{each.anchor}"'
            for each in rules
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
        f"error {error_page} {_LOST}",
        *(f'header {base}*.{ending} Content-Type "{kind}"' for ending, kind in _TYPES.items()),
        f"file_server {base}* {{",
        f"    hide .codebook .gitignore {name}",
        "}",
        "handle_errors {",
        "    @codebook_lost {",
        f"        path {base}*",
        f"        expression {{err.status_code}} == {_LOST}",
        "    }",
        "    handle @codebook_lost {",
        f"        rewrite * {error_page}",
        '        header Content-Type "text/html; charset=utf-8"',
        "        file_server",
        "    }",
        "}",
    ]
    return {name: _joined(lines)}


def _folder(base: str) -> str:
    return f"# {_WWW}{base.rstrip('/')} is the folder of the site."


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


_TOLD_NOTHING = frozenset({Host.PLAIN, Host.GITHUB})
_MAKERS: Mapping[Host, Callable[[Sequence[_Rule], str], Mapping[str, str]]] = {
    Host.PLAIN: _nothing,
    Host.GITHUB: _github,
    Host.CLOUDFLARE: _cloudflare,
    Host.NETLIFY: _netlify,
    Host.NGINX: _nginx,
    Host.CADDY: _caddy,
}
