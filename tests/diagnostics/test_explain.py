"""What a rule means is explained by examples that break and keep it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path, PurePosixPath

import pytest

from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.explain import (
    Example,
    Explanation,
    explain_rule,
    list_rules,
    parse_explanations,
)
from codebook.diagnostics.source import Folder

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "codebook" / "diagnostics" / "rules.md"
PAGE = RULES.read_text(encoding="utf-8")
EXPLANATIONS = parse_explanations(PAGE)
Run = Callable[..., subprocess.CompletedProcess[str]]


class Kind(StrEnum):
    """The kind of a file in an example."""

    TEXT = ""
    LATIN_1 = "saved in Latin-1"
    LINK = "a symbolic link"
    LONG = "and so on, a hundred thousand times"
    GONE = "not there"


BOOK: Mapping[str, str] = {
    "signals.md": "# Signals\n\n1. Entry signals (10–19)\n\n## 1. Entry signals\n\n"
    "- 11 Open\n  Come in.\n\n- 12 Closed\n  Stay out.\n",
    "facts.toml": '[crew]\nlabel = "Crew"\nabout = "Who must be on board."\n\n[crew.values]\n'
    'pilot = "A pilot."\ncaptain = "The captain alone."\n',
    "guides/coming-in.md": "# Coming in\n\nSlowly.\n",
}
"""The small book that the examples are put onto."""
TIMES = 100_000
"""How often the text is repeated in a file that goes on."""

ALL_RULES = pytest.mark.parametrize("it", EXPLANATIONS, ids=lambda it: it.rule.value)


def examples(it: Explanation, title: str) -> tuple[Example, ...]:
    """The bad or the good examples of a rule."""
    return tuple(example for example in it.examples if example.title == title)


def build_with(examples: Iterable[Example], templates: Folder) -> BuildResult:
    """The site of the small book with these files in it."""
    content = {PurePosixPath(path): text.encode() for path, text in BOOK.items()}
    links: list[PurePosixPath] = []
    looks = dict(templates.files)
    for example in examples:
        folder, _, name = example.path.partition("/")
        path = PurePosixPath(name)
        kind = Kind(example.kind)
        if folder == "templates":
            looks[path] = example.text.encode()
        elif kind is Kind.GONE:
            del content[path]
        elif kind is Kind.LINK:
            links.append(path)
        else:
            times = TIMES if kind is Kind.LONG else 1
            charset = "latin-1" if kind is Kind.LATIN_1 else "utf-8"
            content[path] = (example.text * times).encode(charset)
    return build_site(
        Folder("content", dict(sorted(content.items())), tuple(links)),
        Folder("templates", looks, templates.symlinks, templates.root),
        "site",
        "",
    )


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


def test_the_links_of_the_page_lead_to_files() -> None:
    """Relative to the page itself; those of the examples are not links of the page."""
    links = re.findall(r"\]\(([^)#]+)\)", PAGE[: PAGE.index("\n## ")])
    assert links
    assert all(RULES.parent.joinpath(link).is_file() for link in links)


def test_the_small_book_is_valid(templates: Folder) -> None:
    """The book without an example has no error."""
    assert build_with((), templates).diagnostics == ()


@ALL_RULES
def test_the_page_names_the_severity_of_the_rule(it: Explanation) -> None:
    """The program defines it."""
    assert it.severity == it.rule.severity


@ALL_RULES
def test_a_bad_example_breaks_the_rule_and_no_other(it: Explanation, templates: Folder) -> None:
    """Trying it out gives exactly the explained diagnostic."""
    result = build_with(examples(it, "Bad"), templates)
    assert {diagnostic.rule for diagnostic in result.diagnostics} == {it.rule}


@ALL_RULES
def test_a_good_example_breaks_no_rule(it: Explanation, templates: Folder) -> None:
    """It is the bad one fixed: other files than before, and a site."""
    result = build_with(examples(it, "Good"), templates)
    assert result.diagnostics == ()
    assert result.files
    fixed, broken = (
        [(example.path, example.kind, example.text) for example in examples(it, title)]
        for title in ("Good", "Bad")
    )
    assert fixed
    assert fixed != broken


@ALL_RULES
def test_an_explanation_is_short_and_whole(it: Explanation) -> None:
    """One sentence says what is wrong, at most three why that matters."""
    for text, most in ((it.meaning, 2), (it.reason, 3)):
        assert text.endswith(".")
        assert 1 <= text.count(". ") + 1 <= most
        assert text[0].isupper() or text.startswith("`")


@ALL_RULES
def test_the_command_prints_the_explanation(it: Explanation) -> None:
    """The rule and its severity, the text, and every line of both examples."""
    text = explain_rule(it)
    assert text.startswith(f"{it.rule} ({it.rule.severity})\n")
    assert it.meaning in " ".join(text.split())
    assert it.reason in " ".join(text.split())
    for example in it.examples:
        assert f"{example.title}: {example.path}" in text
        assert all(line.rstrip() in text for line in example.text.splitlines())
    assert max(map(len, text.splitlines())) <= 100


def test_the_command_explains_a_rule(run_codebook: Run) -> None:
    """On stdout, so that it can be read page by page."""
    result = run_codebook("explain", "duplicate-code")
    assert (result.returncode, result.stderr) == (0, "")
    (it,) = (it for it in EXPLANATIONS if it.rule is Rule.DUPLICATE_CODE)
    assert result.stdout == explain_rule(it)


def test_the_command_prints_the_page_of_all_rules(run_codebook: Run) -> None:
    """As it is published."""
    result = run_codebook("explain", "--markdown")
    assert (result.returncode, result.stdout, result.stderr) == (0, PAGE, "")


def test_the_command_lists_all_rules_with_a_line_for_each(run_codebook: Run) -> None:
    """So that you can find a rule without knowing its name."""
    result = run_codebook("explain")
    assert (result.returncode, result.stderr) == (0, "")
    lines = [line.split(maxsplit=1) for line in result.stdout.splitlines() if line.startswith("  ")]
    assert sorted(rule for rule, _ in lines) == sorted(Rule)
    assert all(about for _, about in lines)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("dupilcate-code", 'unknown rule "dupilcate-code"; did you mean "duplicate-code"?'),
        ("weather", 'unknown rule "weather"; to list all rules, run: python build.py explain'),
    ],
)
def test_an_unknown_rule_is_wrong_usage(rule: str, message: str, run_codebook: Run) -> None:
    """The error suggests a similar rule, if there is one."""
    result = run_codebook("explain", rule)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.endswith(f"error: {message}\n")


def test_a_report_for_people_ends_with_a_way_to_more(tmp_path: Path, run_codebook: Run) -> None:
    """Once, on stderr; not in other formats."""
    (tmp_path / "signals.md").write_text(BOOK["signals.md"].replace("12", "11"), encoding="utf-8")
    result = run_codebook("check", "--content", tmp_path)
    assert result.stderr.startswith(
        "for more information, run: python build.py explain duplicate-code\n"
    )
    assert "explain" not in result.stdout
    for style in ("concise", "github", "json"):
        assert (
            "explain" not in run_codebook("check", "--content", tmp_path, "--format", style).stderr
        )
    assert run_codebook("check", "--content", tmp_path, "-q").stderr == ""
