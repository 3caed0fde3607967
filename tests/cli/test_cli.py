"""The command, as users run it."""

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

from tests.in_process import run_main
from tests.templates import copy_templates_without_fonts

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]
ReadTree = Callable[[Path], Mapping[str, bytes]]

WARNED = "# Signals\n\n1. Signals (10–19)\n2. Lights (20–29)\n\n## 1. Signals\n\n- 11\nOpen.\n"


@pytest.fixture
def warned(content_folder: Path) -> Path:
    """A book with one warning and no error."""
    (content_folder / "signals.md").write_text(WARNED, encoding="utf-8")
    return content_folder


@pytest.fixture
def broken(content_folder: Path) -> Path:
    """A book with one error."""
    (content_folder / "signals.md").write_text(WARNED.replace("11", "31"), encoding="utf-8")
    return content_folder


def on_a_terminal(arguments: list[str], env: Mapping[str, str], until: str = "") -> str:
    """The output of the command on stderr if that is a terminal.

    Stops the command when it has printed `until`.
    """
    terminal, child_end = pty.openpty()
    with subprocess.Popen(
        [sys.executable, str(ROOT / "build.py"), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=child_end,
        env={**os.environ, "TERM": "xterm-256color", **env},
    ) as process:
        os.close(child_end)
        output = b""
        while chunk := _read(terminal):
            output += chunk
            if until and until.encode() in output:
                process.terminate()
    os.close(terminal)
    return output.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux reports that the other end is closed
        return b""


@pytest.mark.slow
def test_diagnostics_go_to_stdout_and_the_summary_to_stderr(
    run_codebook: Run, warned: Path, tmp_path: Path
) -> None:
    """Users can save one and read the other."""
    result = run_codebook("--content", warned, "--site", tmp_path / "site")
    assert result.returncode == 0
    assert result.stdout.startswith("warning[missing-section]: ")
    assert "written" in result.stderr
    assert result.stderr.endswith("; 1 warning\n")


def test_check_writes_nothing(content_folder: Path, tmp_path: Path) -> None:
    """The site folder isn't created either."""
    result = run_main("check", "--content", content_folder, "--site", tmp_path / "site")
    assert result.returncode == 0
    assert result.stderr.endswith("files\n")
    assert not (tmp_path / "site").exists()


def test_check_reports_the_same_diagnostics_as_build(broken: Path, tmp_path: Path) -> None:
    """The exit code is the same too."""
    arguments = ("--content", broken, "--site", tmp_path / "site")
    checked, built = run_main("check", *arguments), run_main("build", *arguments)
    assert (checked.returncode, checked.stdout) == (built.returncode, built.stdout)
    assert checked.returncode == 1
    assert checked.stderr.endswith("\n1 error, 1 warning\n")


def test_strict_treats_warnings_as_errors(warned: Path, tmp_path: Path) -> None:
    """The verbosity doesn't matter."""
    for quiet in ([], ["--quiet"], ["--verbose"]):
        result = run_main("--strict", *quiet, "--content", warned, "--site", tmp_path / "site")
        assert result.returncode == 1
        assert "[missing-section]" in result.stdout
        assert not (tmp_path / "site").exists()


def test_serve_prints_only_diagnostics_with_quiet(warned: Path, tmp_path: Path) -> None:
    """Nothing is printed on stderr."""
    result = run_main("-q", "--content", warned, "--site", tmp_path / "site")
    assert result.stderr == ""
    assert result.stdout != ""


def test_verbose_names_each_file(content_folder: Path, tmp_path: Path) -> None:
    """It lists the files that were written and those that were removed."""
    site = tmp_path / "site"
    result = run_main("-v", "--content", content_folder, "--site", site)
    assert f"wrote {site}/status/11/index.html\n" in result.stderr
    text = (content_folder / "signals.md").read_text(encoding="utf-8")
    (content_folder / "signals.md").write_text(text.replace("- 11", "- 12"), encoding="utf-8")
    result = run_main("-v", "--content", content_folder, "--site", site)
    assert f"removed {site}/status/11/index.html\n" in result.stderr


def test_each_format_can_be_chosen(broken: Path, tmp_path: Path) -> None:
    """Each format names the rule, and `json` is valid JSON."""
    for style in ("full", "concise", "github", "json"):
        result = run_main("--format", style, "--content", broken, "--site", tmp_path / "site")
        assert result.returncode == 1, style
        assert "misplaced-code" in result.stdout, style
    assert [diagnostic["rule"] for diagnostic in json.loads(result.stdout)] == [
        "missing-section",
        "misplaced-code",
    ]


def test_wrong_usage_is_exit_code_2() -> None:
    """The usage is printed on stderr."""
    for arguments in ("destroy", "--format xml", "--sight x", "-q -v", "--content"):
        result = run_main(*arguments.split())
        assert result.returncode == 2, arguments
        assert result.stderr.startswith("usage: build.py"), arguments


def test_help_names_every_option_and_exit_code() -> None:
    """New users need no other documentation to run a command."""
    output = run_main("--help").stdout
    for word in ("check", "--content", "--templates", "--site", "--url", "--strict", "--format"):
        assert word in output
    assert "exit status: 0 (success), 1 (errors in the content), 2 (invalid usage" in " ".join(
        output.split()
    )


REFUSED_URLS = {
    "example.org": "not a full https or http URL",
    "ftp://example.org/": "not a full https or http URL",
    "https://": "not a full https or http URL",
    "https://me@example.org/": "more than a host and a path",
    "https://example.org/?a": "more than a host and a path",
    "https://example.org/#a": "more than a host and a path",
    "https://example.org/a b/": "an invalid character",
    "https://example.org/a/../b/": "its path contains",
    "https://example.org:port/": "not a URL",
    "javascript:alert(1)": "not a full https or http URL",
}


def test_an_invalid_public_url_is_rejected() -> None:
    """The option and the environment variable are both checked."""
    for url, reason in REFUSED_URLS.items():
        option = run_main("check", "--url", url)
        assert (option.returncode, reason in option.stderr) == (2, True), url
        assert "invalid --url: " in option.stderr
        variable = run_main("check", env={"CODEBOOK_URL": url})
        assert (variable.returncode, reason in variable.stderr) == (2, True), url
        assert "invalid CODEBOOK_URL: " in variable.stderr


def test_the_public_url_comes_from_option_then_environment_then_settings(
    content_folder: Path, tmp_path: Path
) -> None:
    """Canonical links and the links on the error page use it."""
    (content_folder / "book.toml").write_text('url = "https://book.example/b"\n')
    site = tmp_path / "site"
    arguments = ("--content", content_folder, "--site", site)
    env = {"CODEBOOK_URL": "https://env.example"}
    for more, extra, expected, base in (
        ([], {}, "https://book.example/b/status/11/", "/b/"),
        ([], env, "https://env.example/status/11/", "/"),
        (["--url", "https://o.example/x/y/"], env, "https://o.example/x/y/status/11/", "/x/y/"),
    ):
        assert run_main(*arguments, *more, env=extra).returncode == 0
        page = (site / "status" / "11" / "index.html").read_text(encoding="utf-8")
        assert f'<link rel="canonical" href="{expected}">' in page
        assert f'href="{base}status/11/"' in (site / "404.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_command_runs_from_any_folder(
    run_codebook: Run, content_folder: Path, tmp_path: Path
) -> None:
    """Default folders are next to the program, and paths are printed as typed."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    result = run_codebook("check", cwd=elsewhere)
    assert result.returncode == 0
    (content_folder / "signals.md").write_text("", encoding="utf-8")
    result = run_codebook("check", "--content", "../content", "--format", "concise", cwd=elsewhere)
    assert result.stdout.startswith("../content/signals.md:1:1: error[missing-title]")


@pytest.mark.slow
def test_a_closed_pipe_is_not_an_error(content_folder: Path) -> None:
    """`build.py check | head -1` ends without a traceback."""
    entries = "".join(f"- {number}\n" for number in range(1000, 1999))
    text = f"# S\n\n1. S (1000–1999)\n\n## 1. S\n\n{entries}"
    (content_folder / "signals.md").write_text(text, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(ROOT / "build.py"), "check", "--content", str(content_folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        output = process.stderr.read()
    assert "Traceback" not in output
    assert "Exception" not in output


@pytest.mark.slow
def test_no_escape_sequence_reaches_a_file_or_a_pipe(
    run_codebook: Run, warned: Path, tmp_path: Path
) -> None:
    """Only a terminal gets colors and a progress bar."""
    result = run_codebook("--content", warned, "--site", tmp_path / "site")
    assert "\x1b" not in result.stdout + result.stderr


@pytest.mark.slow
def test_a_progress_bar_appears_for_long_work_on_a_terminal(
    content_folder: Path, tmp_path: Path
) -> None:
    """Short builds have none, and NO_COLOR disables its colors."""
    templates = copy_templates_without_fonts(tmp_path / "templates")
    folders = {"content": content_folder, "templates": templates, "site": tmp_path / "site"}
    arguments = [f"--{name}={folder}" for name, folder in folders.items()]
    # On a busy machine, even a short build can take long enough for a bar.
    assert any("\x1b" not in on_a_terminal(arguments, {}) for _ in range(3))
    entries = "".join(f"- {code}\nText of {code}.\n\n" for code in range(10_000, 11_200))
    text = f"# S\n\n1. S (10000–19999)\n\n## 1. S\n\n{entries}"
    (content_folder / "signals.md").write_text(text, encoding="utf-8")
    # Which stage the bar starts at depends on the machine.
    stages = re.compile("reading|rendering|checking|writing")
    output = on_a_terminal(arguments, {}, until="%")
    assert stages.search(output)
    assert "%" in output
    assert "\x1b[3" in output
    output = on_a_terminal(arguments, {"NO_COLOR": "1"}, until="%")
    assert stages.search(output)
    assert "\x1b[3" not in output
