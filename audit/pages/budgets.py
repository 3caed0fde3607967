"""The size budgets for what visitors download, compressed as hosts send it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from audit.pages.findings import Finding, Report
from audit.pages.loads import Load, of_page, of_style_sheet
from audit.pages.site import INDEX, KINDS, OTHER, URL, Site, kind_of

KIB = 1024
PAGE = 14 * KIB
"""HTML and style sheets of a page, which fit into the first round trip of a new connection."""
FIRST_SCRIPTS = 3 * KIB
"""The scripts that a page loads before anything on it is used."""
SCRIPTS = 10 * KIB
SEARCH_INDEX = 16 * KIB
REQUESTS = 6
"""The files that a browser requests with the first page of a visit, including the page."""
_LEVEL = 9
_OTHER_ICONS = frozenset({"apple-touch-icon", "manifest"})
"""Firefox also requests the icon for home screens, and Chromium the manifest."""
_CONDITIONAL = _OTHER_ICONS | {"icon"}
"""Links that a browser doesn't always follow: of several icons, it takes one."""
_HOME_ONLY = "search"
"""The description of a search, which Chromium requests on the home page."""


@dataclass(frozen=True, slots=True)
class Weight:
    """The compressed bytes of a page, and of what it loads."""

    file: str
    kind: str
    html: int
    css: int
    scripts: int
    """The scripts that load before anything is used."""
    requests: int
    """How many files a browser requests, including the page."""

    @property
    def total(self) -> int:
        """The size that counts against the budget."""
        return self.html + self.css


def check(site: Site) -> Report:
    """Check the budgets of every page, all scripts, and the search index."""
    style_sheets, scripts = site.files(".css"), site.files(".js", ".mjs")
    sizes = {site.display_path(path): _compressed(path) for path in (*style_sheets, *scripts)}
    weights, findings = [], []
    for path in site.files(".html"):
        loads = of_page(path.read_text(encoding="utf-8"))
        file = site.display_path(path)
        weight, missing = _weigh(path, file, loads, sizes, site.url)
        weights.append(weight)
        findings += [*missing, *_foreign_loads(file, loads, site.url)]
    for path in style_sheets:
        loads = tuple(of_style_sheet(path.read_text(encoding="utf-8")))
        findings += _foreign_loads(site.display_path(path), loads, site.url)
    findings += [finding for weight in weights for finding in _exceeded(weight)]
    indexes = [path for path in site.files(".json") if path.match("search*.json")]
    table = [*_table(weights)]
    for name, paths, budget in (
        ("JavaScript", scripts, SCRIPTS),
        ("search index", indexes, SEARCH_INDEX),
    ):
        size = sum(map(_compressed, paths))
        table.append(f"{name}: {size:,} bytes of {budget:,} (files: {len(paths)})")
        if size > budget:
            files = ", ".join(map(site.display_path, paths))
            findings.append(Finding(files, "", f"{name} has {size:,} bytes (budget: {budget:,})"))
    largest = max(weights, key=lambda weight: weight.total)
    counted = f"{len(weights)} pages, the largest {largest.total:,} bytes of {PAGE:,}"
    return Report(counted, tuple(findings), tuple(table))


def _compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), _LEVEL, mtime=0))


def _weigh(
    path: Path, file: str, loads: tuple[Load, ...], sizes: Mapping[str, int], url: str
) -> tuple[Weight, list[Finding]]:
    files = [(_file(load.url, file, url), load) for load in loads]
    # A file that is linked twice is downloaded once.
    linked = {name: load for name, load in files if load.is_style_sheet}
    missing = [
        Finding(file, load.position, f'the stylesheet "{load.url}" is not in the site')
        for name, load in linked.items()
        if name not in sizes
    ]
    css = sum(sizes.get(name, 0) for name in linked)
    scripts = {name for name, load in files if not load.relations}
    first_scripts = sum(sizes.get(name, 0) for name in scripts)
    weight = Weight(
        file, kind_of(file), _compressed(path), css, first_scripts, _requests(file, files)
    )
    return weight, missing


def _requests(page: str, files: Sequence[tuple[str, Load]]) -> int:
    """How many of these files a browser requests, and the page."""
    unrequested = _CONDITIONAL if page == INDEX else _CONDITIONAL | {_HOME_ONLY}
    always = {name for name, load in files if not load.relations & unrequested}
    icons = [name for name, load in files if "icon" in load.relations]
    has_other_icon = any(load.relations & _OTHER_ICONS for _, load in files)
    return 1 + len(always.union(icons[-1:])) + has_other_icon


def _exceeded(weight: Weight) -> Iterator[Finding]:
    for name, value, budget in (
        ("HTML and CSS have {:,} bytes", weight.total, PAGE),
        ("the first scripts have {:,} bytes", weight.scripts, FIRST_SCRIPTS),
        ("a first visit takes {} requests", weight.requests, REQUESTS),
    ):
        if value > budget:
            yield Finding(weight.file, "", f"{name.format(value)} (budget: {budget:,})")


def _file(link: str, page: str, url: str) -> str:
    """The file of the site that a link on a page points to."""
    base = url or URL
    target = urljoin(base + page, link)
    return unquote(urlsplit(target).path).removeprefix(urlsplit(base).path)


def _foreign_loads(file: str, loads: Iterable[Load], url: str) -> Iterator[Finding]:
    host = urlsplit(url).netloc
    for load in loads:
        parts = urlsplit(load.url)
        if parts.netloc and parts.netloc != host:
            yield Finding(file, load.position, f'"{load.url}" is loaded from another host')


def _table(weights: list[Weight]) -> Iterator[str]:
    """The largest page of each kind, and the most that any page of the kind requests."""
    columns = f"{'html':>8}{'css':>8}{'sum':>8}{'left':>8}{'scripts':>9}{'requests':>10}"
    yield f"{'largest':<12}{columns}  page"
    for kind in (*(kind.name for kind in KINDS), OTHER):
        of_kind = [weight for weight in weights if weight.kind == kind]
        if not of_kind:
            continue
        top = max(of_kind, key=lambda weight: weight.total)
        requests = max(weight.requests for weight in of_kind)
        yield (
            f"{kind:<12}{top.html:>8,}{top.css:>8,}{top.total:>8,}{PAGE - top.total:>8,}"
            f"{top.scripts:>9,}{requests:>10}  {top.file} ({len(of_kind)})"
        )
