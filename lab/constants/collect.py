#!/usr/bin/env python3
"""Write content/tables/constants.csv: the names for status codes in languages and frameworks.

The names come from installed runtimes, and for some ecosystems from `sources.json`. Columns without
a result stay unchanged. For usage, see `../README.md`.
"""

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
TABLES = FOLDER.parent.parent / "content" / "tables"
ABSENT = ""
"""The cell of a code that an ecosystem has no name for."""


@dataclass(frozen=True)
class Ecosystem:
    """A column of the table."""

    key: str
    command: tuple[str, ...] = ()
    """Prints the names. {} is the program or folder from --use. Empty to use `sources.json`."""
    default: str | None = None
    """The program to run without --use."""


ECOSYSTEMS = (
    Ecosystem("python", ("{}", "ask.py"), "python3"),
    Ecosystem("starlette", ("{}", "ask.py", "starlette")),
    Ecosystem("drf", ("{}", "ask.py", "djangorestframework")),
    Ecosystem("node", ("{}", "ask.mjs"), "node"),
    Ecosystem("http_status_codes", ("node", "ask.mjs", "http-status-codes", "{}")),
    Ecosystem("axios", ("node", "ask.mjs", "axios", "{}")),
    Ecosystem("nestjs", ("node", "ask.mjs", "@nestjs/common", "{}")),
    Ecosystem("go", ("{}", "run", "ask.go"), "go"),
    Ecosystem("rust"),
    Ecosystem("rack", ("{}", "ask.rb"), "ruby"),
    Ecosystem("plug"),
    Ecosystem("symfony"),
    Ecosystem("jdk", ("{}", "Ask.java"), "java"),
    Ecosystem("httpcore"),
    Ecosystem("servlet"),
    Ecosystem("spring"),
    Ecosystem("dotnet"),
    Ecosystem("aspnetcore"),
)


@dataclass(frozen=True)
class Names:
    """The names for a code in an ecosystem."""

    current: tuple[str, ...]
    deprecated: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """The name, its aliases, and deprecated names."""
        return self.current + self.deprecated


@dataclass(frozen=True)
class Result:
    """The names in an ecosystem."""

    version: str | None
    names: Mapping[int, Names]


class UnavailableError(Exception):
    """The runtime or package isn't installed or is too old."""


def parse_version(version: str) -> tuple[int, ...]:
    """The version in a text as numbers, such as 3.13 in "Python 3.13"; () if there is none."""
    match = re.search(r"[0-9]+(?:\.[0-9]+)*", version)
    return tuple(map(int, match[0].split("."))) if match else ()


def page_versions() -> Mapping[str, tuple[int, ...]]:
    """The version of each column on the page of the table."""
    page = (TABLES / "constants.md").read_text(encoding="utf-8")
    front_matter = tomllib.loads(page.split("```toml\n")[1].split("```")[0])
    return {key: parse_version(label) for key, label in front_matter["columns"].items()}


def read_notes() -> Mapping[str, Mapping[str, str]]:
    """The notes in parentheses after names."""
    notes: Mapping[str, Mapping[str, str]] = json.loads((FOLDER / "notes.json").read_text("utf-8"))
    return notes


def parse_result(output: Mapping[str, Any]) -> Result:
    """Parse a result from a script or from sources.json."""
    names = {}
    for code, entry in output["codes"].items():
        current = [entry["name"]] if entry["name"] else []
        names[int(code)] = Names((*current, *entry["aliases"]), tuple(entry["deprecated"]))
    return Result(output["version"], names)


def ask(ecosystem: Ecosystem, program: str | None = None) -> Result:
    """Get the names from a runtime."""
    program = program or ecosystem.default
    if program is None:
        raise UnavailableError(f"choose one with --use {ecosystem.key}=…")
    command = [part.format(program) for part in ecosystem.command]
    try:
        # The commands are those above, and the user chooses the programs.
        run = subprocess.run(  # noqa: S603
            command, cwd=FOLDER, capture_output=True, text=True, check=True, timeout=300
        )
    except OSError as error:
        raise UnavailableError(f"can't start {command[0]}: {error.strerror}") from error
    except subprocess.CalledProcessError as error:
        raise UnavailableError(
            (error.stderr.strip().splitlines() or ["no reason given"])[-1]
        ) from error
    return parse_result(json.loads(run.stdout))


def cell(names: Names | None, remarks: Mapping[str, str]) -> str:
    """A cell of the table."""
    if names is None:
        return ABSENT
    annotations = dict.fromkeys(names.deprecated, "deprecated") | dict(remarks)
    return "; ".join(
        f"{name} ({annotations[name]})" if name in annotations else name for name in names.all
    )


def read_column(ecosystem: Ecosystem, program: str | None) -> tuple[Result, str]:
    """The names in an ecosystem, and their source."""
    if not ecosystem.command:
        source = json.loads((FOLDER / "sources.json").read_text("utf-8"))[ecosystem.key]
        return parse_result(source), f"from {source['source']}"
    result = ask(ecosystem, program)
    required = page_versions()[ecosystem.key]
    installed = parse_version(result.version or "")
    if installed[: len(required)] < required:
        # An older runtime would remove names from the table.
        raise UnavailableError(f"{result.version} is older than the version on the page")
    return result, f"from version {result.version}"


def read_table(text: str) -> Mapping[int, Mapping[str, str]]:
    """The rows of a table, by code."""
    return {int(row["code"]): row for row in csv.DictReader(StringIO(text, newline=""))}


def read_text(path: Path) -> str:
    """The text of a file, with its line endings; empty if it doesn't exist."""
    return path.read_bytes().decode() if path.exists() else ""


def replace_text(path: Path, before: str, after: str) -> None:
    """Replace the text of a file, unless it was edited since it was read."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(after.encode())
    if read_text(path) != before:
        temporary.unlink()
        sys.exit(f"error: {path} changed while the names were collected; run this again")
    temporary.replace(path)


def main(arguments: Sequence[str]) -> int:
    """Write the table, and print the source of each column."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--use", action="append", default=[], metavar="COLUMN=PATH")
    chosen = dict(text.split("=", 1) for text in parser.parse_args(arguments).use)
    remarks = read_notes()
    path = TABLES / "constants.csv"
    # Asking the runtimes takes minutes, in which the table can be edited.
    before = read_text(path)
    old_rows = read_table(before)
    columns: dict[str, Mapping[int, str]] = {}
    for ecosystem in ECOSYSTEMS:
        key = ecosystem.key
        try:
            result, origin = read_column(ecosystem, chosen.get(key))
        except UnavailableError as reason:
            columns[key] = {code: row.get(key, ABSENT) for code, row in old_rows.items()}
            origin = f"unchanged: {reason}"
        else:
            items = result.names.items()
            columns[key] = {code: cell(names, remarks.get(key, {})) for code, names in items}
        sys.stderr.write(f"{key}: {origin}\n")
    defined = {code for cells in columns.values() for code in cells if cells[code] != ABSENT}
    after = StringIO()
    writer = csv.writer(after, lineterminator="\n")
    writer.writerow(["code", *columns])
    for code in sorted(defined | set(read_table(read_text(TABLES / "registry.csv")))):
        writer.writerow([code, *(cells.get(code, ABSENT) for cells in columns.values())])
    replace_text(path, before, after.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
