"""Runs the preview as a person does: `build.py serve`, in a process of its own."""

from __future__ import annotations

import http.client
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "tests" / "fixtures" / "second-book"
PAGE = "/signals/1010/"
"""A page of the book that is previewed."""
PATIENCE = 60
"""Seconds that a test waits for what is bound to come."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview that is running, and what it is made from."""

    process: subprocess.Popen[str]
    url: str
    """Ends in a slash."""
    content: Path
    templates: Path
    said: tuple[str, ...]
    """The lines up to the first build."""

    @property
    def netloc(self) -> str:
        """The host and the port."""
        return urlsplit(self.url).netloc

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.url).port or 0

    def line(self) -> str:
        """The next line that it says."""
        assert self.process.stderr is not None
        return self.process.stderr.readline().rstrip("\n")

    def get(self, path: str, **fields: str) -> tuple[http.client.HTTPResponse, bytes]:
        """What it answers, by a client that keeps to the rules."""
        connection = http.client.HTTPConnection(self.netloc, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in fields.items()}
        connection.request("GET", path, headers=named)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body

    def send(self, data: bytes) -> bytes:
        """What it answers to these very bytes, until it closes the connection or has ended."""
        with self.connected() as line:
            line.sendall(data)
            return b"".join(iter(lambda: line.recv(65536), b""))

    def connected(self) -> socket.socket:
        """A connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def edit(self, name: str, old: str, new: str) -> None:
        """Save a file of the content as an editor does, with other words in it."""
        replace(self.content / name, old, new)


def replace(path: Path, old: str, new: str) -> None:
    """Other words in a file, which must hold the old ones."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    save(path, text.replace(old, new))


def save(path: Path, text: str) -> None:
    """Write a file whole, as many editors do: nobody meets it while it is empty."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


@contextmanager
def previewing(folder: Path, *arguments: str, port: str = "0") -> Iterator[Preview]:
    """A preview of a copy of the book in the folder; it has built, and is ended in the end."""
    if not (folder / "content").exists():
        shutil.copytree(BOOK, folder / "content")
        shutil.copytree(ROOT / "templates", folder / "templates")
    folders = {name: folder / name for name in ("content", "templates", "site")}
    told = [f"--{name}={path}" for name, path in folders.items()]
    with subprocess.Popen(
        [sys.executable, str(ROOT / "build.py"), "serve", *told, f"--port={port}", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stderr is not None
            first, built = (process.stderr.readline() for _ in range(2))
            found = re.search(r"http://\S+/", first)
            assert found, first + built + process.stderr.read()
            content, templates = folders["content"], folders["templates"]
            yield Preview(process, found[0], content, templates, (first, built))
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=PATIENCE)
