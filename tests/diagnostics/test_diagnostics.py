"""Every rule by example: `cases/diagnostics/RULE/CASE/` is a small book with one error.

content/       the book
templates/     files that replace the repository's, or are added to them
make.toml      what cannot be in a repository: files of a million bytes, symbolic links
expected.txt   the whole report; `UPDATE_GOLDEN=1` rewrites it; then review it
cured/         the files after following the help; `removed.txt` lists those to remove
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

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases" / "diagnostics"
NAMES = sorted(case.relative_to(CASES).as_posix() for case in CASES.glob("*/*"))

SCHEMA = Draft202012Validator(
    json.loads((ROOT / "docs" / "schemas" / "problems.json").read_bytes())
)
((PATTERN,),) = (
    matcher["pattern"]
    for matcher in json.loads((ROOT / ".github" / "codebook.json").read_bytes())["problemMatcher"]
)

Build = Callable[..., BuildResult]


@pytest.fixture(scope="module")
def build_case(tmp_path_factory: pytest.TempPathFactory, templates: Folder) -> Build:
    """Build the book of a case, with its error or fixed: once for all tests."""

    @cache
    def build_case(name: str, *, fixed: bool = False) -> BuildResult:
        case, tmp_path = CASES / name, tmp_path_factory.mktemp("case")
        for folder in ("content", "templates"):
            (tmp_path / folder).mkdir()
            if (case / folder).exists():
                shutil.copytree(case / folder, tmp_path / folder, dirs_exist_ok=True)
        if (case / "make.toml").exists():
            _make(tomllib.loads((case / "make.toml").read_text(encoding="utf-8")), tmp_path)
        if fixed:
            _fix(case / "cured", tmp_path)
        new = read_folder(tmp_path / "templates", "templates")
        used = Folder("templates", {**templates.files, **new.files}, new.symlinks, templates.root)
        return build_site(read_folder(tmp_path / "content", "content"), used, "site", "")

    return build_case


def _make(recipe: dict[str, dict[str, object]], folder: Path) -> None:
    for path, parts in recipe.get("repeated", {}).items():
        assert isinstance(parts, dict)
        text = parts["start"] + parts["text"] * parts["times"]
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    for path, leads_to in recipe.get("symlinks", {}).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).symlink_to(str(leads_to))


def _fix(fix: Path, folder: Path) -> None:
    changed = [path.relative_to(fix) for path in fix.rglob("*") if path.is_file()]
    removed = Path("removed.txt")
    if removed in changed:
        changed.remove(removed)
        for line in (fix / removed).read_text(encoding="utf-8").splitlines():
            (folder / line).unlink()
    for path in changed:
        (folder / path).unlink(missing_ok=True)
        (folder / path).parent.mkdir(exist_ok=True)
        shutil.copyfile(fix / path, folder / path)


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    """Every rule has an example, and no folder is named after a removed rule."""
    assert {folder.name for folder in CASES.iterdir()} == set(Rule)
    assert {name.partition("/")[0] for name in NAMES} == set(Rule)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_contains_only_known_files(name: str) -> None:
    """Every file in a case is read by a test."""
    held = {path.name for path in (CASES / name).iterdir()}
    assert held >= {"expected.txt", "cured"}
    assert held <= {"content", "templates", "make.toml", "expected.txt", "cured"}


@pytest.mark.parametrize("name", NAMES)
def test_a_case_gives_exactly_the_expected_report(name: str, build_case: Build) -> None:
    """One error is reported once, by the rule that the case is named after."""
    result = build_case(name)
    text = report(result.diagnostics, result.sources, Format.FULL)
    expected = CASES / name / "expected.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_bytes(text.encode())
    assert text == expected.read_bytes().decode()
    assert f"[{name.partition('/')[0]}]" in text


@pytest.mark.parametrize("name", NAMES)
def test_one_error_is_one_diagnostic(name: str, build_case: Build) -> None:
    """Consequences of an error are not reported separately."""
    rules = [diagnostic.rule for diagnostic in build_case(name).diagnostics]
    assert rules == [name.partition("/")[0]]


@pytest.mark.parametrize("name", NAMES)
def test_only_an_error_prevents_a_site(name: str, build_case: Build) -> None:
    """Warnings alone don't."""
    result = build_case(name)
    severities = {diagnostic.severity for diagnostic in result.diagnostics}
    assert (result.files is None) == (Severity.ERROR in severities)


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_a_diagnostic_fixes_it(name: str, build_case: Build) -> None:
    """Following the help leaves no diagnostic."""
    result = build_case(name, fixed=True)
    assert not report(result.diagnostics, result.sources, Format.FULL)
    assert result.files


@pytest.mark.parametrize("name", NAMES)
def test_a_diagnostic_is_worded_as_all_others(name: str, build_case: Build) -> None:
    """A message is one lowercase line without a period; there is always a help."""
    for diagnostic in build_case(name).diagnostics:
        texts = (
            diagnostic.message,
            diagnostic.label,
            diagnostic.note.text if diagnostic.note else "",
        )
        for text in (*texts, diagnostic.help):
            assert text == text.strip()
            assert not text.endswith(".")
            assert "\n" not in text
            first = text.removeprefix("HTML").lstrip('"')[:1]
            assert text.startswith(('"', "HTML")) or first == first.lower()
        assert diagnostic.message
        assert diagnostic.help


@pytest.mark.parametrize("name", NAMES)
def test_a_report_for_programs_is_as_its_schema_says(name: str, build_case: Build) -> None:
    """Programs can read any report by `docs/schemas/problems.json`."""
    result = build_case(name)
    entries = json.loads(report(result.diagnostics, result.sources, Format.JSON))
    SCHEMA.validate(entries)
    messages = [diagnostic.message for diagnostic in result.diagnostics]
    assert [entry["message"] for entry in entries] == messages


@pytest.mark.parametrize("name", NAMES)
def test_github_finds_every_diagnostic_in_a_log(name: str, build_case: Build) -> None:
    """The problem matcher parses every concise line into the parts of the diagnostic."""
    result = build_case(name)
    lines = report(result.diagnostics, result.sources, Format.CONCISE).splitlines()
    for line, diagnostic in zip(lines, result.diagnostics, strict=True):
        match = re.search(PATTERN["regexp"], line)
        assert match
        fields = {key: match[PATTERN[key]] for key in PATTERN if key != "regexp"}
        assert fields["message"].startswith(printable(diagnostic.message))
        del fields["message"]
        assert fields == {
            "file": diagnostic.span.path,
            "line": str(diagnostic.span.line),
            "column": str(diagnostic.span.column),
            "severity": diagnostic.severity.value,
            "code": diagnostic.rule.value,
        }


@pytest.mark.parametrize("name", NAMES)
def test_an_error_in_the_book_is_reported_in_the_book(name: str, build_case: Build) -> None:
    """Only an error in a template is reported in a built page."""
    paths = [diagnostic.span.path for diagnostic in build_case(name).diagnostics]
    folders = {path.partition("/")[0] for path in paths}
    if (CASES / name / "templates").exists():
        assert folders <= {"templates", "site"}
    else:
        assert folders <= {"content", "templates"}


@pytest.mark.parametrize("name", NAMES)
def test_a_diagnostic_is_within_its_file(name: str, build_case: Build) -> None:
    """An editor can go to every position in a report and underline its text."""
    result = build_case(name)
    for diagnostic in result.diagnostics:
        spans = [
            diagnostic.span,
            *([diagnostic.note.span] if diagnostic.note and diagnostic.note.span else []),
        ]
        for span in spans:
            assert span.path.partition("/")[0] in {"content", "templates", "site"}
            if span.path not in result.sources:
                continue
            lines = result.sources[span.path].lines
            assert 1 <= span.line <= len(lines)
            assert 1 <= span.column <= len(lines[span.line - 1]) + 1
            assert span.length >= 1
            assert span.column + span.length <= len(lines[span.line - 1]) + 2
