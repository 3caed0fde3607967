"""The budgets of sizes: what a visitor waits for, compressed as hosts send it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from audit.pages.findings import Finding, Report
from audit.pages.loads import Load, of_page, of_stylesheet
from audit.pages.site import ADDRESS, KINDS, OTHER, Site, kind_of

KIB = 1024
PAGE = 14 * KIB
"""HTML and stylesheets of a page: what fits into the first flight of a new connection."""
SCRIPTS = 8 * KIB
INDEX = 12 * KIB
_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Weight:
    """The compressed bytes of a page and of the stylesheets that it links."""

    file: str
    kind: str
    html: int
    css: int

    @property
    def total(self) -> int:
        """What is held against the budget."""
        return self.html + self.css


def check(site: Site) -> Report:
    """Whether every page, all scripts and the search index keep their budgets."""
    styles = {site.display_path(path): path for path in site.files(".css")}
    weights, findings = [], []
    for path in site.files(".html"):
        loads = of_page(path.read_text(encoding="utf-8"))
        file = site.display_path(path)
        weight, faults = _weigh(path, file, loads, styles, site.address)
        weights.append(weight)
        findings += [*faults, *_foreign(file, loads, site.address)]
    for file, path in styles.items():
        findings += _foreign(file, of_stylesheet(path.read_text(encoding="utf-8")), site.address)
    findings += [
        Finding(each.file, "", f"HTML and CSS take {each.total:,} bytes of {PAGE:,}")
        for each in weights
        if each.total > PAGE
    ]
    scripts = site.files(".js", ".mjs")
    indexes = [path for path in site.files(".json") if path.match("search*.json")]
    table = [*_table(weights)]
    for name, paths, budget in (("JavaScript", scripts, SCRIPTS), ("search index", indexes, INDEX)):
        size = sum(map(_compressed, paths))
        table.append(f"{name}: {size:,} bytes of {budget:,} (files: {len(paths)})")
        if size > budget:
            files = ", ".join(map(site.display_path, paths))
            findings.append(Finding(files, "", f"{name} takes {size:,} bytes of {budget:,}"))
    largest = max(weights, key=lambda each: each.total)
    counted = f"{len(weights)} pages, the largest {largest.total:,} bytes of {PAGE:,}"
    return Report(counted, tuple(findings), tuple(table))


def _compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), _LEVEL, mtime=0))


def _weigh(
    path: Path, file: str, loads: tuple[Load, ...], styles: Mapping[str, Path], address: str
) -> tuple[Weight, list[Finding]]:
    # A stylesheet that is linked twice is fetched once.
    linked = {_file(each.url, file, address): each for each in loads if each.is_stylesheet}
    missing = [
        Finding(file, each.place, f'the stylesheet "{each.url}" is not in the site')
        for name, each in linked.items()
        if name not in styles
    ]
    css = sum(_compressed(styles[name]) for name in linked if name in styles)
    return Weight(file, kind_of(file), _compressed(path), css), missing


def _file(url: str, page: str, address: str) -> str:
    """The file of the site that an address on a page leads to."""
    base = address or ADDRESS
    there = urljoin(base + page, url)
    return unquote(urlsplit(there).path).removeprefix(urlsplit(base).path)


def _foreign(file: str, loads: Iterable[Load], address: str) -> Iterator[Finding]:
    host = urlsplit(address).netloc
    for load in loads:
        parts = urlsplit(load.url)
        if parts.netloc and parts.netloc != host:
            yield Finding(file, load.place, f'"{load.url}" is loaded from another host')


def _table(weights: list[Weight]) -> Iterator[str]:
    """The largest page of each kind."""
    yield f"{'largest':<12}{'html':>8}{'css':>8}{'sum':>8}{'left':>8}  page"
    for kind in (*(each.name for each in KINDS), OTHER):
        of_kind = [each for each in weights if each.kind == kind]
        if not of_kind:
            continue
        top = max(of_kind, key=lambda each: each.total)
        yield (
            f"{kind:<12}{top.html:>8,}{top.css:>8,}{top.total:>8,}{PAGE - top.total:>8,}  "
            f"{top.file} ({len(of_kind)})"
        )
