"""The audit of the hosts finds errors, and reports hosts that it can't run."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path, PurePosixPath

import pytest

from audit import npm
from audit.hosts import __main__ as program
from audit.hosts import serving, wrangler
from audit.hosts.book import copy_content, with_former_url
from audit.hosts.check import check
from audit.hosts.models import MODELS, published
from audit.hosts.table import CODE, ERROR_PAGE, FORMER, MOVED, TEAPOT
from audit.hosts.visit import Response
from codebook.book import urls
from codebook.publish.host import Host
from codebook.publish.hosts import host_files
from codebook.site.redirects import Redirect
from tests.offenders import assert_none

REDIRECTS = (
    Redirect("404/", CODE),
    Redirect("418/", TEAPOT),
    Redirect(FORMER, MOVED, is_former=True),
    Redirect("status/not-found/", CODE),
)
FILES = (
    *("index.html", ERROR_PAGE, f"{CODE}index.html", f"{CODE}index.md", f"{TEAPOT}index.html"),
    *(f"{MOVED}index.html", "site.webmanifest", "assets/letters.woff2", ".codebook/manifest.json"),
)
STUB = '<meta http-equiv="refresh" content="0; url={}">'
STUBS = {
    urls.output_path(redirect.url): STUB.format(urls.relative(redirect.url, redirect.to))
    for redirect in REDIRECTS
}
SITE: Mapping[PurePosixPath, bytes] = {
    **{PurePosixPath(path): path.encode() for path in FILES},
    **{path: page.encode() for path, page in STUBS.items()},
}
TYPES = {
    ".md": "text/markdown; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
SERVERS = (Host.NGINX, Host.CADDY)


def mismatches(host: Host, base: str = "/", without: str = "\0", types: str = "") -> list[str]:
    """The mismatches on a host that lacks a part of its configuration.

    It lacks the lines that contain `without`, and the media types of the endings in `types`.
    """
    whole = host_files(host, REDIRECTS, f"https://codebook.example{base}")
    cut = {
        path: b"".join(
            line for line in data.splitlines(keepends=True) if without.encode() not in line
        )
        for path, data in whole.items()
    }
    fetch = MODELS[host](published(SITE, cut, base), base)

    def typed(path: str) -> Response:
        response, ending = fetch(path), PurePosixPath(path).suffix
        is_known = response.status == 200 and ending not in types.split()
        return replace(response, content_type=TYPES.get(ending, "") if is_known else "text/html")

    result = check(host, typed, published(SITE, whole, base), base)
    assert result.count > len(SITE)
    return list(result.mismatches)


def test_the_audit_finds_nothing_on_a_correct_host() -> None:
    """There are no false positives."""
    assert_none(
        f"{host} at {base}: {mismatch}"
        for host, base in product(Host, ("/", "/repo/"))
        for mismatch in mismatches(host, base)
    )


@pytest.mark.parametrize(
    ("host", "without", "expected"),
    [
        (Host.NGINX, "= /repo/418/", ["/418/: ", "with a redirect page"]),
        (Host.CADDY, "/not-found/ ", ["/status/not-found/: ", "with a redirect page"]),
        (Host.CLOUDFLARE, "/404 ", ["/404: 200 with 404.html at 404, directly"]),
        (Host.NETLIFY, "/repo/*", ["/nope: 404 with other content"]),
        (Host.NETLIFY, "as-it-was", [f"/{FORMER}: ", "with a redirect page"]),
    ],
)
def test_the_audit_finds_missing_lines_of_a_host(
    host: Host, without: str, expected: list[str]
) -> None:
    """Each mismatch has the URL, the response, and the expected response."""
    output = "\n".join(mismatches(host, "/repo/", without))
    assert [text for text in expected if text not in output] == []


@pytest.mark.parametrize("host", SERVERS)
def test_the_audit_finds_a_wrong_type(host: Host) -> None:
    """Browsers would download or reject a file with a wrong type."""
    for ending, media_type in TYPES.items():
        (mismatch,) = mismatches(host, types=ending)
        assert f"{ending}: the content type is 'text/html', expected '{media_type}'" in mismatch


def test_the_audited_book_has_a_moved_url(tmp_path: Path) -> None:
    """One moved URL is added to the settings, and existing ones stay."""
    text = (copy_content(tmp_path / "content") / "book.toml").read_text(encoding="utf-8")
    moved = tomllib.loads(text)["moved"]
    assert moved[FORMER] == f"{MOVED.rstrip('/')}.md"
    twice = with_former_url(text.replace(FORMER, "guides/another/"))
    assert {FORMER, "guides/another/"} <= tomllib.loads(twice)["moved"].keys()


def test_wrangler_is_installed_only_if_it_is_missing_or_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version must match the lock file, and an interrupted installation is repeated."""
    locked, folder, fetched = tmp_path / "locked", tmp_path / "wrangler", []
    locked.mkdir()
    (locked / "package.json").write_text("{}", encoding="utf-8")
    (locked / "package-lock.json").write_text("1", encoding="utf-8")
    monkeypatch.setattr(npm, "run_npm", lambda to: fetched.append(sorted(to.iterdir())))
    assert wrangler.wrangler(folder, locked).is_relative_to(folder)
    wrangler.wrangler(folder, locked)
    assert len(fetched) == 1
    (locked / "package-lock.json").write_text("2", encoding="utf-8")
    wrangler.wrangler(folder, locked)
    (folder / "stamp").unlink()
    wrangler.wrangler(folder, locked)
    assert len(fetched) == 3
    assert not [path for paths in fetched for path in paths if path.name == "stamp"]


def test_a_failed_install_of_wrangler_is_reported_with_help(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The audit fails with a message that says why and what to do."""
    (tmp_path / "package.json").write_text("{", encoding="utf-8")
    (tmp_path / "package-lock.json").write_text("{", encoding="utf-8")
    broken = partial(wrangler.wrangler, tmp_path / "wrangler", tmp_path)
    monkeypatch.setattr(serving, "wrangler", broken)
    monkeypatch.setattr(program, "build", lambda *_: None)
    assert program.main(["--only", "wrangler"]) == 1
    output = capsys.readouterr().err
    assert "wrangler can't be installed" in output
    assert "package.json" in output
    assert "run the audit again" in output


@pytest.mark.slow
def test_a_host_that_does_not_start_is_reported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report contains the output of the host, and the audit of other hosts continues."""
    monkeypatch.setattr(serving, "_http_server_options", lambda _: ["--no-such-option"])
    monkeypatch.setattr(program, "build", lambda *_: None)
    assert program.main(["--only", "python"]) == 1
    output = capsys.readouterr().out
    assert "python at /repo/: the server exited immediately" in output
    assert "--no-such-option" in output
    assert "python: 0 URLs: 2 mismatches" in output
