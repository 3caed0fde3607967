"""Build the book in this repository for each host, with the public command."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from audit.hosts.table import FORMER, MOVED
from codebook.publish.host import Host

ROOT = Path(__file__).resolve().parents[2]
URL = "https://codebook.example"
_STATE_FOLDER = ".codebook"
_BUILD_FILES = (_STATE_FOLDER, ".gitignore")
"""What can be in the folder of a site without being a part of it."""


class BuildError(Exception):
    """The book can't be built. The message says why."""


def copy_content(folder: Path) -> Path:
    """Copy the content, and add a former URL for one page."""
    shutil.copytree(ROOT / "content", folder)
    settings = folder / "book.toml"
    settings.write_text(with_former_url(settings.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def with_former_url(settings: str) -> str:
    """The settings of a book, with a redirect from a former URL added."""
    line = f'"{FORMER}" = "{MOVED.rstrip("/")}.md"\n'
    before, head, after = settings.partition("\n[moved]\n")
    return f"{before}\n[moved]\n{line}{after if head else ''}"


def build(source: Path, site: Path, host: Host, base: str) -> None:
    """Build the book for a host. The folder may contain the site for another host.

    Raises BuildError if the build fails.
    """
    options = ["--content", str(source), "--site", str(site), "--url", f"{URL}{base}"]
    process = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "build.py", "--quiet", "--target", host.value, *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        output = f"{process.stdout}{process.stderr}".rstrip()
        raise BuildError(f"can't build the book for {host}:\n{output}")
    # Older versions of the program kept their manifest there. Servers must not send it.
    (site / _STATE_FOLDER).mkdir()
    (site / _STATE_FOLDER / "manifest.json").write_text("{}", encoding="utf-8")


def read_published(folder: Path) -> Mapping[str, bytes]:
    """Every published file in a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not set(path.relative_to(folder).parts) & set(_BUILD_FILES)
    }
