"""Runs the preview as a person does: `build.py serve`, in its own process."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "tests" / "fixtures" / "second-book"
PAGE = "/signals/1010/"
"""A page of the book that is previewed."""
EVENTS = "/-codebook/events"
COMPARED_URLS = ("/", PAGE, "/guides/in-or-out/", "/tables/lanterns/")
"""Pages of every kind that tests edit; their asset URLs have content hashes."""
TIMEOUT = 60
"""Seconds that a test waits for what must happen."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A running preview, and its source folders."""

    process: subprocess.Popen[str]
    url: str
    """Ends in a slash."""
    content: Path
    templates: Path
    startup_lines: tuple[str, ...]
    """The lines up to the first build."""

    @property
    def netloc(self) -> str:
        """The host and the port."""
        return urlsplit(self.url).netloc

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return urlsplit(self.url).port or 0

    def next_line(self) -> str:
        """The next line that it prints."""
        assert self.process.stderr is not None
        return self.process.stderr.readline().rstrip("\n")

    def get(self, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        """The response and its body, by a client that follows the rules."""
        connection = http.client.HTTPConnection(self.netloc, timeout=TIMEOUT)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    def send(self, data: bytes) -> bytes:
        """The response to exactly these bytes, until it closes the connection or has ended."""
        with self.connect() as connection:
            connection.sendall(data)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def connect(self) -> socket.socket:
        """Open a connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)

    def edit(self, name: str, old: str, new: str) -> None:
        """Save a file of the content as an editor does, with another text in it."""
        replace_text(self.content / name, old, new)

    def wait_for(self, path: str, text: str) -> None:
        """Wait until the response for a URL contains the text."""
        wait_until(lambda: text.encode() in self.get(path)[1], f"{path} has no {text}")

    def version(self) -> int:
        """The version of the site that it serves."""
        version = re.search(rb'data-version="(\d+)"', self.get(PAGE)[1])
        assert version
        return int(version[1])

    def wait_for_version_after(self, version: int) -> None:
        """Wait until it serves a later version of the site."""
        wait_until(lambda: self.version() > version, f"version {version} stays")

    def state(self) -> Mapping[str, object]:
        """The diagnostics and pages that it serves, without the version."""
        with self.connect() as connection, connection.makefile("rb") as response:
            connection.sendall(f"GET {EVENTS} HTTP/1.1\r\nHost: {self.netloc}\r\n\r\n".encode())
            data = next(line for line in response if line.startswith(b"data: "))
        diagnostics = json.loads(data.removeprefix(b"data: "))["diagnostics"]
        pages = {
            url: re.sub(rb'data-version="\d+"', b"", self.get(url)[1]) for url in COMPARED_URLS
        }
        return {"diagnostics": diagnostics, **pages}

    def reset(self, state: Mapping[str, object]) -> None:
        """Undo all changes of the sources, and wait for the build of this state."""
        for original, copy in ((BOOK, self.content), (ROOT / "templates", self.templates)):
            _restore(original, copy)
        wait_until(lambda: self.state() == state, "the preview doesn't return to its first state")


def wait_until(is_done: Callable[[], bool], message: str) -> None:
    """Wait for something; fail with the message if it doesn't happen."""
    deadline = time.monotonic() + TIMEOUT
    while not is_done():
        assert time.monotonic() < deadline, message
        time.sleep(0.01)


def _restore(original: Path, copy: Path) -> None:
    """Give the copy of a folder the files of the original."""
    for path in sorted(copy.rglob("*"), reverse=True):
        same = original / path.relative_to(copy)
        if path.is_dir() and not path.is_symlink():
            if not same.is_dir():
                path.rmdir()
        elif not same.is_file():
            path.unlink()
    for path in original.rglob("*"):
        same = copy / path.relative_to(original)
        if path.is_file() and (not same.exists() or same.read_bytes() != path.read_bytes()):
            same.parent.mkdir(parents=True, exist_ok=True)
            save(same, path.read_text(encoding="utf-8"))


def replace_text(path: Path, old: str, new: str) -> None:
    """Replace a text in a file, which must contain it."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    save(path, text.replace(old, new))


def save(path: Path, text: str) -> None:
    """Write a file atomically, as many editors do: no one reads it while it is empty."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def copy_book(folder: Path) -> None:
    """Copy the book and the templates into the folder."""
    shutil.copytree(BOOK, folder / "content")
    shutil.copytree(ROOT / "templates", folder / "templates")


@contextmanager
def running_preview(
    folder: Path, *arguments: str, port: str = "0", open_files: int | None = None
) -> Iterator[Preview]:
    """A preview of a copy of the book in the folder, after its first build.

    `open_files` limits the file descriptors that it can open.
    """
    if not (folder / "content").exists():
        copy_book(folder)
    folders = {name: folder / name for name in ("content", "templates", "site")}
    options = [f"--{name}={path}" for name, path in folders.items()]
    command = [sys.executable, str(ROOT / "build.py"), "serve", *options, f"--port={port}"]
    limited = ["sh", "-c", f'ulimit -n {open_files} && exec "$@"', "sh"] if open_files else []
    with subprocess.Popen(
        [*limited, *command, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stderr is not None
            lines = tuple(process.stderr.readline() for _ in range(2))
            url = re.search(r"http://\S+/", lines[0])
            assert url, "".join(lines) + process.stderr.read()
            content, templates = folders["content"], folders["templates"]
            yield Preview(process, url[0], content, templates, lines)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=TIMEOUT)
