"""Every rule by example: the cases in `cases/RULE.md`, in the format of `tests/case_files.py`."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from itertools import groupby
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from codebook.build.pipeline import BuildResult, build_site
from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Diagnostic, Rule, Severity
from codebook.diagnostics.excerpt import printable
from codebook.diagnostics.formats import Format
from codebook.diagnostics.reports import report
from codebook.diagnostics.source import Folder, Span
from codebook.io.sources import read_folder
from tests.case_files import (
    CASES,
    Tree,
    base_book,
    broken_book,
    fixed_book,
    format_cases,
    parse_cases,
    read_cases,
)

ROOT = Path(__file__).resolve().parents[2]
ALL_CASES = read_cases()

SCHEMA = Draft202012Validator(
    json.loads((ROOT / "docs" / "schemas" / "problems.json").read_bytes())
)
((PATTERN,),) = (
    matcher["pattern"]
    for matcher in json.loads((ROOT / ".github" / "codebook.json").read_bytes())["problemMatcher"]
)

NEW_NAME = re.compile(
    r"(?:rename the file to|move the file to|, and \S+ to|match a class:|,|did you mean"
    r"|describe the table in|add) ([\w./-]+\.(?:md|csv|txt|toml|html))"
)
"""The name that a help gives to a file."""

Builds = Mapping[str, BuildResult]
CACHE = Cache()


def build(tree: Tree, templates: Folder) -> BuildResult:
    """Build the site of a book, with the repository's templates except those that it replaces."""
    new = tree.folder("templates")
    return build_site(
        tree.folder("content"),
        Folder("templates", {**templates.files, **new.files}, new.symlinks),
        "site",
        "",
        cache=CACHE,
    )


@pytest.fixture(scope="module")
def broken(templates: Folder) -> Builds:
    """Build every case with its error, by its name."""
    return {case.name: build(broken_book(case), templates) for case in ALL_CASES}


def full_report(result: BuildResult) -> str:
    """Return the report for people."""
    return report(result.groups, result.sources, Format.FULL)


def test_every_rule_has_cases_and_every_file_has_a_rule() -> None:
    """The first case of a rule is the example of its explanation."""
    if not os.environ.get("UPDATE_GOLDEN"):
        assert {path.name for path in CASES.iterdir()} == {f"{rule}.md" for rule in Rule}
    firsts = [next(group) for _, group in groupby(ALL_CASES, lambda case: case.rule)]
    assert [case.rule for case in firsts if case.is_first] == [*Rule]


def test_every_line_of_a_case_file_is_read() -> None:
    """Writing the parsed cases gives the same file."""
    differing = [
        path.name
        for path in CASES.iterdir()
        for text in (path.read_bytes().decode(),)
        if format_cases(path.stem, parse_cases(path.stem, text)) != text
    ]
    assert not differing


def test_no_two_cases_are_the_same() -> None:
    """Each has its title and its book."""
    names = [case.name for case in ALL_CASES]
    books = {(str(case.bad), case.rule): case.name for case in ALL_CASES}
    assert sorted(names) == sorted({*names})
    assert sorted(names) == sorted(books.values())


def test_the_base_book_is_valid(templates: Folder) -> None:
    """The book that every case changes has no error."""
    assert full_report(build(base_book(), templates)) == ""


def test_a_case_gives_exactly_the_expected_report(broken: Builds) -> None:
    """Every case gives the report in its file; `UPDATE_GOLDEN=1` writes it."""
    assert broken
    if os.environ.get("UPDATE_GOLDEN"):
        for rule, group in groupby(ALL_CASES, lambda case: case.rule):
            cases = [replace(case, report=full_report(broken[case.name])) for case in group]
            (CASES / f"{rule}.md").write_bytes(format_cases(rule, cases).encode())
        return
    differences = [
        "\n".join(unified_diff(case.report.split("\n"), text.split("\n"), "expected", case.name))
        for case in ALL_CASES
        for text in (full_report(broken[case.name]),)
        if text != case.report
    ]
    assert not differences, "\n\n".join(differences)


def test_one_error_is_one_diagnostic_of_its_rule(broken: Builds) -> None:
    """Consequences of an error are not reported separately."""
    wrong = {
        case.name: rules
        for case in ALL_CASES
        for rules in ([group.cause.rule.value for group in broken[case.name].groups],)
        if rules != [case.rule]
    }
    assert not wrong


def test_only_an_error_prevents_a_site(broken: Builds) -> None:
    """Warnings alone don't."""
    wrong = [
        name
        for name, result in broken.items()
        if (result.files is None)
        != (Severity.ERROR in {diagnostic.severity for diagnostic in result.diagnostics})
    ]
    assert not wrong


def test_the_help_of_a_diagnostic_fixes_it(templates: Folder) -> None:
    """Following the help gives a site without diagnostics."""
    remaining = [
        f"{case.name}\n{full_report(result) or 'no site'}"
        for case in ALL_CASES
        for result in (build(fixed_book(case), templates),)
        if result.diagnostics or not result.files
    ]
    assert not remaining, "\n\n".join(remaining)


def test_no_help_proposes_the_name_of_an_existing_file(broken: Builds) -> None:
    """Following it would overwrite that file. Only links lead to existing files."""
    links = {Rule.BROKEN_LINK, Rule.FORBIDDEN_LINK, Rule.DEAD_LINK, Rule.LOST_URL}
    taken = {}
    proposed = 0
    for case in ALL_CASES:
        tree = broken_book(case)
        for diagnostic in broken[case.name].diagnostics:
            own = diagnostic.span.path
            existing = {path.casefold() for path in (*tree.files, *tree.links)} - {own.casefold()}
            names = [] if diagnostic.rule in links else NEW_NAME.findall(diagnostic.help)
            proposed += len(names)
            places = (f"{own.rpartition('/')[0]}/", "content/", "")
            if {f"{place}{name}".casefold() for name in names for place in places} & existing:
                taken[case.name] = diagnostic.help
    assert proposed > 10
    assert not taken


def test_a_diagnostic_is_worded_as_all_others(broken: Builds) -> None:
    """A message is one lowercase line without a period; there is always a help."""
    wrong = {
        name: sorted(texts)
        for name, diagnostic in diagnostics(broken)
        for texts in ({*misworded(diagnostic)},)
        if texts
    }
    assert not wrong


def misworded(diagnostic: Diagnostic) -> Iterator[str]:
    """Yield the texts of a diagnostic that are worded in another way."""
    note = diagnostic.note.text if diagnostic.note else ""
    for text in (diagnostic.message, diagnostic.label, note, diagnostic.help):
        first = text.removeprefix("HTML").lstrip('"')[:1]
        is_lower = text.startswith(('"', "HTML")) or first == first.lower()
        if text != text.strip() or text.endswith(".") or "\n" in text or not is_lower:
            yield text
    if not diagnostic.message:
        yield "no message"
    if not diagnostic.help:
        yield "no help"


def test_a_report_for_programs_is_as_its_schema_says(broken: Builds) -> None:
    """Programs can read any report by `docs/schemas/problems.json`."""
    wrong: dict[str, object] = {}
    for name, result in broken.items():
        entries = json.loads(report(result.groups, result.sources, Format.JSON))
        errors = [error.message for error in SCHEMA.iter_errors(entries)]
        messages = [entry["message"] for entry in entries]
        if errors or messages != [group.cause.message for group in result.groups]:
            wrong[name] = errors or messages
    assert not wrong


def test_github_finds_every_diagnostic_in_a_log(broken: Builds) -> None:
    """The problem matcher parses every concise line into the parts of the diagnostic."""
    wrong = {}
    for name, result in broken.items():
        lines = report(result.groups, result.sources, Format.CONCISE).splitlines()
        for line, group in zip(lines, result.groups, strict=True):
            diagnostic = group.cause
            match = re.search(PATTERN["regexp"], line)
            fields = {key: match[PATTERN[key]] for key in PATTERN if key != "regexp" and match}
            expected = {
                "file": diagnostic.span.path,
                "line": str(diagnostic.span.line),
                "column": str(diagnostic.span.column),
                "severity": diagnostic.severity.value,
                "code": diagnostic.rule.value,
            }
            message = fields.pop("message", "")
            if fields != expected or not message.startswith(printable(diagnostic.message)):
                wrong[name] = (line, fields, message)
    assert not wrong


def test_an_error_in_the_book_is_reported_in_the_book(broken: Builds) -> None:
    """Only an error in a template is reported in a built page."""
    wrong = {}
    for case in ALL_CASES:
        in_template = any(it.path.startswith("templates/") for it in case.bad)
        allowed = {"templates", "site"} if in_template else {"content", "templates"}
        paths = [diagnostic.span.path for diagnostic in broken[case.name].diagnostics]
        if not {path.partition("/")[0] for path in paths} <= allowed:
            wrong[case.name] = paths
    assert not wrong


def test_a_diagnostic_is_within_its_file(broken: Builds) -> None:
    """An editor can go to every position in a report and underline its text."""
    wrong = {
        name: span
        for name, diagnostic in diagnostics(broken)
        for span in (diagnostic.span, diagnostic.note and diagnostic.note.span)
        if span and not is_within(span, broken[name])
    }
    assert not wrong


def is_within(span: Span, result: BuildResult) -> bool:
    """Whether the span is in its source, or at most one column past the end of a line."""
    if span.path not in result.sources:
        return span.path.partition("/")[0] in {"content", "templates", "site"}
    lines = result.sources[span.path].lines
    if not 1 <= span.line <= len(lines):
        return False
    end = len(lines[span.line - 1]) + 2
    return span.column >= 1 and span.length >= 1 and span.column + span.length <= end


def diagnostics(builds: Builds) -> Iterator[tuple[str, Diagnostic]]:
    """Yield every diagnostic with the name of its case."""
    assert builds
    for name, result in builds.items():
        for diagnostic in result.diagnostics:
            yield name, diagnostic


def test_a_symbolic_link_is_found_on_a_disk(tmp_path: Path) -> None:
    """The links of the cases are read as such from files, and nothing behind them is."""
    cases = [case for case in ALL_CASES if broken_book(case).links]
    assert len(cases) >= 5
    for number, case in enumerate(cases):
        tree, folder = broken_book(case), tmp_path / str(number)
        tree.write(folder)
        for name in ("content", "templates"):
            (folder / name).mkdir(exist_ok=True)
            read, expected = read_folder(folder / name, name), tree.folder(name)
            assert (read.files, read.symlinks) == (expected.files, expected.symlinks), case.name
