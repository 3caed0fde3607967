"""What a rule means is explained by examples that break and keep it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

import pytest

from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics import explain
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.explanations import EXPLANATIONS, STAGES, Example, Explanation, Kind
from codebook.diagnostics.source import Folder

ROOT = Path(__file__).resolve().parent.parent
Run = Callable[..., subprocess.CompletedProcess[str]]

BOOK: Mapping[str, str] = {
    "signals.md": "# Signals\n\n1. Entry signals (10–19)\n\n## 1. Entry signals\n\n"
    "- 11 Open\n  Come in.\n\n- 12 Closed\n  Stay out.\n",
    "facts.toml": '[crew]\nlabel = "Crew"\nabout = "Who must be on board."\n\n[crew.values]\n'
    'pilot = "A pilot."\ncaptain = "The captain alone."\n',
    "guides/coming-in.md": "# Coming in\n\nSlowly.\n",
}
"""The small book that the examples are put onto."""
TIMES = 100_000
"""How often a text stands in a file of which an example says that it goes on."""

EACH = pytest.mark.parametrize("it", EXPLANATIONS.values(), ids=lambda it: it.rule.value)


def build(examples: tuple[Example, ...], templates: Folder) -> BuildResult:
    """The site of the small book with these files in it."""
    content = {PurePosixPath(path): text.encode() for path, text in BOOK.items()}
    links: list[PurePosixPath] = []
    looks = dict(templates.files)
    for example in examples:
        folder, _, name = example.path.partition("/")
        path = PurePosixPath(name)
        if folder == "templates":
            looks[path] = example.text.encode()
        elif example.kind is Kind.GONE:
            del content[path]
        elif example.kind is Kind.LINK:
            links.append(path)
        else:
            times = TIMES if example.kind is Kind.LONG else 1
            charset = "latin-1" if example.kind is Kind.LATIN_1 else "utf-8"
            content[path] = (example.text * times).encode(charset)
    return build_site(
        Folder("content", dict(sorted(content.items())), tuple(links)),
        Folder("templates", looks, templates.symlinks, templates.place),
        "site",
        "",
    )


def test_every_rule_is_explained_once_where_it_belongs() -> None:
    """None is forgotten, and none stands under two stages."""
    explained = [each.rule for explanations in STAGES.values() for each in explanations]
    assert sorted(explained) == sorted(Rule)
    assert {rule: each.rule for rule, each in EXPLANATIONS.items()} == {each: each for each in Rule}


def test_the_small_book_is_right(templates: Folder) -> None:
    """What an example is put onto has no fault of its own."""
    assert build((), templates).diagnostics == ()


@EACH
def test_a_bad_example_breaks_the_rule_and_no_other(it: Explanation, templates: Folder) -> None:
    """Whoever tries it out sees the very problem that is explained."""
    assert {each.rule for each in build(it.bad, templates).diagnostics} == {it.rule}


@EACH
def test_a_good_example_breaks_no_rule(it: Explanation, templates: Folder) -> None:
    """It is the bad one mended: the same files, and a site."""
    outcome = build(it.good, templates)
    assert outcome.diagnostics == ()
    assert outcome.files
    assert it.good != it.bad


@EACH
def test_an_explanation_is_short_and_whole(it: Explanation) -> None:
    """One sentence says what is wrong, at most three why that matters."""
    for words, most in ((it.meaning, 2), (it.reason, 3)):
        assert words.endswith(".")
        assert 1 <= words.count(". ") + 1 <= most
        assert words[0].isupper() or words.startswith("`")


@EACH
def test_the_command_prints_the_explanation(it: Explanation) -> None:
    """The rule and its severity, the words, and every line of both examples."""
    text = explain.explained(it.rule)
    assert text.startswith(f"{it.rule} ({it.rule.severity})\n")
    assert it.meaning in " ".join(text.split())
    assert it.reason in " ".join(text.split())
    for title, examples in (("Bad", it.bad), ("Good", it.good)):
        for example in examples:
            assert f"{title}: {example.path}" in text
            assert all(line.rstrip() in text for line in example.text.splitlines())
    assert max(map(len, text.splitlines())) <= 100


def test_the_page_of_the_docs_is_made_of_them() -> None:
    """`make rules` was run after the last change of an explanation."""
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == explain.page()


def test_the_command_explains_a_rule(build: Run) -> None:
    """On stdout, so that it can be read page by page."""
    done = build("explain", "duplicate-code")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == explain.explained(Rule.DUPLICATE_CODE)


def test_the_command_lists_all_rules_with_a_line_for_each(build: Run) -> None:
    """Whoever does not know the name of a rule finds it."""
    done = build("explain")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split(maxsplit=1) for line in done.stdout.splitlines() if line.startswith("  ")]
    assert sorted(rule for rule, _ in lines) == sorted(Rule)
    assert all(about for _, about in lines)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("dupilcate-code", 'there is no rule "dupilcate-code"; did you mean "duplicate-code"?'),
        ("weather", 'there is no rule "weather"; build.py explain lists all'),
    ],
)
def test_a_rule_that_is_none_is_wrong_usage(rule: str, said: str, build: Run) -> None:
    """The nearest is named, if one is near."""
    done = build("explain", rule)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(f"error: {said}\n")


def test_a_report_for_people_ends_with_a_way_to_more(tmp_path: Path, build: Run) -> None:
    """Once, beside the report and not in it; nobody who asked for another format reads it."""
    (tmp_path / "signals.md").write_text(BOOK["signals.md"].replace("12", "11"), encoding="utf-8")
    told = build("check", "--content", tmp_path)
    assert told.stderr.startswith("for more: build.py explain duplicate-code\n")
    assert "explain" not in told.stdout
    for style in ("concise", "github", "json"):
        assert "explain" not in build("check", "--content", tmp_path, "--format", style).stderr
    assert build("check", "--content", tmp_path, "-q").stderr == ""
