"""The command meets faulty books: everything is reported at once, and no site is touched."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from codebook.build.pipeline import BuildResult
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Span

Run = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[..., BuildResult]
Found = tuple[Span, Rule]

CASES = Path(__file__).resolve().parent / "cases" / "diagnostics"
REGISTER = "http-status-codes.md"

MARK = re.compile(r"⟦(?P<rule>[a-z0-9-]+):(?P<words>.*?)⟧")
"""Stands around the words that a problem must underline, and names its rule."""

EDITS = (
    ("- 405  \n", "- ⟦misplaced-code:505⟧  \n"),
    ("- 411  \n", "- ⟦duplicate-code:410⟧  \n"),
    ("- 412  \n", "- ⟦invalid-code:Precondition failed⟧  \n"),
    ("- 415  \n", "⟦unexpected-block:Ask the server.⟧\n\n- 415  \n"),
    (
        "- 418  \nThe server refuses the attempt to brew coffee with a teapot.\n",
        "- ⟦missing-text:418⟧\n",
    ),
    ("The server can not find", "The [server](⟦broken-link:codes/498.md⟧) can not find"),
    ("The request succeeded,", "The [request](⟦forbidden-link:javascript:alert(1)⟧) succeeded,"),
    ("The URL of the", "The ⟦raw-html:<b>⟧URL of the"),
    ("There is no content", "There is ⟦control-character:\x1b⟧no content"),
    ("Tells the user agent", "Tells the ⟦hidden-character:\u202e⟧user agent"),
    (
        "### Ref :",
        "⟦unannounced-section:## 6. Imaginary responses⟧\n\n- 600\nAnything.\n\n### Ref :",
    ),
)
"""What is done to the seed: words of it, and what takes their place."""

FILES = {
    "codes/404.md": '```toml\n⟦unknown-key:nmae⟧ = "Not Found"\n```\n',
    "codes/499.md": "⟦orphan-article:`⟧``toml\n```\n",
    "codes/403.md": "```toml\n[facts]\n"
    'safe = { value = "⟦unknown-value:mabye⟧", source = "RFC 9110" }\n'
    '⟦missing-source:cached⟧ = { value = "no" }\n```\n',
    "facts.toml": '[safe]\nlabel = "Safe"\nabout = "Whether."\n[safe.values]\nmaybe = "At times."\n'
    '[cached]\nlabel = "Cached"\nabout = "Whether."\n',
    "tables/lost.csv": "⟦missing-table-page:c⟧ode,name\n404,Not Found\n",
    "tables/names.md": '```toml\ntitle = "Names"\nsource = "The registry"\nread = 2026-11-01\n'
    'licence = "CC0-1.0"\n[columns]\ncode = "Code"\nname = "Name"\n```\n',
    "tables/names.csv": "code,name\n404,Not Found\n⟦unknown-code:497⟧,Nothing\n",
}
"""What lies beside the seed."""


def _edited(seed: str, *edits: tuple[str, str]) -> str:
    for old, new in edits:
        assert seed.count(old) == 1, old
        seed = seed.replace(old, new)
    return seed


def _plain(files: Mapping[str, str]) -> dict[str, str]:
    """The files without the marks."""
    return {path: MARK.sub(r"\g<words>", text) for path, text in files.items()}


def _marked(files: Mapping[str, str]) -> Iterator[Found]:
    """Every problem that the marks announce."""
    for path, text in files.items():
        for number, line in enumerate(text.split("\n"), start=1):
            removed = 0
            for mark in MARK.finditer(line):
                words = mark["words"]
                place = Span(f"content/{path}", number, mark.start() - removed + 1, len(words))
                yield place, Rule(mark["rule"])
                removed += len(mark[0]) - len(words)


def _found(outcome: BuildResult) -> list[Found]:
    """The problems; that class 5 of the seed has no section is said before anything is edited."""
    return [
        (each.span, each.rule)
        for each in outcome.diagnostics
        if each.rule is not Rule.MISSING_SECTION
    ]


@pytest.fixture
def faulty(seed: str) -> dict[str, str]:
    """The seed with every fault at once, marks included."""
    return {REGISTER: _edited(seed, *EDITS), **FILES}


@pytest.mark.parametrize("edit", EDITS, ids=[MARK.findall(new)[0][0] for _, new in EDITS])
def test_a_fault_in_the_seed_is_reported_at_its_words(
    edit: tuple[str, str], seed: str, compile_book: Make
) -> None:
    """Rule, line, column and length are those of the words that are wrong, and nothing else is."""
    files = {REGISTER: _edited(seed, edit)}
    assert _found(compile_book(_plain(files))) == list(_marked(files))


def test_all_faults_of_a_book_are_reported_at_once(
    faulty: dict[str, str], compile_book: Make
) -> None:
    """One run shows everything there is to correct, in order of file, line and column."""
    expected = sorted(_marked(faulty))
    assert len(expected) == len(EDITS) + 6
    assert _found(compile_book(_plain(faulty))) == expected


def test_a_book_without_the_faults_is_built(seed: str, compile_book: Make) -> None:
    """What the faulty books are compared with has no error."""
    outcome = compile_book({REGISTER: seed})
    assert outcome.files
    assert _found(outcome) == []


def test_the_command_reports_all_faults_and_leaves_the_site_as_it_is(
    faulty: dict[str, str], seed: str, tmp_path: Path, build: Run
) -> None:
    """Exit code 1, a line for each fault, and not a byte or a time of the old site is changed."""
    content = tmp_path / "content"
    content.mkdir()
    (content / REGISTER).write_bytes(seed.encode())
    assert build("--content", "content", "--site", "site", cwd=tmp_path).returncode == 0
    before = _state(tmp_path / "site")
    for path, text in _plain(faulty).items():
        (content / path).parent.mkdir(exist_ok=True)
        (content / path).write_bytes(text.encode())
    done = build("--content", "content", "--site", "site", "--format", "concise", cwd=tmp_path)
    assert done.returncode == 1
    places = [line.split(" ")[0] for line in done.stdout.splitlines()]
    for span, _ in _marked(faulty):
        assert f"{span.path}:{span.line}:{span.column}:" in places
    assert done.stderr.endswith("16 errors, 1 warning; site/ was left as it is\n")
    assert _state(tmp_path / "site") == before


def more(name: str) -> str:
    """The line that leads on from a problem to what its rule means."""
    return f"for more: build.py explain {name.partition('/')[0]}\n"


def _state(folder: Path) -> dict[Path, tuple[int, bytes]]:
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    "name",
    [
        "not-utf8/settings",
        "unexpected-block/stray-paragraph",
        "unknown-key/article",
        "duplicate-code/same-section",
        "unknown-code/table",
        "broken-link/code",
    ],
)
def test_an_error_is_printed_and_makes_no_site(name: str, tmp_path: Path, build: Run) -> None:
    """The report on stdout is the case's own, the exit code is 1, the site is not even begun."""
    shutil.copytree(CASES / name / "content", tmp_path / "content")
    done = build("--content", "content", "--site", "site", cwd=tmp_path)
    assert done.stdout == (CASES / name / "expected.txt").read_text(encoding="utf-8")
    assert done.stderr == f"{more(name)}1 error; site/ was left as it is\n"
    assert done.returncode == 1
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("name", ["missing-section/last", "raw-html/tag", "unexpected-file/ending"])
def test_a_warning_is_printed_and_stops_only_a_strict_build(
    name: str, tmp_path: Path, build: Run
) -> None:
    """A warning alone is exit code 0 and a site; with --strict it is 1 and none."""
    shutil.copytree(CASES / name / "content", tmp_path / "content")
    expected = (CASES / name / "expected.txt").read_text(encoding="utf-8")
    strict = build("--content", "content", "--site", "site", "--strict", cwd=tmp_path)
    assert (strict.returncode, strict.stdout) == (1, expected)
    assert strict.stderr == (
        f"{more(name)}1 warning, which --strict takes for errors; site/ was left as it is\n"
    )
    assert not (tmp_path / "site").exists()
    lenient = build("--content", "content", "--site", "site", cwd=tmp_path)
    assert (lenient.returncode, lenient.stdout) == (0, expected)
    assert lenient.stderr.endswith("; 1 warning\n")
    assert (tmp_path / "site" / "index.html").is_file()
