#!/usr/bin/env python3
"""Write content/tables/constants.csv: how each language and framework names the status codes.

It asks the runtimes that are here; `sources.json` answers for the ecosystems that are read from
their source. A column that nobody answers for stays as it is. `../README.md` says how to run it.
"""

import argparse
import csv
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TABLES = HERE.parent.parent / "content" / "tables"
ABSENT = "absent"


@dataclass(frozen=True)
class Ecosystem:
    """A column of the table."""

    key: str
    command: tuple[str, ...] = ()
    """Asks the runtime; {} is the program, or the folder, that --use gives. Empty: it is read."""
    usual: str | None = None
    """The program that is asked if --use does not name another."""


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
    """What one ecosystem calls one code."""

    current: tuple[str, ...]
    deprecated: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """The name, its aliases, the deprecated ones."""
        return self.current + self.deprecated


@dataclass(frozen=True)
class Answer:
    """What one ecosystem said."""

    version: str | None
    names: Mapping[int, Names]


class NoAnswerError(Exception):
    """The runtime is not there, or lacks the package."""


def numbers(version: str) -> tuple[int, ...]:
    """A version for comparing: the 3.13 of "Python 3.13"; none gives ()."""
    found = re.search(r"[0-9]+(?:\.[0-9]+)*", version)
    return tuple(map(int, found[0].split("."))) if found else ()


def labelled() -> Mapping[str, tuple[int, ...]]:
    """The version that the table's page gives for each column."""
    page = (TABLES / "constants.md").read_text(encoding="utf-8")
    head = tomllib.loads(page.split("```toml\n")[1].split("```")[0])
    return {key: numbers(label) for key, label in head["columns"].items()}


def notes() -> Mapping[str, Mapping[str, str]]:
    """What stands in brackets after a name: no runtime can be asked for that."""
    found: Mapping[str, Mapping[str, str]] = json.loads((HERE / "notes.json").read_text("utf-8"))
    return found


def understood(said: Mapping[str, Any]) -> Answer:
    """An answer in JSON, as the scripts print it and as sources.json holds it."""
    names = {}
    for code, entry in said["codes"].items():
        first = [entry["name"]] if entry["name"] else []
        names[int(code)] = Names((*first, *entry["aliases"]), tuple(entry["deprecated"]))
    return Answer(said["version"], names)


def ask(ecosystem: Ecosystem, used: str | None = None) -> Answer:
    """The answer of a runtime."""
    choice = used or ecosystem.usual
    if choice is None:
        raise NoAnswerError(f"say which one with --use {ecosystem.key}=…")
    command = [part.format(choice) for part in ecosystem.command]
    try:
        # The commands are the ones above, and the programs those of whoever starts this.
        run = subprocess.run(  # noqa: S603
            command, cwd=HERE, capture_output=True, text=True, check=True, timeout=300
        )
    except OSError as error:
        raise NoAnswerError(f"{command[0]} cannot be started: {error.strerror}") from error
    except subprocess.CalledProcessError as error:
        raise NoAnswerError(
            (error.stderr.strip().splitlines() or ["no reason given"])[-1]
        ) from error
    return understood(json.loads(run.stdout))


def cell(names: Names | None, remarks: Mapping[str, str]) -> str:
    """A cell of the table."""
    if names is None:
        return ABSENT
    said = dict.fromkeys(names.deprecated, "deprecated") | dict(remarks)
    return "; ".join(f"{name} ({said[name]})" if name in said else name for name in names.all)


def column(ecosystem: Ecosystem, used: str | None) -> tuple[Answer, str]:
    """What is known of an ecosystem, and how."""
    if not ecosystem.command:
        said = json.loads((HERE / "sources.json").read_text("utf-8"))[ecosystem.key]
        return understood(said), f"read from {said['source']}"
    answer = ask(ecosystem, used)
    wanted = labelled()[ecosystem.key]
    found = numbers(answer.version or "")
    if found[: len(wanted)] < wanted:
        # An older runtime would take away names that the table has.
        raise NoAnswerError(f"{answer.version} is older than the version on the page")
    return answer, f"asked {answer.version}"


def table(path: Path) -> Mapping[int, Mapping[str, str]]:
    """The rows of a table by their codes."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {int(row["code"]): row for row in csv.DictReader(lines)}


def main(arguments: Sequence[str]) -> int:
    """Write the table, and say for each column where it is from."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--use", action="append", default=[], metavar="COLUMN=PATH")
    chosen = dict(text.split("=", 1) for text in parser.parse_args(arguments).use)
    remarks = notes()
    path = TABLES / "constants.csv"
    before = table(path)
    columns: dict[str, Mapping[int, str]] = {}
    for ecosystem in ECOSYSTEMS:
        key = ecosystem.key
        try:
            answer, how = column(ecosystem, chosen.get(key))
        except NoAnswerError as reason:
            columns[key] = {code: row.get(key, ABSENT) for code, row in before.items()}
            how = f"kept as it was: {reason}"
        else:
            said = answer.names.items()
            columns[key] = {code: cell(names, remarks.get(key, {})) for code, names in said}
        sys.stderr.write(f"{key}: {how}\n")
    defined = {code for cells in columns.values() for code in cells if cells[code] != ABSENT}
    with path.open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines, lineterminator="\n")
        rows.writerow(["code", *columns])
        for code in sorted(defined | set(table(TABLES / "registry.csv"))):
            rows.writerow([code, *(cells.get(code, ABSENT) for cells in columns.values())])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
