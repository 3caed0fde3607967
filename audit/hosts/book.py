"""The book of this repository, built for one host after the other by the command of everybody."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from audit.hosts.table import FORMER, MOVED
from codebook.publish.hosts import Host

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://codebook.example"
_OWN = (".codebook", ".gitignore")
"""What a build keeps for itself."""


class BuildError(Exception):
    """The book cannot be built; the message says why."""


def content(folder: Path) -> Path:
    """A copy of the content in which a page was once at another address."""
    shutil.copytree(ROOT / "content", folder)
    settings = folder / "book.toml"
    settings.write_text(with_moved(settings.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def with_moved(settings: str) -> str:
    """The settings of a book, with one address more that leads on."""
    line = f'"{FORMER}" = "{MOVED.rstrip("/")}.md"\n'
    before, head, after = settings.partition("\n[moved]\n")
    return f"{before}\n[moved]\n{line}{after if head else ''}"


def build(source: Path, site: Path, target: Host, base: str) -> None:
    """Build the book for a host into a folder, which may hold it as it is for another one.

    Raises BuildError where that cannot be done.
    """
    options = ["--content", str(source), "--site", str(site), "--url", f"{ADDRESS}{base}"]
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "build.py", "--quiet", "--target", target.value, *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = f"{done.stdout}{done.stderr}".rstrip()
        raise BuildError(f"the book cannot be built for {target}:\n{said}")


def files(folder: Path) -> Mapping[str, bytes]:
    """Everything that is published below a folder, but what a build keeps for itself."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not set(path.relative_to(folder).parts) & set(_OWN)
    }
