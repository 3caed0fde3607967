"""Lighthouse: what a telephone of the middle class makes of one page of each kind."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from audit.driver import NODE
from audit.hosting import serve
from audit.pages.browser import driven
from audit.pages.findings import Finding, Report
from audit.pages.site import INDEX, KINDS, Site
from audit.pages.tools import decoded, needed, output

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
MEASUREMENTS = 3
"""How often a page may be measured: a busy machine makes it worse, or loses the browser's tab."""
_BUSY = CATEGORIES[0]
"""The category that depends on what else the machine does."""
_FULL = 1
_NAME = "Lighthouse"
_PROGRAM = Path(sys.prefix, "node", "node_modules", "lighthouse", "cli", "index.js")
_FAILED_TOO = 1
"""The exit code where a page cannot be measured; the output then says why."""


class _Reference(msgspec.Struct, frozen=True):
    id: str
    weight: float


class _Category(msgspec.Struct, frozen=True, rename="camel"):
    score: float | None
    audit_refs: tuple[_Reference, ...]


class _Audit(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    title: str
    score: float | None
    display_value: str = ""


class _Trouble(msgspec.Struct, frozen=True):
    message: str


class Output(msgspec.Struct, frozen=True, rename="camel"):
    """What Lighthouse says of a page."""

    categories: Mapping[str, _Category]
    audits: Mapping[str, _Audit]
    runtime_error: _Trouble | None = None

    def score(self, category: str) -> float:
        """From 0 to 1; 0 where there is none, because an audit has failed."""
        return self.categories[category].score or 0


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a page, by the best of so many times."""

    kind: str
    address: str
    output: Output
    times: int


def check(site: Site) -> Report:
    """Whether one page of each kind has full marks in each category."""
    samples = {kind.name: kind.sample for kind in KINDS if kind.sample is not None}
    findings = [
        Finding(f"{address}{INDEX}", "", f'is not there to stand for the kind "{name}"')
        for name, address in samples.items()
        if not (site.folder / address / INDEX).is_file()
    ]
    lacking = {finding.file for finding in findings}
    with serve(site.folder) as origin:
        # One after another: beside each other they would measure each other.
        measured = [
            _measure(name, address, origin)
            for name, address in samples.items()
            if f"{address}{INDEX}" not in lacking
        ]
    findings += [finding for each in measured for finding in _findings(each)]
    again = sum(each.times - 1 for each in measured)
    counted = f"{len(measured)} pages, measured again {again} times"
    return Report(counted, tuple(findings), tuple(_table(measured)))


def _table(measured: list[Measured]) -> Iterator[str]:
    yield f"{'kind':<12}{''.join(f'{name:>16}' for name in CATEGORIES)}{'times':>8}  page"
    for each in measured:
        if not each.output.runtime_error:
            scores = "".join(f"{each.output.score(name):>16.0%}" for name in CATEGORIES)
            yield f"{each.kind:<12}{scores}{each.times:>8}  {each.address}"


def _measure(kind: str, address: str, origin: str) -> Measured:
    outputs: list[Output] = []
    while len(outputs) < MEASUREMENTS:
        outputs.append(_run(f"{origin}/{address}"))
        if outputs[-1].score(_BUSY) == _FULL:
            break
    best = max(outputs, key=lambda each: (not each.runtime_error, each.score(_BUSY)))
    return Measured(kind, f"{address}{INDEX}", best, len(outputs))


def _run(url: str) -> Output:
    with driven() as port:
        command = [str(NODE), needed(_NAME, _PROGRAM), url, f"--port={port}", "--output=json"]
        command += [f"--only-categories={','.join(CATEGORIES)}", "--no-enable-error-reporting"]
        said = written([*command, "--quiet"])
    return decoded(_NAME, said, Output)


def written(command: list[str]) -> str:
    """What Lighthouse writes."""
    with tempfile.TemporaryDirectory(prefix="codebook-") as name:
        # Into a pipe it writes no more than 64 KiB before it fails.
        place = Path(name, "output.json")
        command = [*command, f"--output-path={place}"]
        output(_NAME, command, Path(sys.prefix), (0, _FAILED_TOO))
        return place.read_text(encoding="utf-8") if place.exists() else ""


def _findings(measured: Measured) -> Iterator[Finding]:
    if measured.output.runtime_error:
        yield Finding(measured.address, "", measured.output.runtime_error.message)
        return
    for name in CATEGORIES:
        if measured.output.score(name) == _FULL:
            continue
        yield Finding(measured.address, name, f"{measured.output.score(name):.0%} instead of 100%")
        references = measured.output.categories[name].audit_refs
        for reference in sorted(references, key=lambda each: -each.weight):
            audit = measured.output.audits[reference.id]
            if audit.score is not None and audit.score < _FULL:
                value = f" ({audit.display_value})" if audit.display_value else ""
                yield Finding(measured.address, name, f"{audit.id}: {audit.title}{value}")
