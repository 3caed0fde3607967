"""Write the tables of the book from the results.

A table's Markdown page declares its columns, and for surveys the outcomes. This module writes the
CSV file, and into the front matter the subjects with their versions and the date.
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
    labels = "".join(
        f'{key} = {{ name = "{clients[key].name}", version = "{result.version}" }}\n'
        for key, result in subjects.items()
    )
    newest = max(result.date for result in subjects.values())
    text = _SUBJECTS.sub(lambda _: labels, page.read_text(encoding="utf-8"))
    yield page, _READ.sub(f"read = {newest}", text, count=1)
    yield page.with_suffix(".csv"), _csv(rows, subjects)


def _csv(rows: Sequence[Scenario], subjects: Mapping[str, Result]) -> str:
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow([*_COLUMNS, *subjects])
    for scenario in rows:
        outcomes = (
            settled(runs) if (runs := result.runs.get(scenario.id)) else ""
            for result in subjects.values()
        )
        expected = " ".join(scenario.expected)
        row = (scenario.code, scenario.group, scenario.id, scenario.section, expected)
        writer.writerow([*row, *outcomes])
    return output.getvalue()
