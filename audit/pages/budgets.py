"""The size budgets for what visitors download, compressed as hosts send it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from audit.pages.findings import Finding, Report
from audit.pages.loads import Load, of_page, of_style_sheet
from audit.pages.site import KINDS, OTHER, URL, Site, kind_of

KIB = 1024
PAGE = 14 * KIB
"""HTML and style sheets of a page, which fit into the first round trip of a new connection."""
SCRIPTS = 8 * KIB
INDEX = 12 * KIB
_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Weight:
    """The compressed bytes of a page and of the style sheets that it links."""

    file: str
    kind: str
    html: int
    css: int

    @property
    def total(self) -> int:
        """The size that counts against the budget."""
        return self.html + self.css


def check(site: Site) -> Report:
    """Check the budgets of every page, all scripts, and the search index."""
    style_sheets = {site.display_path(path): path for path in site.files(".css")}
    weights, findings = [], []
    for path in site.files(".html"):
        loads = of_page(path.read_text(encoding="utf-8"))
        file = site.display_path(path)
        weight, missing = _weigh(path, file, loads, style_sheets, site.url)
        weights.append(weight)
        findings += [*missing, *_foreign_loads(file, loads, site.url)]
    for file, path in style_sheets.items():
        findings += _foreign_loads(file, of_style_sheet(path.read_text(encoding="utf-8")), site.url)
    findings += [
        Finding(weight.file, "", f"HTML and CSS have {weight.total:,} bytes (budget: {PAGE:,})")
        for weight in weights
        if weight.total > PAGE
    ]
    scripts = site.files(".js", ".mjs")
    indexes = [path for path in site.files(".json") if path.match("search*.json")]
    table = [*_table(weights)]
    for name, paths, budget in (("JavaScript", scripts, SCRIPTS), ("search index", indexes, INDEX)):
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
    path: Path, file: str, loads: tuple[Load, ...], style_sheets: Mapping[str, Path], url: str
) -> tuple[Weight, list[Finding]]:
    # A style sheet that is linked twice is downloaded once.
    linked = {_file(load.url, file, url): load for load in loads if load.is_style_sheet}
    missing = [
        Finding(file, load.position, f'the stylesheet "{load.url}" is not in the site')
        for name, load in linked.items()
        if name not in style_sheets
    ]
    css = sum(_compressed(style_sheets[name]) for name in linked if name in style_sheets)
    return Weight(file, kind_of(file), _compressed(path), css), missing


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
    """The largest page of each kind."""
    yield f"{'largest':<12}{'html':>8}{'css':>8}{'sum':>8}{'left':>8}  page"
    for kind in (*(kind.name for kind in KINDS), OTHER):
        of_kind = [weight for weight in weights if weight.kind == kind]
        if not of_kind:
            continue
        top = max(of_kind, key=lambda weight: weight.total)
        yield (
            f"{kind:<12}{top.html:>8,}{top.css:>8,}{top.total:>8,}{PAGE - top.total:>8,}  "
            f"{top.file} ({len(of_kind)})"
        )
