"""The checks that run at the same time: all of them run, and their outputs are never mixed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from audit import together
from tests.preview_process import wait_until

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "from audit.together import main; import sys; sys.exit(main({lanes}))"
OTHERS = {"audit.pages", "audit.blind", "audit.mutations", "audit.screenshots", "audit.together"}
"""Commands that aren't on a lane: one measures pages, and the others aren't part of the audit."""


def start(folder: Path, *lanes: tuple[str, ...]) -> subprocess.Popen[str]:
    """Run lanes of modules with this code."""
    named = []
    for lane, codes in enumerate(lanes):
        names = [f"check_{lane}_{number}" for number in range(len(codes))]
        for name, code in zip(names, codes, strict=True):
            (folder / f"{name}.py").write_text(code, encoding="utf-8")
        named.append([[name] for name in names])
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(lanes=named)],
        env={"PYTHONPATH": f"{ROOT}:{folder}"},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.slow
def test_every_check_runs_even_after_one_fails(tmp_path: Path) -> None:
    """The exit code says that one has failed."""
    run = start(
        tmp_path, ("import sys; sys.exit('failed')", "print('second')"), ("print('other')",)
    )
    output, _ = run.communicate(timeout=60)
    assert sorted(output.split()) == ["failed", "other", "second"]
    assert run.returncode == 1


@pytest.mark.slow
def test_checks_without_findings_succeed(tmp_path: Path) -> None:
    """The exit code is 0."""
    run = start(tmp_path, ("",), ("", ""))
    output, _ = run.communicate(timeout=60)
    assert output == ""
    assert run.returncode == 0


@pytest.mark.slow
def test_lanes_run_at_the_same_time_and_lines_stay_together(tmp_path: Path) -> None:
    """Each check waits for the other, so they would never end one after the other."""
    meet = """
import pathlib, sys, time
print("first of {0}", flush=True)
pathlib.Path("{0}").touch()
while not pathlib.Path("{1}").exists():
    time.sleep(0.01)
print("last of {0}")
"""
    run = start(tmp_path, (meet.format("a", "b"),), (meet.format("b", "a"),))
    output, _ = run.communicate(timeout=60)
    of_a, of_b = "first of a\nlast of a\n", "first of b\nlast of b\n"
    assert output in {of_a + of_b, of_b + of_a}


@pytest.mark.slow
def test_a_signal_stops_the_running_checks(tmp_path: Path) -> None:
    """They clean up before the command ends, and no other check starts."""
    wait = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (pathlib.Path("cleaned").touch(), sys.exit(1)))
pathlib.Path("started").touch()
time.sleep(600)
"""
    run = start(tmp_path, (wait, "import pathlib; pathlib.Path('next').touch()"))
    wait_until((tmp_path / "started").exists, "the check doesn't start")
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=60)
    assert run.returncode == 128 + signal.SIGTERM
    assert (tmp_path / "cleaned").exists()
    assert not (tmp_path / "next").exists()


def test_every_audit_is_on_one_lane() -> None:
    """A new audit can't be forgotten."""
    commands = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__main__")
        for path in (ROOT / "audit").rglob("*.py")
        if "python -m audit" in path.read_text(encoding="utf-8").partition("\n")[0]
    }
    assert commands >= OTHERS
    checks = [check[0] for lane in together.LANES for check in lane]
    assert sorted(checks) == sorted([*commands - OTHERS, "lab", "mypy", "ruff", "ruff"])
