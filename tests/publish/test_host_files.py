"""The files for each host, in which no URL can change the meaning of a rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.hosts import rules
from audit.hosts.serving import usage_example
from codebook.publish.host import Host, validation_error
from codebook.publish.hosts import host_files
from codebook.site.redirects import Redirect

REDIRECTS = (
    Redirect("404/", "status/404/"),
    Redirect("418/", "status/418/"),
    Redirect("guides/old/", "guides/new/#h-first", is_former=True),
)
CLOUDFLARE = """\
/404 /status/404/ 301
/404/ /status/404/ 301
/guides/old /guides/new/#h-first 301
/guides/old/ /guides/new/#h-first 301
/418 /status/418/ 301
/418/ /status/418/ 301
"""
NETLIFY = """\
/404 /status/404/ 301!
/guides/old /guides/new/#h-first 301!
/418 /status/418/ 301!
"""
NGINX = """\
# Redirects and the error page. Include this file in a server block that doesn't define
# "location /" itself.
#
# server {
#     # Copy the site to /srv/www.
#     root /srv/www;
#     include /srv/www/nginx.conf;
# }
location / {
    index index.html;
    absolute_redirect off;
    error_page 403 404 =404 /404.html;
    location = /404.html { internal; }
    location ~ "^/(?:\\.codebook(?:/|$)|\\.gitignore$|nginx\\.conf$)" { return 404; }
    location ~ "\\.csv$" { types {} default_type "text/csv; charset=utf-8"; }
    location ~ "\\.md$" { types {} default_type "text/markdown; charset=utf-8"; }
    location ~ "\\.webmanifest$" { types {} default_type "application/manifest+json"; }
    location ~ "\\.woff2$" { types {} default_type "font/woff2"; }
    location = /404 { return 301 "/status/404/$is_args$args"; }
    location = /404/ { return 301 "/status/404/$is_args$args"; }
    location = /guides/old { return 301 "/guides/new/$is_args$args#h-first"; }
    location = /guides/old/ { return 301 "/guides/new/$is_args$args#h-first"; }
    location = /418 { return 301 "/status/418/$is_args$args"; }
    location = /418/ { return 301 "/status/418/$is_args$args"; }
}
"""
CADDY = """\
# Redirects and the error page.
#
# example.org {
#     # Copy the site to /srv/www.
#     root * /srv/www
#     import /srv/www/Caddyfile
# }
map {http.request.orig_uri.path} {codebook_page} {codebook_anchor} {
    /404 /status/404/ ""
    /404/ /status/404/ ""
    /guides/old /guides/new/ "#h-first"
    /guides/old/ /guides/new/ "#h-first"
    /418 /status/418/ ""
    /418/ /status/418/ ""
    default "" ""
}
@codebook_moved not vars {codebook_page} ""
route @codebook_moved {
    # A rewrite keeps the query string; redir alone would drop it.
    rewrite * {codebook_page}
    redir * {uri}{codebook_anchor} permanent
}
error /404.html 404
header /*.csv Content-Type "text/csv; charset=utf-8"
header /*.md Content-Type "text/markdown; charset=utf-8"
header /*.webmanifest Content-Type "application/manifest+json"
header /*.woff2 Content-Type "font/woff2"
file_server /* {
    hide .codebook .gitignore Caddyfile
}
handle_errors {
    @codebook_not_found {
        path /*
        expression {err.status_code} == 404
    }
    handle @codebook_not_found {
        rewrite * /404.html
        header Content-Type "text/html; charset=utf-8"
        file_server
    }
}
"""
BELOW = {
    Host.CLOUDFLARE: (
        "# Deploy the site to /repo/, and move this file to the root of the deployment.\n"
        + re.sub(r" /|^/", lambda slash: f"{slash[0]}repo/", CLOUDFLARE, flags=re.MULTILINE)
    ),
    Host.NETLIFY: (
        "# Deploy the site to /repo/, and move this file to the root of the deployment.\n"
        + re.sub(r" /|^/", lambda slash: f"{slash[0]}repo/", NETLIFY, flags=re.MULTILINE)
        + "/repo/* /repo/404.html 404\n"
    ),
}
SIGNS = "\r\n\t #*:!$\\\"'{}<>%&;?@~^|`"
url_parts = st.text(st.one_of(st.sampled_from(SIGNS), st.characters(codec="utf-8")), max_size=12)


def texts(target: Host, redirects: Sequence[Redirect] = REDIRECTS, url: str = "") -> dict[str, str]:
    """The files of a host as text."""
    return {str(path): data.decode() for path, data in host_files(target, redirects, url).items()}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (Host.PLAIN, {}),
        (Host.GITHUB, {".nojekyll": ""}),
        (Host.CLOUDFLARE, {"_redirects": CLOUDFLARE}),
        (Host.NETLIFY, {"_redirects": NETLIFY}),
        (Host.NGINX, {"nginx.conf": NGINX}),
        (Host.CADDY, {"Caddyfile": CADDY}),
    ],
)
def test_a_host_gets_only_the_files_it_needs(target: Host, expected: dict[str, str]) -> None:
    """Without a base URL, the files are for the root of a host."""
    assert texts(target) == expected
    assert texts(target, url="https://codebook.example/") == expected


@pytest.mark.parametrize("target", BELOW)
def test_rules_below_a_path_say_where_their_file_belongs(target: Host) -> None:
    """Some hosts read rules and an error page only at the root."""
    assert texts(target, url="https://x.example/repo") == {"_redirects": BELOW[target]}


@pytest.mark.parametrize(
    ("target", "name"), [(Host.NGINX, "nginx.conf"), (Host.CADDY, "Caddyfile")]
)
def test_a_server_has_no_rules_outside_the_base_path(target: Host, name: str) -> None:
    """Every URL in the file starts with the base path."""
    text = texts(target, url="https://x.example/repo/")[name]
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    paths = re.findall(r"(?<![\w*}:])/[\w./-]*", "\n".join(lines))
    assert paths
    assert [path for path in paths if not re.match(r"/repo(/|$)", path)] == []


@pytest.mark.parametrize(
    ("target", "name"), [(Host.NGINX, "nginx.conf"), (Host.CADDY, "Caddyfile")]
)
@pytest.mark.parametrize("path", ["/", "/repo/"])
def test_the_comment_of_a_fragment_shows_how_to_use_it(target: Host, name: str, path: str) -> None:
    """The example includes the fragment from the site's folder; the audit runs that example."""
    example = usage_example(texts(target, url=f"https://x.example{path}")[name])
    assert f" /srv/www{path}{name}" in example
    assert "# Copy the site to /srv/www" in example
    assert example.rstrip().endswith("}")


def test_a_line_limit_keeps_the_most_important_rules() -> None:
    """Cloudflare Pages ignores more lines. The file says so, and redirect pages still work."""
    many = [Redirect(f"{number}/", f"status/{number}/") for number in range(1000, 2500)]
    text = texts(Host.CLOUDFLARE, [*many, *REDIRECTS])["_redirects"]
    lines = text.splitlines()
    assert len(rules.redirect_lines(text)) == 2000
    assert lines[:4] == CLOUDFLARE.splitlines()[:4]
    assert (
        lines[-1] == "# Line limit reached. 503 more URLs redirect through their HTML pages only."
    )
    assert len(rules.redirect_lines(texts(Host.NETLIFY, [*many, *REDIRECTS])["_redirects"])) == 1503


@pytest.mark.parametrize("target", [host for host in Host if texts(host)])
@given(url=url_parts, page=url_parts, anchor=url_parts)
def test_special_characters_in_a_url_are_escaped(
    target: Host, url: str, page: str, anchor: str
) -> None:
    """No URL ends a line or is parsed as a comment, a pattern, a variable, or two words."""
    hostile = Redirect(f"x/{url}/", f"y/{page}/#{anchor}")
    plain = texts(target, [*REDIRECTS, Redirect("x/a/", "y/b/#c")])
    for name, text in texts(target, [*REDIRECTS, hostile]).items():
        before, after = plain[name].splitlines(), text.splitlines()
        assert len(before) == len(after)
        changed = [line for line, other in zip(after, before, strict=True) if line != other]
        symbols = [
            re.sub("[A-Za-z0-9%._~-]*", "", re.sub(r"\$is_args\$args", "", line))
            for line in changed
        ]
        assert len(changed) <= 2
        assert all(set(line) <= set(' /#"{};=!') for line in symbols)
        assert [line.count("#") for line in changed] == [1] * len(changed)
        assert [line.count('"') % 2 for line in changed] == [0] * len(changed)


PATHS = {
    "": True,
    "/": True,
    "/repo": True,
    "/repo/~me/a.b_c-d/": True,
    "/r*po/": False,
    "/a:splat/": False,
    "/$uri/": False,
    "/a;b/": False,
    "/a%0Ab/": False,
    "/caf%C3%A9/": False,
}
"""Base paths, and whether they have no special character of a host."""


@pytest.mark.parametrize("target", Host)
def test_a_base_path_with_special_characters_is_rejected(target: Host) -> None:
    """Only hosts with rules reject it."""
    has_rules = target not in {Host.PLAIN, Host.GITHUB}
    assert {path: not validation_error(target, f"https://x.example{path}") for path in PATHS} == {
        path: is_plain or not has_rules for path, is_plain in PATHS.items()
    }
    expected = texts(target, url="https://x.example/repo/")
    for path in PATHS:
        actual = texts(target, url=f"https://x.example{path}")
        assert {*expected} == {*actual}
        for name in expected if path not in {"", "/"} else ():
            assert len(expected[name].splitlines()) == len(actual[name].splitlines()), path


@pytest.mark.parametrize("target", Host)
def test_no_file_of_a_host_replaces_a_page(target: Host) -> None:
    """No page, folder of the book, or index can have the name of such a file."""
    names = [PurePosixPath(path) for path in host_files(target, REDIRECTS, "")]
    assert all(len(name.parts) == 1 and name.suffix not in {".html", ".md"} for name in names)
    assert all(re.search("[A-Z_.]", name.name) for name in names)


def test_the_models_read_the_files_of_the_hosts() -> None:
    """Otherwise, tests with the models would prove nothing."""
    lines = [line.split() for line in CLOUDFLARE.splitlines()]
    targets = {url: target for url, target, _ in lines}
    with_query = {
        url: f"{target}?".replace("/#h-first?", "/?#h-first") for url, target in targets.items()
    }
    assert {url: line.target for url, line in rules.static_redirects(CLOUDFLARE).items()} == targets
    assert rules.nginx_redirects(NGINX) == rules.caddy_redirects(CADDY) == with_query
