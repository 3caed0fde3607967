"""Every rule by example: `cases/diagnostics/RULE/CASE/` holds a small book with one fault.

content/       the book
templates/     files that take the place of the repository's, or come to them
make.toml      what cannot lie in a repository: files of a million bytes, symbolic links
expected.txt   the whole report; `UPDATE_GOLDEN=1` rewrites it, and then it wants to be read
cured/         the files that the help makes of the faulty ones, `removed.txt` the others
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.diagnostic import Rule, Severity
from codebook.diagnostics.excerpt import printable
from codebook.diagnostics.reports import Format, report
from codebook.diagnostics.source import Folder
from codebook.io import read_folder

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases" / "diagnostics"
NAMES = sorted(case.relative_to(CASES).as_posix() for case in CASES.glob("*/*"))

SCHEMA = Draft202012Validator(
    json.loads((ROOT / "docs" / "schemas" / "problems.json").read_bytes())
)
((PATTERN,),) = (
    each["pattern"]
    for each in json.loads((ROOT / ".github" / "codebook.json").read_bytes())["problemMatcher"]
)

Build = Callable[..., BuildResult]


@pytest.fixture(scope="module")
def build_case(tmp_path_factory: pytest.TempPathFactory, templates: Folder) -> Build:
    """Build the book of a case, with its fault or cured of it: once for all tests."""

    @cache
    def build_case(name: str, *, cured: bool = False) -> BuildResult:
        case, tmp_path = CASES / name, tmp_path_factory.mktemp("case")
        for folder in ("content", "templates"):
            (tmp_path / folder).mkdir()
            if (case / folder).exists():
                shutil.copytree(case / folder, tmp_path / folder, dirs_exist_ok=True)
        if (case / "make.toml").exists():
            _make(tomllib.loads((case / "make.toml").read_text(encoding="utf-8")), tmp_path)
        if cured:
            _cure(case / "cured", tmp_path)
        own = read_folder(tmp_path / "templates", "templates")
        used = Folder("templates", {**templates.files, **own.files}, own.symlinks, templates.root)
        return build_site(read_folder(tmp_path / "content", "content"), used, "site", "")

    return build_case


def _make(recipe: dict[str, dict[str, object]], place: Path) -> None:
    for path, parts in recipe.get("repeated", {}).items():
        assert isinstance(parts, dict)
        text = parts["start"] + parts["text"] * parts["times"]
        (place / path).parent.mkdir(exist_ok=True)
        (place / path).write_text(text, encoding="utf-8")
    for path, leads_to in recipe.get("symlinks", {}).items():
        (place / path).parent.mkdir(exist_ok=True)
        (place / path).symlink_to(str(leads_to))


def _cure(cure: Path, place: Path) -> None:
    changed = [path.relative_to(cure) for path in cure.rglob("*") if path.is_file()]
    removed = Path("removed.txt")
    if removed in changed:
        changed.remove(removed)
        for line in (cure / removed).read_text(encoding="utf-8").splitlines():
            (place / line).unlink()
    for path in changed:
        (place / path).unlink(missing_ok=True)
        (place / path).parent.mkdir(exist_ok=True)
        shutil.copyfile(cure / path, place / path)


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    """No rule goes without an example, and no folder is named after a rule that is gone."""
    assert {folder.name for folder in CASES.iterdir()} == set(Rule)
    assert {name.partition("/")[0] for name in NAMES} == set(Rule)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_holds_what_a_case_is_made_of(name: str) -> None:
    """A file that no test reads has no place in a case."""
    held = {path.name for path in (CASES / name).iterdir()}
    assert held >= {"expected.txt", "cured"}
    assert held <= {"content", "templates", "make.toml", "expected.txt", "cured"}


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_gives_exactly_the_report_that_its_case_expects(
    name: str, build_case: Build
) -> None:
    """One mistake is reported once, by the rule that the case is named after, and as it says."""
    outcome = build_case(name)
    text = report(outcome.diagnostics, outcome.sources, Format.FULL)
    expected = CASES / name / "expected.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_bytes(text.encode())
    assert text == expected.read_bytes().decode()
    assert f"[{name.partition('/')[0]}]" in text


@pytest.mark.parametrize("name", NAMES)
def test_one_mistake_is_one_problem(name: str, build_case: Build) -> None:
    """What follows from a mistake is not reported beside the mistake."""
    assert [each.rule for each in build_case(name).diagnostics] == [name.partition("/")[0]]


@pytest.mark.parametrize("name", NAMES)
def test_a_site_is_made_where_there_are_warnings_alone(name: str, build_case: Build) -> None:
    """An error means no site; a warning does not stand in its way."""
    outcome = build_case(name)
    errors = [each for each in outcome.diagnostics if each.severity is Severity.ERROR]
    assert (outcome.files is None) == bool(errors)


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_a_problem_cures_it(name: str, build_case: Build) -> None:
    """Whoever does what the help says has a book without any problem."""
    outcome = build_case(name, cured=True)
    assert not report(outcome.diagnostics, outcome.sources, Format.FULL)
    assert outcome.files


@pytest.mark.parametrize("name", NAMES)
def test_a_problem_is_worded_as_all_others(name: str, build_case: Build) -> None:
    """A message is lower case without a full stop and stands alone; there is always a help."""
    for diagnostic in build_case(name).diagnostics:
        said = (
            diagnostic.message,
            diagnostic.label,
            diagnostic.note.text if diagnostic.note else "",
        )
        for words in (*said, diagnostic.help):
            assert words == words.strip()
            assert not words.endswith(".")
            assert "\n" not in words
            first = words.removeprefix("HTML").lstrip('"')[:1]
            assert words.startswith(('"', "HTML")) or first == first.lower()
        assert diagnostic.message
        assert diagnostic.help


@pytest.mark.parametrize("name", NAMES)
def test_a_report_for_programs_is_as_its_schema_says(name: str, build_case: Build) -> None:
    """Whoever reads reports by `docs/schemas/problems.json` can read each of them."""
    outcome = build_case(name)
    found = json.loads(report(outcome.diagnostics, outcome.sources, Format.JSON))
    SCHEMA.validate(found)
    assert [each["message"] for each in found] == [each.message for each in outcome.diagnostics]


@pytest.mark.parametrize("name", NAMES)
def test_github_finds_each_problem_in_a_log(name: str, build_case: Build) -> None:
    """The problem matcher takes every concise line apart into what the problem holds."""
    outcome = build_case(name)
    lines = report(outcome.diagnostics, outcome.sources, Format.CONCISE).splitlines()
    for line, diagnostic in zip(lines, outcome.diagnostics, strict=True):
        match = re.search(PATTERN["regexp"], line)
        assert match
        found = {key: match[PATTERN[key]] for key in PATTERN if key != "regexp"}
        assert found["message"].startswith(printable(diagnostic.message))
        del found["message"]
        assert found == {
            "file": diagnostic.span.path,
            "line": str(diagnostic.span.line),
            "column": str(diagnostic.span.column),
            "severity": diagnostic.severity.value,
            "code": diagnostic.rule.value,
        }


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_of_the_book_is_reported_in_the_book(name: str, build_case: Build) -> None:
    """No editor is sent to a page that was not written; only a template's fault is shown there."""
    folders = {each.span.path.partition("/")[0] for each in build_case(name).diagnostics}
    if (CASES / name / "templates").exists():
        assert folders <= {"templates", "site"}
    else:
        assert folders <= {"content", "templates"}


@pytest.mark.parametrize("name", NAMES)
def test_a_problem_lies_within_its_file(name: str, build_case: Build) -> None:
    """An editor can go to every place that a report names, and finds the words underlined there."""
    outcome = build_case(name)
    for diagnostic in outcome.diagnostics:
        spans = [
            diagnostic.span,
            *([diagnostic.note.span] if diagnostic.note and diagnostic.note.span else []),
        ]
        for span in spans:
            assert span.path.partition("/")[0] in {"content", "templates", "site"}
            if span.path not in outcome.sources:
                continue
            lines = outcome.sources[span.path].lines
            assert 1 <= span.line <= len(lines)
            assert 1 <= span.column <= len(lines[span.line - 1]) + 1
            assert span.length >= 1
            assert span.column + span.length <= len(lines[span.line - 1]) + 2
