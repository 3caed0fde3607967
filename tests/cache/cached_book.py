"""A book that is built with a cache, and compared with a build without one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from codebook.io.disk import walk
from tests.in_process import run_main
from tests.templates import copy_templates_without_fonts

ROOT = Path(__file__).resolve().parents[2]
SECOND = ROOT / "tests" / "fixtures" / "second-book"
URL = "https://harbor.example/x/"

Tree = Mapping[str, bytes]

_CLEAN = "tidy"
"""The folder of sites that are built without a cache."""


class CachedBook:
    """A folder with a book, its templates, its cache, and its sites."""

    def __init__(self, folder: Path, book: Path = SECOND, *, has_cards: bool = False) -> None:
        self.folder = folder
        self.content, self.templates = folder / "content", folder / "templates"
        self.site, self.cache = folder / "site", folder / ".cache" / "codebook"
        shutil.copytree(book, self.content)
        if has_cards:
            shutil.copytree(ROOT / "templates", self.templates)
        else:
            copy_templates_without_fonts(self.templates)
        self._clean: dict[bytes, tuple[int, str, Tree]] = {}

    def command(self, *options: str, site: str = "site") -> Sequence[str]:
        """The arguments of a run in the folder."""
        folders = {"content": "content", "templates": "templates", "site": site}
        return (*options, *(f"--{name}={path}" for name, path in folders.items()))

    def run(self, *options: str, site: str = "site") -> subprocess.CompletedProcess[str]:
        """Run the command in this process."""
        return run_main(*self.command(*options, site=site), cwd=self.folder)

    def clean(self) -> subprocess.CompletedProcess[str]:
        """Remove the site."""
        return run_main("clean", "--content=content", "--site=site", cwd=self.folder)

    def assert_as_clean(self, *options: str, site: str = "site", when: str = "") -> int:
        """Run with the cache, and compare the result with that of a run without one.

        The exit code, stdout, and the site are the same. Only assets of earlier sites may stay, for
        pages that are open in browsers. Returns the exit code.
        """
        before = read_tree(self.folder / site)
        cached = self.run(*options, site=site)
        sources = self._digest(options)
        code, stdout, files = self._run_clean(sources, options)
        assert self._digest(options) == sources, f"the list of URLs is not complete; {when}"
        when = f"{when}: {cached.stderr}"
        assert cached.returncode == code, when
        assert cached.stdout == stdout.replace(f"{_CLEAN}/", f"{site}/"), when
        expected = before if code or "check" in options else files
        actual = read_tree(self.folder / site)
        differing = {
            path for path in {*actual, *expected} if actual.get(path) != expected.get(path)
        }
        assert {it for it in differing if it in expected or not is_asset(it)} == set(), when
        return code

    def _run_clean(self, sources: bytes, options: Sequence[str]) -> tuple[int, str, Tree]:
        """The exit code, stdout, and the site of a run without a cache into an empty folder."""
        if sources not in self._clean:
            folder, cache = self.folder / _CLEAN, self.folder / "unused"
            for old in (folder, cache):
                shutil.rmtree(old, ignore_errors=True)
            run = self.run(*options, "--no-cache", f"--cache={cache}", site=_CLEAN)
            assert run.returncode in {0, 1}, run.stderr
            self._clean[sources] = (run.returncode, run.stdout, read_tree(folder))
        return self._clean[sources]

    def _digest(self, options: Sequence[str]) -> bytes:
        """Identifies everything that a run depends on: options, sources, and commits."""
        digest = blake2b(repr(options).encode())
        paths = [*self.content.rglob("*"), *self.templates.rglob("*")]
        paths += [self.folder / ".git" / "HEAD", *self.folder.glob(".git/refs/heads/*")]
        for path in sorted(paths):
            is_file = path.is_file() and not path.is_symlink()
            data = path.read_bytes() if is_file else b""
            digest.update(os.fsencode(path) + f" {is_file} {len(data)}\n".encode() + data)
        return digest.digest()


def read_tree(folder: Path) -> Tree:
    """The files below a folder by path; links aren't followed. Empty if it doesn't exist."""
    entries = walk(folder) if folder.exists() else ()
    paths = [Path(entry.path) for entry in entries if entry.is_file(follow_symlinks=False)]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def is_asset(path: str) -> bool:
    """Whether a file of a site is an asset, the name of which has the hash of its content."""
    return path.startswith("assets/")


def overwrite(path: Path, data: bytes) -> None:
    """Change a file in place, and restore the time of its last modification."""
    status = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def replace_text(path: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text in a file in place."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
