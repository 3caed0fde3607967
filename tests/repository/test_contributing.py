"""The walkthroughs in CONTRIBUTING.md work: each is followed, step by step, in a clone.

A step is an item of a numbered list: text, with or without a fenced block. The block holds commands
(`sh`), a change to the file that the text names (`diff`), lines to append, or a whole file.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest
from bs4 import BeautifulSoup

from tests.repositories import Repository, new_repository

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
WALKS = (
    "Correct a sentence",
    "Add a code",
    "Add a fact",
    "Add a table",
    "Change the design",
    "Add a rule",
    "Add a kind of page",
)
NEEDED = (
    ".github",
    "build.py",
    "codebook",
    "content",
    "docs",
    "pyproject.toml",
    "templates",
    "tests",
)
"""The files that the walkthroughs need; copying more would cost time."""
LEFT_OUT = shutil.ignore_patterns("__pycache__", "browser", "golden", "*.ttf")
"""Fonts are omitted because drawing cards takes most of the time of a build."""
FIRST_COMMIT = "first"
"""The tag of the commit that every walkthrough starts from."""
REPOSITORY = "https://github.invalid/me/book"
# Rewriting the assertions of a new copy of the tests would take longer than most of them.
PYTEST_OPTIONS = ("-q", "-n", "0", "-p", "no:cacheprovider", "--assert=plain")
MAKES: Mapping[str, tuple[str, ...]] = {"site": (), "schemas": ("schemas",)}
"""The arguments of the command for each target of `make`."""
SUBJECT = "Qualify what a response contains"


@dataclass(frozen=True)
class Step:
    """One item of a walkthrough."""

    words: str
    """Its text in one line, without the fenced block."""
    language: str = ""
    fenced: str = ""

    def file(self, clone: Path) -> Path:
        """The file that the step changes or shows: the last path in its text."""
        (*_, name) = re.findall(r"`((?:codebook|content|templates|tests)/[\w./-]+\w)`", self.words)
        return clone / str(name)


def steps(walk: str) -> Iterator[Step]:
    """The steps of a walkthrough, in order."""
    section = TEXT.split(f"\n## {walk}\n")[1].split("\n## ")[0]
    items = re.split(r"^([0-9]+)\. ", section, flags=re.MULTILINE)[1:]
    assert [int(number) for number in items[::2]] == [*range(1, len(items[::2]) + 1)]
    for item in items[1::2]:
        # An unindented paragraph ends the list.
        paragraph = re.split(r"\n\n(?=\S)", item)[0]
        inside = dedent("   " + paragraph)
        fence = re.search(r"^(`{3,})(\w+)\n(.*?)^\1$", inside, re.DOTALL | re.MULTILINE)
        words = " ".join((inside.replace(fence[0], "") if fence else inside).split())
        yield Step(words, fence[2], fence[3]) if fence else Step(words)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the repository with its built site, whose pages link to their sources."""
    repository = new_repository(tmp_path_factory.mktemp("clone") / "book")
    for name in NEEDED:
        copy = repository.folder / name
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, copy)
        else:
            shutil.copytree(ROOT / name, copy, ignore=LEFT_OUT)
    settings = repository.folder / "content" / "book.toml"
    text = re.sub(r"^repository = .*\n", "", settings.read_text("utf-8"), flags=re.MULTILINE)
    settings.write_text(f'repository = "{REPOSITORY}"\n{text}', encoding="utf-8")
    exclude = repository.folder / ".git" / "info" / "exclude"
    exclude.parent.mkdir(exist_ok=True)
    exclude.write_text("/site/\n__pycache__/\n.mypy_cache/\n", encoding="utf-8")
    repository.commit(1, "Begin the book")
    repository.git("tag", FIRST_COMMIT)
    build(repository.folder)
    return repository.folder


@pytest.fixture(scope="module")
def workspace(untouched: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the clone that walkthroughs may change."""
    return shutil.copytree(untouched, tmp_path_factory.mktemp("workspace") / "book")


@pytest.fixture
def clone(workspace: Path) -> Path:
    """The copy with the sources restored: a new copy for each test would take minutes."""
    repository = Repository(workspace)
    repository.git("checkout", "--quiet", "--force", "-B", "main", FIRST_COMMIT)
    repository.git("clean", "--quiet", "--force", "-d")
    return workspace


def run(command: str, clone: Path) -> None:
    """Run a shell command; `make` targets run with the installed libraries."""
    assignments, rest = re.fullmatch(r"((?:[A-Z_]+=\S+ )*)(.*)", command, re.DOTALL).groups()  # type: ignore[union-attr]
    env = dict(assignment.split("=", 1) for assignment in assignments.split())
    program, *arguments = shlex.split(rest)
    match program:
        case "git":
            Repository(clone).git(*arguments, day=2)
        case "make":
            make(clone, *arguments, **env)
        case _:
            pytest.fail(f"this test can't run: {command}")


def make(clone: Path, target: str, *settings: str, **env: str) -> None:
    """Run the command of a Makefile target, with `ARGS`."""
    arguments: list[str] = []
    for setting in settings:
        name, _, value = setting.partition("=")
        assert name == "ARGS", setting
        arguments += shlex.split(value)
    if target == "test":
        run_tests(clone, *arguments, **env)
    else:
        build(clone, *MAKES[target], *arguments, **env)


def run_tests(clone: Path, *arguments: str, **env: str) -> None:
    """Run tests in the clone; fail unless they pass."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *PYTEST_OPTIONS, *arguments],
        cwd=clone,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def build(clone: Path, *arguments: str, **env: str) -> None:
    """Run `python build.py` in the clone; fail if it reports a diagnostic."""
    done = subprocess.run(
        [sys.executable, "build.py", *arguments],
        cwd=clone,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    diagnostics = re.findall(r"^(?:error|warning)\[.*", done.stdout, re.MULTILINE)
    assert (done.returncode, diagnostics) == (0, []), done.stdout + done.stderr


def words(page: Path) -> str:
    """The text of the main element of a page."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    assert soup.main is not None
    return " ".join(soup.main.get_text(" ").split())


def page(clone: Path, source: Path) -> Path:
    """The page that shows the text of a class."""
    return clone / "site" / "status" / source.stem / "index.html"


def rewritten(diff: str) -> tuple[str, str]:
    """The old and the new lines of a hunk."""
    lines = [(line[:1], line[1:]) for line in diff.splitlines()]
    assert {sign for sign, _ in lines} <= {" ", "-", "+"}
    before = [line for sign, line in lines if sign in " -"]
    after = [line for sign, line in lines if sign in " +"]
    return "\n".join(before), "\n".join(after)


def run_commands(step: Step, clone: Path, _: str) -> None:
    """Run each line of the block."""
    assert step.language == "sh"
    for command in step.fenced.splitlines():
        run(command, clone)


def change(step: Step, clone: Path, _: str) -> None:
    """Apply a diff whose hunks are separated by `@@`; each must match exactly once."""
    assert step.language == "diff"
    text = step.file(clone).read_text(encoding="utf-8")
    for hunk in step.fenced.split("@@\n"):
        before, after = rewritten(hunk)
        assert text.count(f"\n{before}\n") == 1, f"{step.file(clone)} has other text: {before}"
        text = text.replace(f"\n{before}\n", f"\n{after}\n")
    step.file(clone).write_text(text, encoding="utf-8")


def append(step: Step, clone: Path, _: str) -> None:
    """Append the block to a file."""
    assert step.language in {"markdown", "toml"}
    with step.file(clone).open("a", encoding="utf-8") as end:
        end.write(step.fenced)


def replace(step: Step, clone: Path, _: str) -> None:
    """Replace a new file, which must contain TODO."""
    assert "TODO" in step.file(clone).read_text(encoding="utf-8")
    step.file(clone).write_text(step.fenced, encoding="utf-8")


def write(step: Step, clone: Path, _: str) -> None:
    """Write the block to a file."""
    step.file(clone).write_text(step.fenced, encoding="utf-8")


def look_at_file(step: Step, clone: Path, text: str) -> None:
    """Check that the file contains the text."""
    assert text in step.file(clone).read_text(encoding="utf-8")


def look(step: Step, clone: Path, text: str) -> None:
    """Check that the page contains the text."""
    (path,) = re.findall(r"`(site/[\w./-]+)`", step.words)
    assert text in words(clone / path)


def look_at_style_sheet(step: Step, clone: Path, text: str) -> None:
    """Check that a style sheet of the page contains the minified declaration."""
    (path,) = re.findall(r"`(site/[\w./-]+)`", step.words)
    soup = BeautifulSoup((clone / path).read_text(encoding="utf-8"), "html.parser")
    sheets = [str(link["href"]) for link in soup.select("link[rel=stylesheet]")]
    assert any(text in (clone / path).parent.joinpath(sheet).read_text("utf-8") for sheet in sheets)


def look_at_themes(step: Step, clone: Path, _: str) -> None:
    """Check that the style sheets have rules for themes, print, and narrow screens."""
    sheets = [path.read_text(encoding="utf-8") for path in (clone / "site").rglob("*.css")]
    for what in ("light-dark(", "@media print", "@media (max-width"):
        assert [sheet for sheet in sheets if what in sheet] != [], step.words


def follow_link(_: Step, clone: Path, name: str) -> None:
    """Check that the page to change has the link, and that it points to the text to change."""
    (source,) = (step.file(clone) for step in steps(WALKS[0]) if step.language == "diff")
    soup = BeautifulSoup(page(clone, source).read_text(encoding="utf-8"), "html.parser")
    (link,) = (link for link in soup.select("footer a") if link.get_text() == name)
    file = source.relative_to(clone).as_posix()
    assert re.fullmatch(rf"{REPOSITORY}/edit/main/{re.escape(file)}#L[0-9]+", str(link["href"]))


def commit(_: Step, clone: Path, __: str) -> None:
    """Commit as GitHub does; the first line of the message becomes a title in the feed."""
    Repository(clone).commit(2, SUBJECT)
    build(clone, CODEBOOK_URL="https://site.invalid/")
    assert SUBJECT in (clone / "site" / "feed.xml").read_text(encoding="utf-8")


def propose(_: Step, clone: Path, __: str) -> None:
    """Check that the built site, as the preview workflow builds it, shows the new sentence."""
    (step,) = (step for step in steps(WALKS[0]) if step.language == "diff")
    before, after = rewritten(step.fenced)
    words_after = words(page(clone, step.file(clone)))
    assert after in words_after
    assert before not in words_after


DONE: Mapping[str, Callable[[Step, Path, str], None]] = {
    r"At the bottom of the page, click “(.+?)”": follow_link,
    r"Change the sentence, here in `": change,
    r"Click “Commit changes…”": commit,
    r"Click “Propose changes”, then “Create pull request”": propose,
    r"Create the (?:article|table):": run_commands,
    r"Replace each `TODO`": replace,
    r"Build the site": run_commands,
    r"Open `site/[^`]+`[^.]*\. It says “(.+)”": look,
    r"Commit the change:": run_commands,
    r"Declare it at the end of `": append,
    r"State it, with its source, in `": change,
    r"Put the rows into `": replace,
    r"Describe the table in `": replace,
    r"Change a style sheet in `templates/assets/`": change,
    r"Open `site/[^`]+`\. Its style sheet contains `([^`]+)`": look_at_style_sheet,
    r"Check the page with the light and dark color themes": look_at_themes,
    r"Name the rule after the error, in `": change,
    r"Report the error in the module that can detect it, here in `": change,
    r"Explain the rule in `": change,
    r"Add the rule to the schema of reports": run_commands,
    r"Add a case for each other way to break the rule": append,
    r"Write the report of this case as well": run_commands,
    r"Open `tests/[^`]+`\. It says “(.+)”": look_at_file,
    r"Declare the kind of page and add a route to the page table, `": change,
    r"Declare the values that its template uses, in `": change,
    r"Fill them in, in `": change,
    r"Write the template, `": write,
}
"""What to do for a step, by how its text begins."""


def follow(step: Step, clone: Path) -> None:
    """Do what a step says; fail if the test doesn't support it."""
    for beginning, do in DONE.items():
        if match := re.match(beginning, step.words):
            do(step, clone, match[1] if match.groups() else "")
            return
    pytest.fail(f"this test can't follow: {step.words}")


def test_every_walk_is_tested() -> None:
    """Every section with numbered steps is in `WALKS`."""
    sections = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]
    numbered = [
        section.partition("\n")[0]
        for section in sections
        if re.search(r"^1\. ", section, re.MULTILINE)
    ]
    assert numbered == [*WALKS]


@pytest.mark.slow
@pytest.mark.parametrize("walk", WALKS)
def test_a_walkthrough_works_as_written(walk: str, clone: Path) -> None:
    """Every step works as written and has the stated result."""
    for step in steps(walk):
        follow(step, clone)
    repository = Repository(clone)
    repository.git("add", "--all")
    # CI checks the content of a pull request with these tests.
    if repository.git("diff", "--cached", "--name-only", FIRST_COMMIT, "--", "content"):
        run_tests(
            clone, "--noconftest", "tests/content/test_content.py", "tests/content/test_prose.py"
        )


@pytest.mark.slow
def test_results_of_walkthroughs_do_not_exist_before(untouched: Path) -> None:
    """The stated results don't exist before the steps."""
    for walk in WALKS[1:]:
        looks = [step for step in steps(walk) if re.match("Open `(?:site|tests)/", step.words)]
        assert looks, walk
        for step in looks:
            with pytest.raises((AssertionError, FileNotFoundError)):
                follow(step, untouched)


KIND = "Add a kind of page"


def kind_steps() -> Mapping[str, Step]:
    """The steps that edit files for a new kind of page, by the name of the file."""
    return {
        step.file(Path()).name: step for step in steps(KIND) if step.language in {"diff", "jinja"}
    }


def test_a_new_kind_of_page_edits_three_modules_and_one_template() -> None:
    """The page table, the context, the function that fills it in, and the template."""
    assert {*kind_steps()} == {"routes.py", "contexts.py", "pages.py", "facts.html"}


@pytest.mark.slow
@pytest.mark.parametrize("forgotten", ["routes.py", "contexts.py", "pages.py", "facts.html"])
def test_a_forgotten_step_of_a_new_kind_of_page_fails_the_build(
    forgotten: str, clone: Path
) -> None:
    """The message names the missing class or template; it's never a KeyError."""
    for name, step in kind_steps().items():
        if name != forgotten:
            follow(step, clone)
    done = subprocess.run(
        [sys.executable, "build.py", "check", "--content", "tests/fixtures/second-book"],
        cwd=clone,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert "KeyError" not in done.stdout + done.stderr
    assert re.search("AllFacts|FactsPage|facts.html", done.stdout + done.stderr)


@pytest.mark.slow
def test_mypy_finds_a_kind_of_page_that_has_no_context(clone: Path) -> None:
    """Before the program runs, because the matches over the kinds are incomplete."""
    for name, step in kind_steps().items():
        if name != "pages.py":
            follow(step, clone)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "codebook/site/html/pages.py"],
        cwd=clone,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    errors = re.findall(r"^codebook/.*: error: .*", done.stdout, re.MULTILINE)
    assert len(errors) == 2, "one in the names of templates, and one in the contexts"
    for error in errors:
        assert error.startswith("codebook/site/html/pages.py:")
        assert '"AllFacts"' in error
