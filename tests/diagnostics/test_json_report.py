"""The schema of JSON reports is the one that is checked in, and the problem matcher is valid."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator, ValidationError

from codebook.diagnostics import json_report
from codebook.diagnostics.causes import group_by_cause
from codebook.diagnostics.diagnostic import Diagnostic, Note, Rule, Severity
from codebook.diagnostics.formats import Format
from codebook.diagnostics.reports import report
from codebook.diagnostics.source import Span

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs" / "schemas" / "problems.json"
MATCHER = ROOT / ".github" / "codebook.json"


def test_the_schema_is_the_one_of_the_program() -> None:
    """`make schemas` was run after the last change of a key or a rule."""
    assert SCHEMA.read_bytes() == json_report.schema()


def test_the_schema_is_valid() -> None:
    """In the JSON Schema dialect that it names."""
    schema = json.loads(SCHEMA.read_bytes())
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_every_key_of_a_record_is_always_present() -> None:
    """A program need not check for it."""
    record = json.loads(SCHEMA.read_bytes())["$defs"]["ProblemRecord"]
    assert record["required"] == [*record["properties"]]
    assert {*record["properties"]} == {*json_report.ProblemRecord.__struct_fields__}


@pytest.mark.parametrize("broken", [{"line": 0}, {"rule": "wrong-color"}, {"message": ""}])
def test_the_schema_rejects_an_invalid_report(broken: dict[str, object]) -> None:
    """It checks more than the presence of keys."""
    diagnostic = Diagnostic(Rule.BROKEN_LINK, Span("content/a.md", 1, 5, 3), "a word is wrong")
    (record,) = json.loads(report(group_by_cause([diagnostic]), {}, Format.JSON))
    validator = Draft202012Validator(json.loads(SCHEMA.read_bytes()))
    validator.validate([record])
    with pytest.raises(ValidationError):
        validator.validate([{**record, **broken}])


def test_a_report_can_be_read_as_the_types_it_was_written_from() -> None:
    """A note has a whole position or none."""
    span = Span("content/a.md", 1, 5, 3)
    diagnostics = [
        Diagnostic(Rule.RAW_HTML, span, "one", note=Note("there", span)),
        Diagnostic(Rule.RAW_HTML, span, "two", note=Note("it once was")),
        Diagnostic(Rule.RAW_HTML, span, "three"),
    ]
    text = report(group_by_cause(diagnostics), {}, Format.JSON)
    records = msgspec.json.decode(text, type=list[json_report.ProblemRecord])
    assert [record.message for record in records] == ["one", "two", "three"]
    assert [record.note and record.note.path for record in records] == [
        "content/a.md",
        msgspec.UNSET,
        None,
    ]


def test_the_matcher_is_valid_for_github() -> None:
    """It has an owner, one pattern with all groups, and only severities that GitHub supports."""
    (matcher,) = json.loads(MATCHER.read_bytes())["problemMatcher"]
    (pattern,) = matcher["pattern"]
    assert matcher["owner"] == "codebook"
    groups = {key: number for key, number in pattern.items() if key != "regexp"}
    assert sorted(groups.values()) == [*range(1, re.compile(pattern["regexp"]).groups + 1)]
    assert set(groups) == {"file", "line", "column", "severity", "code", "message"}
    assert set(Severity) <= {"error", "warning", "notice"}


def test_the_matcher_uses_only_syntax_of_both_languages() -> None:
    """GitHub runs it as JavaScript and this test as Python: no names, flags, or lookbehind."""
    (matcher,) = json.loads(MATCHER.read_bytes())["problemMatcher"]
    regexp = matcher["pattern"][0]["regexp"]
    assert "(?" not in regexp
    assert not re.search(r"\\[AZGKRX]|\*\+|\+\+|\?\+", regexp)


def test_the_matcher_ignores_all_other_lines() -> None:
    """Other tools print lines too."""
    (matcher,) = json.loads(MATCHER.read_bytes())["problemMatcher"]
    for line in ("1 error; site/ is unchanged", "a.c:1:2: error: no", "a.md:1: error[x] y"):
        assert not re.search(matcher["pattern"][0]["regexp"], line)
