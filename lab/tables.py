"""Write the tables of the book from the results.

A table's Markdown page declares its columns, and for surveys the outcomes. This module writes the
CSV file, and into the front matter the subjects with their versions and the date. In a table that
isn't a survey, each subject is a column, and the page chooses which others there are.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from lab.clients import LAB, Client
from lab.results import Result
from lab.run import settled
from lab.scenario import Scenario

TABLES = LAB.parent / "content" / "tables"
_SUBJECTS = re.compile(r"(?<=^\[subjects\]\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_COLUMN_BLOCK = re.compile(r"(?<=^\[columns\]\n).*?(?=^$|^\[|^```$)", re.MULTILINE | re.DOTALL)
_READ = re.compile(r"^read = .*$", re.MULTILINE)
_COLUMNS = ("code", "group", "scenario", "section", "expected")


def written(
    scenarios: Iterable[Scenario], clients: Mapping[str, Client], results: Mapping[str, Result]
) -> Mapping[Path, str]:
    """The CSV file and the Markdown page of each table, as they should be.

    `results` are those of all measured clients. Tables without a page are left out.
    """
    by_table: defaultdict[str, list[Scenario]] = defaultdict(list)
    for scenario in scenarios:
        by_table[scenario.table].append(scenario)
    return dict(
        file for table, rows in by_table.items() for file in _files(table, rows, clients, results)
    )


def _files(
    table: str,
    rows: Sequence[Scenario],
    clients: Mapping[str, Client],
    results: Mapping[str, Result],
) -> Iterator[tuple[Path, str]]:
    page = TABLES / f"{table}.md"
    names = {scenario.id for scenario in rows}
    subjects = {
        key: results[key] for key in clients if key in results and names & {*results[key].runs}
    }
    if not (page.is_file() and subjects):
        return
    newest = max(result.date for result in subjects.values())
    text = _READ.sub(f"read = {newest}", page.read_text(encoding="utf-8"), count=1)
    versions = {key: (clients[key].name, result.version) for key, result in subjects.items()}
    if _SUBJECTS.search(text):
        labels = "".join(
            f'{key} = {{ name = "{name}", version = "{version}" }}\n'
            for key, (name, version) in versions.items()
        )
        columns: Sequence[str] = _COLUMNS
        yield page, _SUBJECTS.sub(lambda _: labels, text)
    else:
        declared = {line.partition(" ")[0]: line for line in _column_lines(text)}
        columns = [column for column in declared if column in _COLUMNS]
        lines = [declared[column] for column in columns]
        lines += [f'{key} = "{name} {version}"' for key, (name, version) in versions.items()]
        yield page, _COLUMN_BLOCK.sub(lambda _: "\n".join([*lines, ""]), text, count=1)
    yield page.with_suffix(".csv"), _csv(rows, columns, subjects)


def _column_lines(text: str) -> Sequence[str]:
    block = _COLUMN_BLOCK.search(text)
    return block[0].splitlines() if block else ()


def _csv(rows: Sequence[Scenario], columns: Sequence[str], subjects: Mapping[str, Result]) -> str:
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow([*columns, *subjects])
    for scenario in rows:
        outcomes = (
            settled(runs) if (runs := result.runs.get(scenario.id)) else ""
            for result in subjects.values()
        )
        values = {
            "code": scenario.code,
            "group": scenario.group,
            "scenario": scenario.id,
            "section": scenario.section,
            "expected": " ".join(scenario.expected),
        }
        writer.writerow([*(values[column] for column in columns), *outcomes])
    return output.getvalue()
