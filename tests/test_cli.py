"""The command, as somebody types it."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
Run = Callable[..., subprocess.CompletedProcess[str]]
ReadTree = Callable[[Path], Mapping[str, bytes]]

WARNED = "# Signals\n\n1. Signals (10–19)\n2. Lights (20–29)\n\n## 1. Signals\n\n- 11\nOpen.\n"


@pytest.fixture
def warned(content_folder: Path) -> Path:
    """A book with one warning and no error."""
    (content_folder / "signals.md").write_text(WARNED, encoding="utf-8")
    return content_folder


@pytest.fixture
def faulty(content_folder: Path) -> Path:
    """A book with one error."""
    (content_folder / "signals.md").write_text(WARNED.replace("11", "31"), encoding="utf-8")
    return content_folder


def on_a_terminal(arguments: list[str], env: Mapping[str, str]) -> str:
    """What the command prints on stderr where that is a terminal."""
    terminal, child_end = pty.openpty()
    with subprocess.Popen(
        [sys.executable, str(ROOT / "build.py"), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=child_end,
        env={**os.environ, "TERM": "xterm-256color", **env},
    ):
        os.close(child_end)
        output = b""
        while chunk := _read(terminal):
            output += chunk
    os.close(terminal)
    return output.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux says that nobody writes any more
        return b""


def test_problems_go_to_stdout_and_the_summary_to_stderr(
    run_codebook: Run, warned: Path, tmp_path: Path
) -> None:
    """So the one can be kept and the other read."""
    ended = run_codebook("--content", warned, "--site", tmp_path / "site")
    assert ended.returncode == 0
    assert ended.stdout.startswith("warning[missing-section]: ")
    assert "written" in ended.stderr
    assert ended.stderr.endswith("; 1 warning\n")


def test_check_writes_nothing(run_codebook: Run, content_folder: Path, tmp_path: Path) -> None:
    """Not even the folder of the site is made."""
    ended = run_codebook("check", "--content", content_folder, "--site", tmp_path / "site")
    assert ended.returncode == 0
    assert ended.stderr.endswith("files can be built\n")
    assert not (tmp_path / "site").exists()


def test_check_finds_what_build_finds(run_codebook: Run, faulty: Path, tmp_path: Path) -> None:
    """The same problems, the same exit code."""
    arguments = ("--content", faulty, "--site", tmp_path / "site")
    checked, built = run_codebook("check", *arguments), run_codebook("build", *arguments)
    assert (checked.returncode, checked.stdout) == (built.returncode, built.stdout)
    assert checked.returncode == 1
    assert checked.stderr.endswith("\n1 error, 1 warning\n")


def test_strict_takes_warnings_for_errors(run_codebook: Run, warned: Path, tmp_path: Path) -> None:
    """Whatever the verbosity."""
    for quiet in ([], ["--quiet"], ["--verbose"]):
        ended = run_codebook("--strict", *quiet, "--content", warned, "--site", tmp_path / "site")
        assert ended.returncode == 1
        assert "[missing-section]" in ended.stdout
        assert not (tmp_path / "site").exists()


def test_quiet_prints_problems_alone(run_codebook: Run, warned: Path, tmp_path: Path) -> None:
    """Nothing on stderr."""
    ended = run_codebook("-q", "--content", warned, "--site", tmp_path / "site")
    assert ended.stderr == ""
    assert ended.stdout != ""


def test_verbose_names_each_file(run_codebook: Run, content_folder: Path, tmp_path: Path) -> None:
    """What was written, and what was removed."""
    site = tmp_path / "site"
    ended = run_codebook("-v", "--content", content_folder, "--site", site)
    assert f"wrote {site}/status/11/index.html\n" in ended.stderr
    text = (content_folder / "signals.md").read_text(encoding="utf-8")
    (content_folder / "signals.md").write_text(text.replace("- 11", "- 12"), encoding="utf-8")
    ended = run_codebook("-v", "--content", content_folder, "--site", site)
    assert f"removed {site}/status/11/index.html\n" in ended.stderr


@pytest.mark.parametrize("style", ["full", "concise", "github", "json"])
def test_each_format_can_be_chosen(
    run_codebook: Run, faulty: Path, tmp_path: Path, style: str
) -> None:
    """Each names the rule; json is json."""
    ended = run_codebook("--format", style, "--content", faulty, "--site", tmp_path / "site")
    assert ended.returncode == 1
    assert "misplaced-code" in ended.stdout
    if style == "json":
        assert [problem["rule"] for problem in json.loads(ended.stdout)] == [
            "missing-section",
            "misplaced-code",
        ]


@pytest.mark.parametrize(
    "arguments",
    [["destroy"], ["--format", "xml"], ["--sight", "x"], ["-q", "-v"], ["--content"]],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2(run_codebook: Run, arguments: list[str]) -> None:
    """With the usage on stderr."""
    ended = run_codebook(*arguments)
    assert ended.returncode == 2
    assert ended.stderr.startswith("usage: build.py")


def test_help_names_every_option_and_exit_code(run_codebook: Run) -> None:
    """A newcomer needs no more."""
    output = run_codebook("--help").stdout
    for word in ("check", "--content", "--templates", "--site", "--url", "--strict", "--format"):
        assert word in output
    assert "exit status: 0 done, 1 problems in the content, 2 wrong usage" in " ".join(
        output.split()
    )


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("example.org", "not a whole https or http address"),
        ("ftp://example.org/", "not a whole https or http address"),
        ("https://", "not a whole https or http address"),
        ("https://me@example.org/", "more than a host and a path"),
        ("https://example.org/?a", "more than a host and a path"),
        ("https://example.org/#a", "more than a host and a path"),
        ("https://example.org/a b/", "a character that no address holds"),
        ("https://example.org/a/../b/", "its path is not plain"),
        ("https://example.org:port/", "not an address"),
        ("javascript:alert(1)", "not a whole https or http address"),
    ],
)
def test_a_public_address_that_is_none_is_refused(run_codebook: Run, url: str, reason: str) -> None:
    """As an option and in the environment alike."""
    ended = run_codebook("check", "--url", url)
    assert ended.returncode == 2
    assert "--url cannot be used" in ended.stderr
    assert reason in ended.stderr
    ended = run_codebook("check", env={"CODEBOOK_URL": url})
    assert ended.returncode == 2
    assert "CODEBOOK_URL cannot be used" in ended.stderr


def test_the_public_address_is_the_options_then_the_environments_then_the_books(
    run_codebook: Run, content_folder: Path, tmp_path: Path
) -> None:
    """Canonical links, and the links of the error page, follow it."""
    (content_folder / "book.toml").write_text('url = "https://book.example/b"\n')
    site = tmp_path / "site"
    arguments = ("--content", content_folder, "--site", site)
    env = {"CODEBOOK_URL": "https://env.example"}
    for more, extra, expected, base in (
        ([], {}, "https://book.example/b/status/11/", "/b/"),
        ([], env, "https://env.example/status/11/", "/"),
        (["--url", "https://o.example/x/y/"], env, "https://o.example/x/y/status/11/", "/x/y/"),
    ):
        assert run_codebook(*arguments, *more, env=extra).returncode == 0
        page = (site / "status" / "11" / "index.html").read_text(encoding="utf-8")
        assert f'<link rel="canonical" href="{expected}">' in page
        assert f'href="{base}status/11/"' in (site / "404.html").read_text(encoding="utf-8")


def test_it_can_be_run_from_anywhere(
    run_codebook: Run, content_folder: Path, tmp_path: Path
) -> None:
    """Folders are found beside the program, and paths are shown as they were typed."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    ended = run_codebook("check", cwd=elsewhere)
    assert ended.returncode == 0
    (content_folder / "signals.md").write_text("", encoding="utf-8")
    ended = run_codebook("check", "--content", "../content", "--format", "concise", cwd=elsewhere)
    assert ended.stdout.startswith("../content/signals.md:1:1: error[missing-title]")


def test_a_reader_who_has_seen_enough_is_no_fault(content_folder: Path) -> None:
    """`build.py check | head -1` ends without a traceback."""
    entries = "".join(f"- {number}\n" for number in range(1000, 1999))
    text = f"# S\n\n1. S (1000–1999)\n\n## 1. S\n\n{entries}"
    (content_folder / "signals.md").write_text(text, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(ROOT / "build.py"), "check", "--content", str(content_folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as ended:
        assert ended.stdout is not None
        assert ended.stderr is not None
        ended.stdout.readline()
        ended.stdout.close()
        output = ended.stderr.read()
    assert "Traceback" not in output
    assert "Exception" not in output


def test_nothing_but_words_is_printed_where_nobody_watches(
    run_codebook: Run, warned: Path, tmp_path: Path
) -> None:
    """No escape sequence reaches a file or a pipe."""
    ended = run_codebook("--content", warned, "--site", tmp_path / "site")
    assert "\x1b" not in ended.stdout + ended.stderr


def test_a_bar_is_drawn_for_long_work_on_a_terminal_alone(
    content_folder: Path, tmp_path: Path
) -> None:
    """A short build draws none; NO_COLOR takes the colours away."""
    arguments = ["--content", str(content_folder), "--site", str(tmp_path / "site")]
    # On a busy machine even a short build may be long once.
    assert any("\x1b" not in on_a_terminal(arguments, {}) for _ in range(3))
    entries = "".join(f"- {code}\nText of {code}.\n\n" for code in range(10_000, 11_200))
    text = f"# S\n\n1. S (10000–19999)\n\n## 1. S\n\n{entries}"
    (content_folder / "signals.md").write_text(text, encoding="utf-8")
    # How far a machine has come when the bar begins is its own affair.
    stages = re.compile("reading|rendering|checking|writing")
    output = on_a_terminal(arguments, {})
    assert stages.search(output)
    assert "%" in output
    assert "\x1b[3" in output
    output = on_a_terminal(arguments, {"NO_COLOR": "1"})
    assert stages.search(output)
    assert "\x1b[3" not in output
