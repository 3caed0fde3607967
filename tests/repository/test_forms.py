"""The forms that GitHub shows for issues and pull requests."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".github" / "ISSUE_TEMPLATE"
ASKED = {
    "bug": {"done": True, "happened": True, "expected": True, "with": True},
    "missing-code": {
        "code": True,
        "name": False,
        "meaning": True,
        "source": True,
        "seen": False,
    },
    "wrong-fact": {"code": True, "wrong": True, "right": True, "source": True},
}
"""The fields of each form, and whether they are required."""

all_forms = pytest.mark.parametrize("name", ASKED)


def read(name: str) -> Mapping[str, Any]:
    """A form as GitHub reads it."""
    form: Mapping[str, Any] = YAML(typ="safe").load(FOLDER / f"{name}.yml")
    return form


def verdict(schema: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    """Whether the files match GitHub's published schemas."""
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *paths],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )


def test_exactly_three_forms_exist() -> None:
    """The tests below cover all of them."""
    assert {path.name for path in FOLDER.iterdir()} == {
        "config.yml",
        *(f"{name}.yml" for name in ASKED),
    }


def test_the_forms_are_valid() -> None:
    """They match the published schema."""
    result = verdict("vendor.github-issue-forms", *(FOLDER / f"{name}.yml" for name in ASKED))
    assert result.returncode == 0, result.stdout


def test_the_settings_of_forms_are_valid() -> None:
    """Blank issues are disabled, because reports without a source are hard to check."""
    result = verdict("vendor.github-issue-config", FOLDER / "config.yml")
    assert result.returncode == 0, result.stdout
    assert read("config") == {"blank_issues_enabled": False}


@all_forms
def test_a_form_asks_for_the_required_fields(name: str) -> None:
    """Among them is the source, which only the reporter can name."""
    asked = {
        element["id"]: element.get("validations", {}).get("required", False)
        for element in read(name)["body"]
        if "id" in element
    }
    assert asked == ASKED[name]


@all_forms
def test_a_form_has_a_short_name(name: str) -> None:
    """People choose a form by its name."""
    form = read(name)
    assert len(form["name"]) <= 50
    assert form["description"].endswith(".")
    labels = [element["attributes"]["label"] for element in form["body"] if "id" in element]
    assert len(set(labels)) == len(labels)


def test_the_pull_request_template_says_how_to_preview_it() -> None:
    """It has the command that serves the site under the URL of the workflow's build."""
    text = (ROOT / ".github" / "PULL_REQUEST_TEMPLATE.md").read_text(encoding="utf-8")
    workflow = (ROOT / ".github" / "workflows" / "preview.yml").read_text(encoding="utf-8")
    assert "python -m http.server 8000 --bind 127.0.0.1" in text
    assert "http://127.0.0.1:8000/" in workflow
    assert len(text.splitlines()) <= 10
    for target in re.findall(r"`make ([a-z]+)", text):
        assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
