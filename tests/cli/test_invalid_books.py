"""The command reports all errors of a book at once, without changing the site."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from codebook.build.pipeline import BuildResult
from codebook.cli.main import main
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Span
from tests.case_files import FIRST_TITLE, broken_book, read_cases

Run = Callable[..., subprocess.CompletedProcess[str]]
Compile = Callable[..., BuildResult]
Finding = tuple[Span, Rule]

CASES = {case.name: case for case in read_cases()}
REGISTER = "http-status-codes.md"

MARKER = re.compile(r"⟦(?P<rule>[a-z0-9-]+):(?P<text>.*?)⟧")
"""Marks the text that a diagnostic underlines, with its rule."""

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
"""Texts of the seed, and their replacements."""

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
    'license = "CC0-1.0"\n[columns]\ncode = "Code"\nname = "Name"\n```\n',
    "tables/names.csv": "code,name\n404,Not Found\n⟦unknown-code:497⟧,Nothing\n",
}
"""Files besides the seed."""


def _edited(seed_text: str, *edits: tuple[str, str]) -> str:
    for old, new in edits:
        assert seed_text.count(old) == 1, old
        seed_text = seed_text.replace(old, new)
    return seed_text


def _without_markers(files: Mapping[str, str]) -> dict[str, str]:
    """Remove the markers from the files."""
    return {path: MARKER.sub(r"\g<text>", text) for path, text in files.items()}


def _expected(files: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the diagnostics that the markers describe."""
    for path, text in files.items():
        for number, line in enumerate(text.split("\n"), start=1):
            removed = 0
            for marker in MARKER.finditer(line):
                length = len(marker["text"])
                span = Span(f"content/{path}", number, marker.start() - removed + 1, length)
                yield span, Rule(marker["rule"])
                removed += len(marker[0]) - length


def _findings(result: BuildResult) -> list[Finding]:
    """Return the diagnostics except that of the seed: class 5 has no section."""
    return [
        (diagnostic.span, diagnostic.rule)
        for diagnostic in result.diagnostics
        if diagnostic.rule is not Rule.MISSING_SECTION
    ]


@pytest.fixture
def invalid_book(seed_text: str) -> dict[str, str]:
    """The seed with every error at once, including the markers."""
    return {REGISTER: _edited(seed_text, *EDITS), **FILES}


def test_an_error_in_the_seed_is_reported_at_its_text(
    seed_text: str, compile_book: Compile
) -> None:
    """Rule, line, column, and length are right, and there is no other diagnostic."""
    books = {new: {REGISTER: _edited(seed_text, (old, new))} for old, new in EDITS}
    found = {new: _findings(compile_book(_without_markers(it))) for new, it in books.items()}
    assert found == {new: list(_expected(files)) for new, files in books.items()}


def test_all_errors_of_a_book_are_reported_at_once(
    invalid_book: dict[str, str], compile_book: Compile
) -> None:
    """One run shows everything to fix, in order of file, line, and column."""
    expected = sorted(_expected(invalid_book))
    assert len(expected) == len(EDITS) + 6
    assert _findings(compile_book(_without_markers(invalid_book))) == expected


def test_the_book_without_the_errors_is_built(seed_text: str, compile_book: Compile) -> None:
    """The seed, which the other tests edit, has no error."""
    result = compile_book({REGISTER: seed_text})
    assert result.files
    assert _findings(result) == []


def test_the_command_reports_all_errors_without_changing_the_site(
    invalid_book: dict[str, str], seed_text: str, tmp_path: Path, run_codebook: Run
) -> None:
    """The exit code is 1, and the files of the site keep their contents and times."""
    content = tmp_path / "content"
    content.mkdir()
    (content / REGISTER).write_bytes(seed_text.encode())
    assert run_codebook("--content", "content", "--site", "site", cwd=tmp_path).returncode == 0
    before = _snapshot(tmp_path / "site")
    for path, text in _without_markers(invalid_book).items():
        (content / path).parent.mkdir(exist_ok=True)
        (content / path).write_bytes(text.encode())
    process = run_codebook(
        "--content", "content", "--site", "site", "--format", "concise", cwd=tmp_path
    )
    assert process.returncode == 1
    positions = [line.split(" ")[0] for line in process.stdout.splitlines()]
    for span, _ in _expected(invalid_book):
        assert f"{span.path}:{span.line}:{span.column}:" in positions
    assert process.stderr.endswith("16 errors, 1 warning; site/ is unchanged\n")
    assert _snapshot(tmp_path / "site") == before


def explain_line(name: str) -> str:
    """Return the line that refers to the explanation of a rule."""
    return f"for more information, run: python build.py explain {CASES[name].rule}\n"


def _snapshot(folder: Path) -> dict[Path, tuple[int, bytes]]:
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


WITH_ERROR = (
    "not-utf8: The settings",
    "unexpected-block: A paragraph that isn't indented",
    f"unknown-key: {FIRST_TITLE}",
    "duplicate-code: The same code twice in a section",
    "unknown-code: A code in a table",
    "broken-link: A code that no register describes",
)
WITH_WARNING = (
    "missing-section: No section of the last class",
    "raw-html: An element in a text",
    "unexpected-file: An unknown extension",
)


@pytest.fixture
def build_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run the command in the folder of a case; return the exit code, stdout, and stderr."""

    def build_case(name: str, *arguments: str) -> tuple[int, str, str]:
        folder = tmp_path / CASES[name].rule
        if not folder.exists():
            broken_book(CASES[name]).write(folder)
        monkeypatch.chdir(folder)
        code = main(["--content", "content", "--site", "site", *arguments])
        return code, *capsys.readouterr()

    return build_case


def test_with_an_error_no_site_is_built(
    build_case: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    """The report on stdout is that of the case, the exit code is 1, and there is no site."""
    expected = {
        name: (1, CASES[name].report, f"{explain_line(name)}1 error; site/ is unchanged\n")
        for name in WITH_ERROR
    }
    assert {name: build_case(name) for name in WITH_ERROR} == expected
    assert not [*tmp_path.rglob("site")]


def test_a_warning_fails_only_a_strict_build(
    build_case: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    """The exit code is 0, and there is a site; with --strict it is 1, and there is none."""
    summary = "1 warning, which --strict treats as errors; site/ is unchanged\n"
    strict = {name: build_case(name, "--strict") for name in WITH_WARNING}
    assert strict == {
        name: (1, CASES[name].report, f"{explain_line(name)}{summary}") for name in WITH_WARNING
    }
    assert not [*tmp_path.rglob("site")]
    for name in WITH_WARNING:
        code, output, errors = build_case(name)
        assert (code, output) == (0, CASES[name].report), name
        assert errors.endswith("; 1 warning\n"), name
        assert (tmp_path / CASES[name].rule / "site" / "index.html").is_file(), name
