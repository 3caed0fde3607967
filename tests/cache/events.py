"""What can happen to a book, its site, and its cache between two builds.

Each event changes some of them at random, and returns what it did, for messages of failed tests.
"""

from __future__ import annotations

import os
import shutil
import string
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from tests.cache.cached_book import URL, CachedBook, overwrite
from tests.cache.fork_server import ForkServer
from tests.edits import Editor
from tests.repositories import Repository

ROOT = Path(__file__).resolve().parents[2]
OPTIONS: tuple[tuple[str, ...], ...] = (
    *((), (), (), (), ("--strict",), ("--all",), ("--format=json",), ("--format=concise",)),
    *((f"--url={URL}",), (f"--url={URL}",), ("--target=netlify",), ("--target=nginx",)),
    *(("check",), ("check", f"--url={URL}"), ("check", "--strict")),
)
"""What a run is asked for. Most ask for the same."""
LONG_AGO = 1_000_000_000
"""A time in 2001."""
LETTERS = frozenset(string.ascii_letters.encode())
_BINARY = frozenset({".woff2", ".png", ".ttf"})
_STATE = frozenset({"manifest.json", "lock"})
"""Files of the cache without which a build doesn't know which files of the site it may replace."""


class World:
    """A book in a repository with two sites."""

    def __init__(self, book: CachedBook, random: Random, fork_server: ForkServer) -> None:
        self.book = book
        self.random = random
        self._repository = Repository(book.folder)
        self._fork_server = fork_server
        self._editor = Editor(random, book.folder)
        self._day = 1
        self._originals = {path: path.read_bytes() for path in self._sources()}
        self._copies = list(self._originals.items())
        self._stored: list[tuple[Path, bytes]] = []
        """Files of the cache that earlier builds left."""

    # --- the sources ------------------------------------------------------------------------

    def edit(self) -> object:
        """Edit some sources; the result can be invalid."""
        return self._editor.edit()

    def undo_all(self) -> object:
        """Restore every source."""
        for path in self._sources():
            if path.is_symlink() or path not in self._originals:
                path.unlink()
        for path, data in self._originals.items():
            if not path.exists() or path.read_bytes() != data:
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(data)
        return "sources"

    def change_letter(self) -> object:
        """Change a letter of a source, which keeps its size and the time of its modification."""
        path = self.random.choice([it for it in self._sources() if it.suffix not in _BINARY])
        data = path.read_bytes()
        if letters := [index for index, byte in enumerate(data) if byte in LETTERS]:
            index = self.random.choice(letters)
            self._copies.append((path, data))
            overwrite(path, data[:index] + bytes([data[index] ^ 1]) + data[index + 1 :])
        return path

    def restore_copy(self) -> object:
        """Replace a source by an earlier version with an old time."""
        path, data = self.random.choice(self._copies)
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(data)
        os.utime(path, (LONG_AGO, LONG_AGO))
        return path

    def save_unchanged(self) -> object:
        """Save a source without a change."""
        path = self.random.choice(self._sources())
        path.write_bytes(path.read_bytes())
        return path

    def rename_document(self) -> object:
        """Rename a guide, an article, or one of the files of a table."""
        content = self.book.content
        found = [it for it in self._sources() if content in it.parents and it.parent != content]
        if not found:
            return None
        path = self.random.choice(found)
        to = path.with_stem(self.random.choice(("renamed", "1030", "6661", "in-or-out")))
        path.replace(to)
        return path, to

    def reword_heading(self) -> object:
        """Reword a heading, which links in other documents can lead to."""
        path = self.random.choice([it for it in self._sources() if it.suffix == ".md"])
        lines = path.read_text(encoding="utf-8").split("\n")
        if headings := [index for index, line in enumerate(lines) if line.startswith("#")]:
            lines[self.random.choice(headings)] += " again"
            path.write_text("\n".join(lines), encoding="utf-8")
        return path

    def add_or_remove_code(self) -> object:
        """Add an entry to the register, or remove one."""
        path = self.book.content / "harbor-signals.md"
        lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
        if entries := [index for index, line in enumerate(lines) if line.startswith("- ")]:
            index = self.random.choice(entries)
            entry, new = lines[index : index + 2], ["- 1999 Dock", "Go to the dock.", ""]
            lines[index : index + 2] = self.random.choice(([], [*new, *entry]))
            path.write_text("\n".join(lines), encoding="utf-8")
        return path

    def commit(self) -> object:
        """Commit everything, which changes dates."""
        self._day += 1
        self._repository.git("add", "--all")
        message = ("--allow-empty", "-m", f"Day {self._day}")
        self._repository.git("commit", "--quiet", *message, day=self._day)
        return self._day

    def switch(self) -> object:
        """Commit, and switch to another branch or an earlier commit."""
        self.commit()
        to = self.random.choice((("main",), ("-B", "other"), ("--detach", "HEAD~1")))
        self._repository.git("checkout", "--quiet", *to)
        return to

    # --- the sites --------------------------------------------------------------------------

    def change_published(self) -> object:
        """Change or remove a file of a site, or only its times or permissions."""
        found = [it for site in self._sites() for it in _files(site)]
        if not found:
            return None
        path = self.random.choice(found)
        data = path.read_bytes()
        kinds: Mapping[str, Callable[[], object]] = {
            "extend": lambda: path.write_bytes(data + b"x"),
            "overwrite": lambda: overwrite(path, data[::-1]),
            "empty": lambda: path.write_bytes(b""),
            "touch": lambda: os.utime(path, (LONG_AGO, LONG_AGO)),
            "protect": lambda: path.chmod(0o600),
            "remove": path.unlink,
            "replace": lambda: shutil.copy2(self.random.choice(found), path),
        }
        kind = self.random.choice([*kinds])
        kinds[kind]()
        return kind, path

    def remove_published_folder(self) -> object:
        """Remove a folder of a site, or all of it."""
        found = [it for site in self._sites() for it in (site, *site.rglob("*")) if it.is_dir()]
        folder = self.random.choice(found)
        shutil.rmtree(folder)
        return folder

    def put_in_the_way(self) -> object:
        """Put something into a site that prevents a build, and remove it after a try."""
        site = self.book.site
        folders = [it for it in (site, *site.rglob("*")) if it.is_dir()]
        if not folders:
            return None
        path = self.random.choice(folders) / "foreign"
        put: Callable[[], object] = self.random.choice(
            (lambda: path.write_text("x"), lambda: path.symlink_to(site), lambda: os.mkfifo(path))
        )
        put()
        run = self.book.run()
        assert run.returncode in {1, 2}, "a site with foreign files was changed"
        path.unlink()
        return path

    # --- the cache, and other builds --------------------------------------------------------

    def damage_cache(self) -> object:
        """Damage a file of the cache, or replace it by another one."""
        found = self._cached()
        if not found:
            return None
        path, random = self.random.choice(found), self.random
        data = path.read_bytes()
        self._stored.append((path, data))
        length = random.randrange(len(data) or 1)
        older = [before for known, before in self._stored if known == path]
        kinds: Mapping[str, Callable[[], object]] = {
            "flip": lambda: path.write_bytes(data[:length] + b"\x91" + data[length + 1 :]),
            "truncate": lambda: path.write_bytes(data[:length]),
            "empty": lambda: path.write_bytes(b""),
            "randomize": lambda: path.write_bytes(random.randbytes(len(data))),
            "swap": lambda: path.write_bytes(random.choice(found).read_bytes()),
            "roll back": lambda: path.write_bytes(random.choice(older)),
            "remove": path.unlink,
        }
        kind = random.choice([*kinds])
        kinds[kind]()
        return kind, path

    def copy_cache(self) -> object:
        """Copy all of the cache; `damage_cache` can restore a part of it."""
        self._stored += [(path, path.read_bytes()) for path in self._cached()]
        return len(self._stored)

    def remove_cache(self) -> object:
        """Remove all of the cache but what a build needs to know which files are its own."""
        for path in self._cached():
            path.unlink()
        return "cache"

    def start_over(self) -> object:
        """Remove the cache and the sites."""
        for folder in (self.book.cache, *self._sites()):
            shutil.rmtree(folder, ignore_errors=True)
        return "cache and sites"

    def kill_build(self) -> object:
        """Kill a build while it changes the disk."""
        last = self.random.randrange(1, 60)
        return self._fork_server.kill(self.book.command("build", *self._build_options()), last)

    def build_twice_at_once(self) -> object:
        """Build a site twice at the same time, or check the book in the meantime."""
        kinds = ("build", self.random.choice(("build", "check")))
        commands = [self.book.command(kind, *self._build_options()) for kind in kinds]
        codes = self._fork_server.run(*commands)
        assert {*codes} <= {0, 1}
        return codes

    def build_in_new_process(self) -> object:
        """Build in a process of its own, in which sets have another order."""
        seed = str(self.random.randrange(1000))
        command = (sys.executable, str(ROOT / "build.py"), *self.book.command())
        run = subprocess.run(
            command,
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=self.book.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode in {0, 1}, run.stderr
        return seed

    def do_nothing(self) -> object:
        """Change nothing."""

    def _sources(self) -> list[Path]:
        return [*_files(self.book.content), *_files(self.book.templates)]

    def _sites(self) -> list[Path]:
        return [it for it in (self.book.site, self.book.folder / "demo") if it.exists()]

    def _cached(self) -> list[Path]:
        return [it for it in _files(self.book.cache) if it.name not in _STATE]

    def _build_options(self) -> tuple[str, ...]:
        return tuple(it for it in self.random.choice(OPTIONS) if it != "check")


def _files(folder: Path) -> list[Path]:
    """The files and symbolic links below a folder."""
    return sorted(it for it in folder.rglob("*") if it.is_file() or it.is_symlink())


EVENTS: Mapping[Callable[[World], object], int] = {
    World.edit: 30,
    World.undo_all: 15,
    World.change_letter: 10,
    World.restore_copy: 5,
    World.save_unchanged: 3,
    World.rename_document: 4,
    World.reword_heading: 4,
    World.add_or_remove_code: 4,
    World.commit: 6,
    World.switch: 6,
    World.change_published: 12,
    World.remove_published_folder: 3,
    World.put_in_the_way: 3,
    World.damage_cache: 12,
    World.copy_cache: 3,
    World.remove_cache: 2,
    World.start_over: 1,
    World.kill_build: 8,
    World.build_twice_at_once: 3,
    World.build_in_new_process: 1,
    World.do_nothing: 4,
}
"""How often each happens."""
