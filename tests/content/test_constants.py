"""The table of constants agrees with the installed runtimes, and with the lab."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest

from lab.constants import collect
from tests.book_files import CONTENT, REGISTRY, front_matter, rows
from tests.offenders import assert_none

PAGE = CONTENT / "tables" / "constants.md"
ROWS = {int(row["code"]): row for row in rows("constants")}
ECOSYSTEMS = {ecosystem.key: ecosystem for ecosystem in collect.ECOSYSTEMS}
AGAIN = "correct lab/constants, then run lab/constants/collect.py: it writes the table"

FORMS = {
    "python": r"HTTPStatus\.[A-Z_]+",
    "starlette": r"status\.HTTP_[0-9]{3}_[A-Z_]+",
    "drf": r"status\.HTTP_[0-9]{3}_[A-Z_]+",
    "node": r"http2\.constants\.HTTP_STATUS_[A-Z_]+",
    "http_status_codes": r"StatusCodes\.[A-Z_]+",
    "axios": r"HttpStatusCode\.[A-Z][A-Za-z]+",
    "nestjs": r"HttpStatus\.[A-Z_]+",
    "go": r"http\.Status[A-Z][A-Za-z]+",
    "rust": r"StatusCode::[A-Z_]+",
    "rack": r":[a-z_]+",
    "plug": r":[a-z_]+",
    "symfony": r"Response::HTTP_[A-Z_]+",
    "jdk": r"HttpURLConnection\.HTTP_[A-Z_]+",
    "httpcore": r"HttpStatus\.SC_[A-Z_]+",
    "servlet": r"HttpServletResponse\.SC_[A-Z_]+",
    "spring": r"HttpStatus\.[A-Z_]+",
    "dotnet": r"HttpStatusCode\.[A-Z][A-Za-z]+",
    "aspnetcore": r"StatusCodes\.Status[0-9]{3}[A-Z][A-Za-z]+",
}
"""How a program of each ecosystem writes a name."""


def entries(cell: str) -> Mapping[str, str]:
    """The names in a cell, each with its note in parentheses."""
    if cell == collect.ABSENT:
        return {}
    pairs = (re.fullmatch(r"(\S+)(?: \(([^()]+)\))?", entry) for entry in cell.split("; "))
    return {pair[1]: pair[2] or "" for pair in pairs if pair}


def present() -> Iterator[str]:
    """The installed runtimes, besides the Python that runs the tests."""
    yield from (key for key in ("node", "go") if shutil.which(key))
    if shutil.which("java") and shutil.which("javac"):  # a bare runtime cannot start a source file
        yield "jdk"
    if ruby := shutil.which("ruby"):
        loaded = subprocess.run([ruby, "-e", 'require "rack"'], capture_output=True, check=False)
        if loaded.returncode == 0:
            yield "rack"


@pytest.mark.slow
@pytest.mark.parametrize("key", ["python", *present()])
def test_names_match_the_installed_runtime(key: str) -> None:
    """If they differ, run lab/constants/collect.py and update the version on the page."""
    runtime = collect.ask(ECOSYSTEMS[key], sys.executable if key == "python" else None)
    version, page = collect.parse_version(runtime.version or ""), collect.page_versions()[key]
    # A newer version may have names that the page does not promise.
    newer = version[: len(page)] > page
    offenders = []
    for code in sorted(set(ROWS) | set(runtime.names)):
        known = entries(ROWS[code][key]) if code in ROWS else {}
        real = runtime.names[code].all if code in runtime.names else ()
        for name, note in known.items():
            since = collect.parse_version(note) if note.startswith("since ") else ()
            if version >= since and name not in real:
                offenders.append(f"{code}: {key} {runtime.version} has no {name}; {AGAIN}")
        if not newer:
            offenders += [
                f"{code}: {key} {runtime.version} has {name}, too; {AGAIN}"
                for name in real
                if name not in known
            ]
    assert_none(offenders)


def test_a_cell_is_a_list_of_names_or_empty() -> None:
    """Write names as in programs, separated by semicolons, or nothing."""
    offenders = []
    for key in ECOSYSTEMS:
        entry = rf"(?:{FORMS[key]})(?: \([^();]+\))?"
        offenders += [
            f'{code}, column {key}: "{row[key]}" is neither; {AGAIN}'
            for code, row in ROWS.items()
            if not re.fullmatch(rf"{collect.ABSENT}|{entry}(?:; {entry})*", row[key])
        ]
    assert_none(offenders)


def test_a_name_belongs_to_one_code() -> None:
    """A number in a name must match its row. Check which row is wrong."""
    offenders = []
    for key in ECOSYSTEMS:
        rows_of: dict[str, int] = {}
        for code, row in ROWS.items():
            for name in entries(row[key]):
                other = rows_of.setdefault(name, code)
                if other != code:
                    offenders.append(f"column {key}: {name} is in the rows {other} and {code}")
                if re.findall(r"[0-9]{3}", name) not in ([], [str(code)]):
                    offenders.append(f"column {key}: {name} is in the row {code}")
    assert_none(offenders)


def test_a_column_from_sources_matches_the_lab() -> None:
    """Correct sources.json or notes.json in the lab, not the table."""
    offenders = []
    for key in [key for key in ECOSYSTEMS if not ECOSYSTEMS[key].command]:
        source, _ = collect.read_column(ECOSYSTEMS[key], None)
        remarks = collect.read_notes().get(key, {})
        for code in sorted(set(ROWS) | set(source.names)):
            wanted = collect.cell(source.names.get(code), remarks)
            cell = ROWS[code][key] if code in ROWS else "no such row"
            if cell != wanted:
                offenders.append(
                    f'{code}, column {key}: "{cell}" is "{wanted}" in the lab; {AGAIN}'
                )
    assert_none(offenders)


def test_a_note_is_in_the_table() -> None:
    """Remove notes about removed names from notes.json; restore notes that were edited by hand."""
    assert collect.read_notes()
    offenders = []
    for key, notes in collect.read_notes().items():
        known = {name: note for row in ROWS.values() for name, note in entries(row[key]).items()}
        offenders += [
            f'{key}: notes.json says "{note}" of {name}; {AGAIN}'
            for name, note in notes.items()
            if known.get(name) != note
        ]
    assert_none(offenders)


def test_every_source_names_its_commit() -> None:
    """Each entry in sources.json names a repository, a commit, and a file."""
    sources = json.loads((collect.FOLDER / "sources.json").read_text(encoding="utf-8"))
    for key, entry in sources.items():
        match = re.fullmatch(r"[\w.-]+/[\w.-]+@([0-9a-f]{40}) \S+", entry["source"])
        assert match, f'{key}: write "owner/name@commit path", not "{entry["source"]}"'
        text = PAGE.read_text(encoding="utf-8")
        assert match[1][:12] in text, (
            f"{key}: the page names another commit than sources.json, {match[1][:12]}"
        )


def test_every_registered_code_has_a_row() -> None:
    """Rows are unique and sorted. collect.py adds rows for new codes in the registry."""
    missing = sorted(set(REGISTRY) - set(ROWS))
    assert not missing, f"constants.csv has no row for {missing}; {AGAIN}"
    codes = [int(row["code"]) for row in rows("constants")]
    assert codes == sorted(set(codes)), f"the codes are not in order or not unique; {AGAIN}"


def test_the_page_the_table_and_the_lab_have_the_same_columns() -> None:
    """Add a column to all of them: [columns] on the page, the table, ECOSYSTEMS in collect.py."""
    columns = ["code", *ECOSYSTEMS]
    assert list(front_matter(PAGE)["columns"]) == columns, (
        "constants.md has other columns than collect.py"
    )
    assert list(rows("constants")[0]) == columns, f"constants.csv has other columns; {AGAIN}"
    assert list(FORMS) == columns[1:], "say in FORMS how a program writes a name of the new column"
