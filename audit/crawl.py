"""`python -m audit.crawl`: follow every link in the book, served at / and under a path.

linkinator crawls the pages over HTTP, starting at the home page. lychee checks every URL in JSON
records, Markdown, and lists of pages. The crawl must reach exactly the pages in the sitemap: no
page is orphaned, and no link points to the error page or to a redirect.
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
"""The base paths to serve the book at."""

_NAME = "linkinator"
_PROGRAM = f"{_NAME}/build/src/cli.js"
_BROKEN = 1
"""The exit code if there are broken links. The output lists them."""
_LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


class _Link(msgspec.Struct, frozen=True):
    url: str
    state: str
    status: int | None = None
    parent: str = ""


class _Crawl(msgspec.Struct, frozen=True):
    """The report of linkinator."""

    links: list[_Link]


def main() -> int:
    """Print what was checked and found. Return 1 if there are findings."""
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
    verdict = f"{len(findings)} findings" if findings else "no broken links"
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
    sys.stdout.write(f"crawl at {base}: {len(followed)} URLs over HTTP; {report.counted}\n")
    yield from report.findings
    for link in crawl.links:
        if link.state == "BROKEN":
            yield Finding(link.parent, "", f"{link.url} returns {link.status}")
    yield from _compare_with_sitemap(followed, site)


def _crawl(site: Site) -> _Crawl:
    origin = "/".join(site.url.split("/")[:3])
    options = ("--recurse", "--check-fragments", "--format", "json", "--verbosity", "debug")
    command = [str(NODE), npm_file(_PROGRAM), *options]
    # Skip links to other hosts: this check works offline.
    command += ["--skip", f"^(?!{origin})", site.url]
    return decode(_NAME, run_checker(_NAME, command, site.folder, (0, _BROKEN)), _Crawl)


def _compare_with_sitemap(followed: list[_Link], site: Site) -> Iterator[Finding]:
    """Compare the pages that the crawl reached with the sitemap."""
    reached = {link.url.partition("#")[0].partition("?")[0] for link in followed}
    pages = {url for url in reached if url.endswith(("/", ".html"))}
    listed = {
        str(location.text)
        for location in ET.parse(site.folder / "sitemap.xml").iter(_LOCATION)  # noqa: S314 - ours
    }
    for url in sorted(pages - listed):
        yield Finding("sitemap.xml", "", f"{url} is linked but not listed")
    for url in sorted(listed - pages):
        yield Finding("sitemap.xml", "", f"{url} is listed but not linked")


if __name__ == "__main__":
    sys.exit(main())
