"""Lighthouse scores for one page of each kind on a mid-range phone."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from audit.hosting import serve
from audit.npm import NODE
from audit.pages.browser import remote_chromium
from audit.pages.findings import Finding, Report
from audit.pages.site import INDEX, KINDS, Site
from audit.pages.tools import decode, npm_file, run_checker

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
MAX_MEASUREMENTS = 3
"""How often to measure a page at most. A busy machine can lower scores or crash the tab."""
_PERFORMANCE = CATEGORIES[0]
"""The category that depends on system load."""
_FULL_SCORE = 1
_NAME = "Lighthouse"
_PROGRAM = "lighthouse/cli/index.js"
_PAGE_FAILED = 1
"""The exit code if a page can't be measured. The output says why."""


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


class _RuntimeError(msgspec.Struct, frozen=True):
    message: str


class Output(msgspec.Struct, frozen=True, rename="camel"):
    """The report of Lighthouse for a page."""

    categories: Mapping[str, _Category]
    audits: Mapping[str, _Audit]
    runtime_error: _RuntimeError | None = None

    def score(self, category: str) -> float:
        """The score from 0 to 1, or 0 if an audit failed."""
        return self.categories[category].score or 0


@dataclass(frozen=True, slots=True)
class Measurement:
    """The best of several measurements of a page."""

    kind: str
    file: str
    output: Output
    times: int


def check(site: Site) -> Report:
    """Check that one page of each kind has the full score in each category."""
    samples = {kind.name: kind.sample for kind in KINDS if kind.sample is not None}
    findings = [
        Finding(f"{path}{INDEX}", "", f'is missing (sample for the kind "{name}")')
        for name, path in samples.items()
        if not (site.folder / path / INDEX).is_file()
    ]
    missing = {finding.file for finding in findings}
    with serve(site.folder) as origin:
        # Measure one page at a time: parallel runs would slow each other down.
        measurements = [
            _measure(name, path, origin)
            for name, path in samples.items()
            if f"{path}{INDEX}" not in missing
        ]
    findings += [finding for measurement in measurements for finding in _findings(measurement)]
    again = sum(measurement.times - 1 for measurement in measurements)
    counted = f"{len(measurements)} pages, measured again {again} times"
    return Report(counted, tuple(findings), tuple(_table(measurements)))


def _table(measurements: list[Measurement]) -> Iterator[str]:
    yield f"{'kind':<12}{''.join(f'{name:>16}' for name in CATEGORIES)}{'times':>8}  page"
    for measurement in measurements:
        if not measurement.output.runtime_error:
            scores = "".join(f"{measurement.output.score(name):>16.0%}" for name in CATEGORIES)
            yield f"{measurement.kind:<12}{scores}{measurement.times:>8}  {measurement.file}"


def _measure(kind: str, path: str, origin: str) -> Measurement:
    outputs: list[Output] = []
    while len(outputs) < MAX_MEASUREMENTS:
        outputs.append(_run(f"{origin}/{path}"))
        if outputs[-1].score(_PERFORMANCE) == _FULL_SCORE:
            break
    best = max(outputs, key=lambda output: (not output.runtime_error, output.score(_PERFORMANCE)))
    return Measurement(kind, f"{path}{INDEX}", best, len(outputs))


def _run(url: str) -> Output:
    with remote_chromium() as port:
        command = [str(NODE), npm_file(_PROGRAM), url, f"--port={port}", "--output=json"]
        command += [f"--only-categories={','.join(CATEGORIES)}", "--no-enable-error-reporting"]
        # No score depends on it, and it takes two seconds.
        command.append("--disable-full-page-screenshot")
        text = run_lighthouse([*command, "--quiet"])
    return decode(_NAME, text, Output)


def run_lighthouse(command: list[str]) -> str:
    """Run Lighthouse, and return its report."""
    with tempfile.TemporaryDirectory(prefix="codebook-") as name:
        # Lighthouse fails after 64 KiB when it writes to a pipe.
        report = Path(name, "output.json")
        command = [*command, f"--output-path={report}"]
        run_checker(_NAME, command, Path(sys.prefix), (0, _PAGE_FAILED))
        return report.read_text(encoding="utf-8") if report.exists() else ""


def _findings(measurement: Measurement) -> Iterator[Finding]:
    if measurement.output.runtime_error:
        yield Finding(measurement.file, "", measurement.output.runtime_error.message)
        return
    for name in CATEGORIES:
        if measurement.output.score(name) == _FULL_SCORE:
            continue
        yield Finding(
            measurement.file, name, f"{measurement.output.score(name):.0%} instead of 100%"
        )
        references = measurement.output.categories[name].audit_refs
        for reference in sorted(references, key=lambda reference: -reference.weight):
            audit = measurement.output.audits[reference.id]
            if audit.score is not None and audit.score < _FULL_SCORE:
                value = f" ({audit.display_value})" if audit.display_value else ""
                yield Finding(measurement.file, name, f"{audit.id}: {audit.title}{value}")
