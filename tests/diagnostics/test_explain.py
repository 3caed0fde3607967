"""The explanation of every rule, and the command that prints it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from codebook.cli.main import main
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.explain import (
    Explanation,
    explain_rule,
    list_rules,
    parse_explanations,
)

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "codebook" / "diagnostics" / "rules.md"
PAGE = RULES.read_text(encoding="utf-8")
EXPLANATIONS = parse_explanations(PAGE)
Run = Callable[..., tuple[int, str, str]]


def test_every_rule_is_explained_once_where_it_belongs() -> None:
    """None is missing, in the order of the stages that group the rules."""
    assert [it.rule for it in EXPLANATIONS] == [*Rule]
    assert len({it.stage for it in EXPLANATIONS}) == 6


def test_every_line_of_the_page_is_part_of_an_explanation() -> None:
    """No line below its first heading is lost because of its syntax."""
    text = "".join(map(explain_rule, EXPLANATIONS)) + list_rules(EXPLANATIONS)
    printed = {line.strip() for line in text.splitlines()}
    joined = " ".join(text.split())
    for line in PAGE[PAGE.index("\n## ") :].splitlines():
        heading = re.sub(r"^##+ |^An? (?:error|warning)\. |^````(?:text)?$", "", line)
        example = re.sub(r"^(Bad|Good): `(.+)`", r"\1: \2", heading)
        assert example.strip() in printed or " ".join(example.split()) in joined, line


def test_the_links_of_the_page_point_to_files() -> None:
    """Relative to the page itself; those of the examples are not links of the page."""
    links = re.findall(r"\]\(([^)#]+)\)", PAGE[: PAGE.index("\n## ")])
    assert links
    assert all(RULES.parent.joinpath(link).is_file() for link in links)


def test_the_page_names_the_severity_of_the_rule() -> None:
    """The program defines it."""
    wrong = [it.rule for it in EXPLANATIONS if it.severity != it.rule.severity]
    assert not wrong


def test_a_good_example_is_the_bad_one_fixed() -> None:
    """Their files differ; `test_diagnostics.py` builds both, as the first case of the rule."""
    wrong = [it.rule for it in EXPLANATIONS if files(it, "Good") in ([], files(it, "Bad"))]
    assert not wrong


def files(it: Explanation, title: str) -> list[tuple[str, str, str]]:
    """Return the files of the bad or the good example of a rule."""
    return [
        (example.path, example.kind, example.text)
        for example in it.examples
        if example.title == title
    ]


def test_an_explanation_is_short_and_whole() -> None:
    """One or two sentences say what's wrong, and at most three say why it matters."""
    wrong = {
        it.rule: text
        for it in EXPLANATIONS
        for text, most in ((it.meaning, 2), (it.reason, 3))
        if not text.endswith(".")
        or not 1 <= text.count(". ") + 1 <= most
        or not (text[0].isupper() or text.startswith("`"))
    }
    assert not wrong


def test_the_command_prints_the_explanation() -> None:
    """The rule and its severity, the text, and every line of both examples."""
    wrong = {it.rule: missing for it in EXPLANATIONS if (missing := [*missing_parts(it)])}
    assert not wrong


def missing_parts(it: Explanation) -> Iterator[str]:
    """Yield what the printed explanation of a rule lacks."""
    text = explain_rule(it)
    if not text.startswith(f"{it.rule} ({it.rule.severity})\n"):
        yield "the rule and its severity"
    joined = " ".join(text.split())
    yield from (part for part in (it.meaning, it.reason) if part not in joined)
    for example in it.examples:
        lines = [f"{example.title}: {example.path}", *example.text.splitlines()]
        yield from (line for line in lines if line.rstrip() not in text)
    yield from (f"too long: {line}" for line in text.splitlines() if len(line) > 100)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command; return the exit code, stdout, and stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as error:
            code = int(error.code or 0)
        return code, *capsys.readouterr()

    return run


def test_the_command_explains_a_rule(run: Run) -> None:
    """It prints on stdout, so that you can read it in a pager."""
    (it,) = (it for it in EXPLANATIONS if it.rule is Rule.DUPLICATE_CODE)
    assert run("explain", "duplicate-code") == (0, explain_rule(it), "")


def test_the_command_prints_the_page_of_all_rules(run: Run) -> None:
    """Exactly as it is published."""
    assert run("explain", "--markdown") == (0, PAGE, "")


def test_the_command_lists_all_rules_with_a_line_for_each(run: Run) -> None:
    """You can find a rule without knowing its name."""
    code, output, errors = run("explain")
    assert (code, errors) == (0, "")
    lines = [line.split(maxsplit=1) for line in output.splitlines() if line.startswith("  ")]
    assert sorted(rule for rule, _ in lines) == sorted(Rule)
    assert all(about for _, about in lines)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("dupilcate-code", 'unknown rule "dupilcate-code"; did you mean "duplicate-code"?'),
        ("weather", 'unknown rule "weather"; to list all rules, run: python build.py explain'),
    ],
)
def test_an_unknown_rule_is_wrong_usage(rule: str, message: str, run: Run) -> None:
    """The error suggests a similar rule, if there is one."""
    code, output, errors = run("explain", rule)
    assert (code, output) == (2, "")
    assert errors.endswith(f"error: {message}\n")


def test_a_report_for_people_refers_to_the_explanation(tmp_path: Path, run: Run) -> None:
    """Once, on stderr; not in other formats."""
    register = "# Signals\n\n1. Entry (10–19)\n\n## 1. Entry\n\n- 11\nOpen.\n\n- 11\nClosed.\n"
    (tmp_path / "signals.md").write_text(register, encoding="utf-8")
    check = ("check", "--content", str(tmp_path))
    _, output, errors = run(*check)
    assert errors.startswith("for more information, run: python build.py explain duplicate-code\n")
    assert "explain" not in output
    for style in ("concise", "github", "json"):
        assert "explain" not in run(*check, "--format", style)[2]
    assert run(*check, "-q")[2] == ""
