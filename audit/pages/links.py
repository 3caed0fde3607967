"""Check all links and anchors of the site with lychee."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from audit.pages.findings import Finding, Report, ToolError
from audit.pages.site import INDEX, Site
from audit.pages.tools import decode, require, run_checker

_NAME = "lychee"
_PROGRAM = Path(sys.executable).with_name("lychee")
_OPTIONS = (
    *("--offline", "--include-fragments", "--index-files", INDEX),
    *("--format", "json", "--no-progress"),
    # The site may be in a folder that Git ignores, and it has a hidden folder.
    *("--no-ignore", "--hidden"),
    # Include JSON and lists: lychee finds absolute URLs in any text.
    *("--extensions", "html,md,json,xml,txt,webmanifest"),
    # The base URL of paths in OpenAPI, which isn't a page.
    *("--exclude", r"/api/v1/?$"),
)
_PLACEHOLDER_URL = "https://…"
"""A placeholder in texts that lychee mistakes for a URL outside HTML."""
_DEAD_LINKS = 2
"""The exit code for dead links. Any other except 0 means that lychee failed."""


class _Status(msgspec.Struct, frozen=True):
    text: str
    details: str = ""


class _Span(msgspec.Struct, frozen=True):
    line: int = 0
    column: int = 0


class _Link(msgspec.Struct, frozen=True):
    url: str
    status: _Status
    span: _Span = _Span()


class _Output(msgspec.Struct, frozen=True):
    """The report of lychee."""

    successful: int
    excludes: int
    errors: int
    timeouts: int
    unknown: int
    error_map: dict[str, list[_Link]]


def check(site: Site) -> Report:
    """Check that all links within the site point to a file, and all fragments to an element.

    This includes links in JSON, Markdown, and lists of pages. Links that start with the site's base
    URL are within the site.
    """
    result = _run(site)
    dead_links = tuple(_findings(result, site.folder))
    total = result.errors + result.timeouts + result.unknown
    if total != len(dead_links):
        raise ToolError(f"{_NAME} counts {total} dead links but lists {len(dead_links)}")
    findings = tuple(link for link in dead_links if _PLACEHOLDER_URL not in link.message)
    checked = result.successful + len(findings)
    return Report(f"{checked} links, {result.excludes} to other hosts skipped", findings)


def _run(site: Site) -> _Output:
    command = [require(_NAME, _PROGRAM), *_OPTIONS, "--root-dir", str(site.folder)]
    if site.url:
        root = site.folder.as_uri()
        base = urlsplit(site.url).path
        # Both forms of absolute URLs within the site: with the host, and with the base path.
        for start in {site.url, f"{root}{base}"} - {f"{root}/"}:
            # lychee removes trailing slashes before it matches.
            command += ["--remap", f"^{re.escape(start.rstrip('/'))}(?:/|$) {root}/"]
    text = run_checker(_NAME, [*command, "--", "."], site.folder, (0, _DEAD_LINKS))
    return decode(_NAME, text, _Output)


def _findings(result: _Output, folder: Path) -> Iterator[Finding]:
    for file, links in sorted(result.error_map.items()):
        for link in sorted(links, key=lambda link: (link.span.line, link.span.column, link.url)):
            position = f"{link.span.line}:{link.span.column}"
            url = unquote(link.url.removeprefix(folder.as_uri()))
            reason = link.status.details or link.status.text
            yield Finding(Path(file).as_posix(), position, f'the link to "{url}" is dead: {reason}')
