"""`python -m audit.crawl`: follows every address of the book, served at a root and below one.

linkinator crawls the pages over HTTP from the home page on; lychee reads every address in records,
in Markdown and in lists of pages. What the crawl reaches has to be what the site map names: no
page without a way to it, and neither the error page nor an address that only leads on.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec

from audit.command import escape_unprintable_output, exit_on_signals
from audit.hosting import serve
from audit.npm import NODE
from audit.pages import links
from audit.pages.findings import Finding, ToolError
from audit.pages.site import Site, build
from audit.pages.tools import decode, npm_file, run_checker

BASES = ("/", "/repo/")
"""The paths that the book is served at."""

_NAME = "linkinator"
_PROGRAM = f"{_NAME}/build/src/cli.js"
_BROKEN = 1
"""The exit code that says that links are; the output names them."""
_LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


class _Link(msgspec.Struct, frozen=True):
    url: str
    state: str
    status: int | None = None
    parent: str = ""


class _Crawl(msgspec.Struct, frozen=True):
    """What linkinator says of a run."""

    links: list[_Link]


def main() -> int:
    """Say what was followed and found; 1 where anything was found."""
    escape_unprintable_output()
    exit_on_signals()
    started = time.monotonic()
    findings: list[Finding] = []
    try:
        with tempfile.TemporaryDirectory(prefix="codebook-") as folder:
            for base in BASES:
                findings += _check(Path(folder), base)
    except ToolError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.writelines(f"  {finding}\n" for finding in findings)
    verdict = f"{len(findings)} findings" if findings else "every address leads to a page"
    sys.stdout.write(f"crawl: {verdict}, in {time.monotonic() - started:.0f} s\n")
    return 1 if findings else 0


def _check(parent: Path, base: str) -> Iterator[Finding]:
    root = parent / base.strip("/") / "root"
    folder = root / base.strip("/")
    folder.mkdir(parents=True)
    with serve(root) as origin:
        site = build(folder, origin + base)
        crawl = _crawl(site)
    followed = [link for link in crawl.links if link.state == "OK"]
    report = links.check(site)
    sys.stdout.write(f"crawl at {base}: {len(followed)} addresses over HTTP; {report.counted}\n")
    yield from report.findings
    for link in crawl.links:
        if link.state == "BROKEN":
            yield Finding(link.parent, "", f"{link.url} answers {link.status}")
    yield from _compare_with_sitemap(followed, site)


def _crawl(site: Site) -> _Crawl:
    origin = "/".join(site.url.split("/")[:3])
    options = ("--recurse", "--check-fragments", "--format", "json", "--verbosity", "debug")
    command = [str(NODE), npm_file(_PROGRAM), *options]
    # Other hosts are asked by nobody: the audit needs no network for what is checked here.
    command += ["--skip", f"^(?!{origin})", site.url]
    return decode(_NAME, run_checker(_NAME, command, site.folder, (0, _BROKEN)), _Crawl)


def _compare_with_sitemap(followed: list[_Link], site: Site) -> Iterator[Finding]:
    """The differences between the crawl and the sitemap."""
    reached = {link.url.partition("#")[0].partition("?")[0] for link in followed}
    pages = {url for url in reached if url.endswith(("/", ".html"))}
    listed = {
        str(location.text)
        for location in ET.parse(site.folder / "sitemap.xml").iter(_LOCATION)  # noqa: S314 - ours
    }
    for url in sorted(pages - listed):
        yield Finding("sitemap.xml", "", f"{url} is reached and not listed")
    for url in sorted(listed - pages):
        yield Finding("sitemap.xml", "", f"{url} is listed and no link leads there")


if __name__ == "__main__":
    sys.exit(main())
