"""The commands in the documentation work: each runs in a clone, or is excepted with a reason.

Other tests run two kinds of commands: `tests/cli/test_installed.py` those for other repositories,
and `test_contributing.py` the steps of walkthroughs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.documents import all_code

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
OTHER_REPOSITORIES = {"Use it for your own codes", "Before a commit"}
"""The sections that `tests/cli/test_installed.py` follows."""
COMMAND = re.compile(
    r"(?:- run: )?((?:[A-Z_]+=\S+ )?(?:make|python|\.venv/bin/python) \S.*?)(?: +# .*)?"
)
"""A line that is a command, possibly in a workflow or followed by a comment."""
IN_CI = "CI runs it"
ENDLESS = "runs until Ctrl-C"
EXCEPTIONS: Mapping[str, str] = {
    "make test": "runs this test",
    "UPDATE_GOLDEN=1 make test": "runs this test",
    "make audit": IN_CI,
    "make unit": IN_CI,
    "make screenshots": "needs a browser",
    ".venv/bin/python -m ruff check": IN_CI,
    ".venv/bin/python -m mypy": IN_CI,
    ".venv/bin/python -m audit.mutations": "takes too long",
    "make bench": "takes too long",
    "make lab": "takes too long, and can install packages on the machine",
    "make bench ARGS=quick": "takes too long",
    'make bench ARGS="quick --baseline main"': "takes too long",
    "make serve": ENDLESS,
    "python build.py serve --host 0.0.0.0": ENDLESS,
    "python -m http.server 8000 --bind 127.0.0.1": ENDLESS,
}
"""The commands that this test doesn't run, and the reason for each."""
FILLED_IN: Mapping[str, str] = {
    "python build.py schemas --content DIR --into DIR": (
        "python build.py schemas --content tests/fixtures/second-book --into schemas"
    ),
}
"""The commands in which readers fill in something."""
LEFT_OUT = shutil.ignore_patterns("__pycache__", "browser", "golden", "*.ttf")
"""Fonts are omitted because drawing cards takes most of the time of a build."""


def commands() -> Iterator[str]:
    """Every command in the documents, in order."""
    for document in DOCUMENTS:
        for code in all_code(document.read_text(encoding="utf-8")):
            if not code.is_step and code.heading not in OTHER_REPOSITORIES:
                for line in code.text.splitlines():
                    if command := COMMAND.fullmatch(line):
                        yield command[1]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of the repository without what the commands don't need."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
        elif path.name != "site" and not path.name.startswith("."):
            shutil.copytree(path, folder / path.name, ignore=LEFT_OUT)
    return folder


def install(clone: Path) -> None:
    """Give the clone the virtual environment of the tests, as if `make` had installed it."""
    environment = clone / ".venv"
    environment.mkdir(exist_ok=True)
    for name in ("bin", "lib", "pyvenv.cfg"):
        if not (environment / name).exists():
            (environment / name).symlink_to(Path(sys.prefix, name))
    for name in ("site", "test"):
        shutil.copy(clone / "requirements" / f"{name}.txt", environment / f"{name}.stamp")


@pytest.mark.slow
def test_every_command_in_the_documentation_works(clone: Path) -> None:
    """They run in the documented order in the same clone."""
    unique = dict.fromkeys(commands())
    assert EXCEPTIONS.keys() <= unique.keys(), "an exception isn't needed anymore"
    path = f"{clone / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    for command in [command for command in unique if command not in EXCEPTIONS]:
        install(clone)
        done = subprocess.run(
            ["/bin/sh", "-c", FILLED_IN.get(command, command)],
            cwd=clone,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}"
