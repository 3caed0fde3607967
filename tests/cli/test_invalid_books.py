"""Books with errors: the command reports all of them at once, and leaves the site as it is."""

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
Compile = Callable[..., BuildResult]
Finding = tuple[Span, Rule]

CASES = Path(__file__).resolve().parents[1] / "cases" / "diagnostics"
REGISTER = "http-status-codes.md"

MARKER = re.compile(r"⟦(?P<rule>[a-z0-9-]+):(?P<text>.*?)⟧")
"""Surrounds the text that a diagnostic must underline, and names its rule."""

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
"""Edits of the seed: a text of it, and its replacement."""

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
    """The files without the markers."""
    return {path: MARKER.sub(r"\g<text>", text) for path, text in files.items()}


def _expected(files: Mapping[str, str]) -> Iterator[Finding]:
    """The diagnostics that the markers ask for."""
    for path, text in files.items():
        for number, line in enumerate(text.split("\n"), start=1):
            removed = 0
            for marker in MARKER.finditer(line):
                length = len(marker["text"])
                span = Span(f"content/{path}", number, marker.start() - removed + 1, length)
                yield span, Rule(marker["rule"])
                removed += len(marker[0]) - length


def _findings(result: BuildResult) -> list[Finding]:
    """The diagnostics, except for the one of the seed itself: class 5 has no section."""
    return [
        (diagnostic.span, diagnostic.rule)
        for diagnostic in result.diagnostics
        if diagnostic.rule is not Rule.MISSING_SECTION
    ]


@pytest.fixture
def invalid_book(seed_text: str) -> dict[str, str]:
    """The seed with every error at once, including the markers."""
    return {REGISTER: _edited(seed_text, *EDITS), **FILES}


@pytest.mark.parametrize("edit", EDITS, ids=[MARKER.findall(new)[0][0] for _, new in EDITS])
def test_an_error_in_the_seed_is_reported_at_its_text(
    edit: tuple[str, str], seed_text: str, compile_book: Compile
) -> None:
    """Rule, line, column, and length are right, and there is no other diagnostic."""
    files = {REGISTER: _edited(seed_text, edit)}
    assert _findings(compile_book(_without_markers(files))) == list(_expected(files))


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


def test_the_command_reports_all_errors_and_leaves_the_site_as_it_is(
    invalid_book: dict[str, str], seed_text: str, tmp_path: Path, run_codebook: Run
) -> None:
    """Exit code 1, a line for each error, and no byte and no time of the old site is changed."""
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
    """The line that refers from a diagnostic to the explanation of its rule."""
    return f"for more information, run: python build.py explain {name.partition('/')[0]}\n"


def _snapshot(folder: Path) -> dict[Path, tuple[int, bytes]]:
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
def test_with_an_error_no_site_is_built(name: str, tmp_path: Path, run_codebook: Run) -> None:
    """The report on stdout is that of the case, the exit code is 1, and there is no site."""
    shutil.copytree(CASES / name / "content", tmp_path / "content")
    process = run_codebook("--content", "content", "--site", "site", cwd=tmp_path)
    assert process.stdout == (CASES / name / "expected.txt").read_text(encoding="utf-8")
    assert process.stderr == f"{explain_line(name)}1 error; site/ is unchanged\n"
    assert process.returncode == 1
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("name", ["missing-section/last", "raw-html/tag", "unexpected-file/ending"])
def test_a_warning_fails_only_a_strict_build(name: str, tmp_path: Path, run_codebook: Run) -> None:
    """The exit code is 0, and there is a site; with --strict it is 1, and there is none."""
    shutil.copytree(CASES / name / "content", tmp_path / "content")
    expected = (CASES / name / "expected.txt").read_text(encoding="utf-8")
    strict = run_codebook("--content", "content", "--site", "site", "--strict", cwd=tmp_path)
    assert (strict.returncode, strict.stdout) == (1, expected)
    assert strict.stderr == (
        f"{explain_line(name)}1 warning, which --strict treats as errors; site/ is unchanged\n"
    )
    assert not (tmp_path / "site").exists()
    lenient = run_codebook("--content", "content", "--site", "site", cwd=tmp_path)
    assert (lenient.returncode, lenient.stdout) == (0, expected)
    assert lenient.stderr.endswith("; 1 warning\n")
    assert (tmp_path / "site" / "index.html").is_file()
