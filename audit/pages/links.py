"""Lychee: every link and every anchor of the site leads somewhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from audit.pages.findings import Finding, Report, ToolError
from audit.pages.site import INDEX, Site
from audit.pages.tools import decoded, needed, output

_NAME = "lychee"
_PROGRAM = Path(sys.executable).with_name("lychee")
_OPTIONS = (
    *("--offline", "--include-fragments", "--index-files", INDEX),
    *("--format", "json", "--no-progress"),
    # A site may lie in a folder that git ignores, and has one that begins with a dot.
    *("--no-ignore", "--hidden"),
    # Records and lists too: lychee finds in any text what is written as a whole address.
    *("--extensions", "html,md,json,xml,txt,webmanifest"),
    # What the paths of OpenAPI are put behind; it is no address of its own.
    *("--exclude", r"/api/v1/?$"),
)
_NO_ADDRESS = "https://…"
"""What texts write where any address might stand; lychee takes it for one outside of HTML."""
_DEAD_LINKS = 2
"""The exit code that says so; others but 0 say that lychee itself has failed."""


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
    """What lychee says of a run."""

    successful: int
    excludes: int
    errors: int
    timeouts: int
    unknown: int
    error_map: dict[str, list[_Link]]


def check(site: Site) -> Report:
    """Whether all links within the site lead to a file, and all anchors to an element.

    Those of records, of Markdown and of lists of pages are looked at as well.

    A link to the site's own public address is taken for what it is, a link within the site.
    """
    found = _run(site)
    named = tuple(_findings(found, site.folder))
    total = found.errors + found.timeouts + found.unknown
    if total != len(named):
        raise ToolError(f"{_NAME} counts {total} dead links and names {len(named)}")
    findings = tuple(each for each in named if _NO_ADDRESS not in each.message)
    checked = found.successful + len(findings)
    return Report(f"{checked} links, {found.excludes} to other hosts not followed", findings)


def _run(site: Site) -> _Output:
    command = [needed(_NAME, _PROGRAM), *_OPTIONS, "--root-dir", str(site.folder)]
    if site.address:
        root = site.folder.as_uri()
        base = urlsplit(site.address).path
        # Both ways to write an address of the site in full: with its host, and from its base path.
        for start in {site.address, f"{root}{base}"} - {f"{root}/"}:
            # Lychee takes the slash away from links to folders before it looks for their start.
            command += ["--remap", f"^{re.escape(start.rstrip('/'))}(?:/|$) {root}/"]
    said = output(_NAME, [*command, "--", "."], site.folder, (0, _DEAD_LINKS))
    return decoded(_NAME, said, _Output)


def _findings(found: _Output, folder: Path) -> Iterator[Finding]:
    for file, links in sorted(found.error_map.items()):
        for link in sorted(links, key=lambda each: (each.span.line, each.span.column, each.url)):
            place = f"{link.span.line}:{link.span.column}"
            there = unquote(link.url.removeprefix(folder.as_uri()))
            why = link.status.details or link.status.text
            yield Finding(Path(file).as_posix(), place, f'the link to "{there}" is dead: {why}')
