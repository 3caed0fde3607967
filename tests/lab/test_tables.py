"""The lab writes its part of a table, and leaves the rest to the editor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from lab import tables
from lab.clients import Client
from lab.results import Result
from lab.scenario import Request, Scenario

_SURVEY = """```toml
title = "How they fail"
read = 2020-01-01

[columns]
code = "Code"
group = "Server"
scenario = "Scenario"
section = "Asks about"
expected = "Standard"

[subjects]
old = { name = "Old", version = "0" }
```

The text.
"""
_ORDINARY = """```toml
title = "How they fail"
read = 2020-01-01

[columns]
code = "Code"
group = "Server"
old = "Old 0"
```

The text.
"""


def _scenario(name: str, code: str, group: str) -> Scenario:
    def judge(_: object) -> str:
        return ""

    expected = (code, "504")
    return Scenario(
        name, "failures", group, code, "RFC 1, Section 2", "why", expected, Request(), {}, judge
    )


def _written(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    (folder / "failures.md").write_text(page, encoding="utf-8")
    monkeypatch.setattr(tables, "TABLES", folder)
    scenarios = [_scenario("closes", "502", "closes, silently"), _scenario("waits", "504", "waits")]
    clients = {
        key: Client(name, "a.py", "") for key, name in (("b", "B"), ("a", "A"), ("c", "Unmeasured"))
    }
    runs = {"closes": ("502", "502"), "waits": ("502", "504")}
    results = {
        "a": Result("A", "1.0", "here", date(2026, 1, 2), "", {"closes": ("503",)}),
        "b": Result("B", "2.0", "here", date(2026, 1, 1), "", runs),
    }
    files = tables.written(scenarios, clients, results)
    return {path.name: text for path, text in files.items()}


def test_a_survey_gets_its_subjects_and_the_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of the clients; those without results are left out."""
    files = _written(_SURVEY, tmp_path, monkeypatch)
    subjects = 'b = { name = "B", version = "2.0" }\na = { name = "A", version = "1.0" }\n'
    old = 'old = { name = "Old", version = "0" }\n'
    assert files["failures.md"] == _SURVEY.replace(old, subjects).replace(
        "2020-01-01", "2026-01-02"
    )
    assert files["failures.csv"] == (
        "code,group,scenario,section,expected,b,a\n"
        '502,"closes, silently",closes,"RFC 1, Section 2",502 504,502,503\n'
        '504,waits,waits,"RFC 1, Section 2",504 504,unstable,\n'
    )


def test_another_table_gets_a_column_for_each_subject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the columns that its page declares."""
    files = _written(_ORDINARY, tmp_path, monkeypatch)
    columns = 'b = "B 2.0"\na = "A 1.0"\n'
    page = _ORDINARY.replace('old = "Old 0"\n', columns).replace("2020-01-01", "2026-01-02")
    assert files["failures.md"] == page
    assert files["failures.csv"] == (
        'code,group,b,a\n502,"closes, silently",502,503\n504,waits,unstable,\n'
    )


@pytest.mark.parametrize("page", [_SURVEY, _ORDINARY])
def test_writing_again_changes_nothing(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page that was written is the next page to be read."""
    first = _written(page, tmp_path, monkeypatch)
    assert _written(first["failures.md"], tmp_path, monkeypatch) == first
