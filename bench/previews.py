"""Measures how long the previews of generators take from a saved article to the page they serve."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from bench.limits import PREVIEW
from bench.measure import environment
from bench.results import Timing
from bench.scenarios import Scenario, Workspace

_STARTS = 20
"""How many edits are made until the first is shown."""
_START_TIMEOUT = 4.0
"""Seconds until the next of them."""
_TIMEOUT = 20.0
"""Seconds until a page must show an edit."""
_POLL = 0.02
"""Seconds between two requests for the page: more of them slow some servers down."""
_PAUSE = 0.5
"""Seconds between two edits, in which a server can finish what it does after serving the page."""


class PreviewError(Exception):
    """A preview doesn't start, or doesn't show an edit."""


@dataclass(frozen=True, slots=True)
class _Preview:
    workspace: Workspace
    port: int

    def edit(self, number: int, timeout: float) -> float | None:
        """Edit an article, and return the seconds until its page shows it; None if it doesn't."""
        started = time.perf_counter()
        path, token = self.workspace.prepare(Scenario.ARTICLE, number)
        is_shown = self.shows(path, token, timeout)
        return time.perf_counter() - started if is_shown else None

    def shows(self, path: str, token: str, timeout: float) -> bool:
        """Request a page until it contains a text."""
        url = f"/{path.removesuffix('index.html')}"
        deadline = time.perf_counter() + timeout
        while token not in self._get(url):
            if time.perf_counter() > deadline:
                return False
            time.sleep(_POLL)
        return True

    def _get(self, url: str) -> str:
        """The text of a page; empty if the server doesn't respond."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)
        try:
            connection.request("GET", url)
            return connection.getresponse().read().decode(errors="replace")
        except (OSError, HTTPException):
            return ""
        finally:
            connection.close()


def preview_timings(workspaces: Sequence[Workspace], edits: int) -> Iterator[Timing]:
    """Edit articles in the previews of all workspaces, in turns.

    Raises PreviewError if one of them doesn't work.
    """
    with ExitStack() as stack:
        previews = [stack.enter_context(_running(workspace)) for workspace in workspaces]
        for number in range(edits):
            for preview in previews:
                time.sleep(_PAUSE)
                corpus, name = preview.workspace.corpus.name, preview.workspace.generator.name
                seconds = preview.edit(2000 + number, _TIMEOUT)
                if seconds is None:
                    raise PreviewError(f"the preview of {name} doesn't show an edit")
                yield Timing(corpus, PREVIEW, name, number, seconds, 0)


@contextmanager
def _running(workspace: Workspace) -> Iterator[_Preview]:
    """A preview that serves its first build, and is stopped after the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    sys.stderr.write(f"{workspace.corpus.name}: preview of {workspace.generator.name}\n")
    with subprocess.Popen(  # noqa: S603 - the command of a generator
        workspace.generator.preview(port),
        cwd=workspace.folder,
        env=environment(workspace.folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            preview = _Preview(workspace, port)
            # Some servers show the last build before they watch for changes.
            if not any(
                preview.edit(number, _START_TIMEOUT) for number in range(1000, 1000 + _STARTS)
            ):
                raise PreviewError(f"the preview of {workspace.generator.name} doesn't start")
            yield preview
        finally:
            with suppress(ProcessLookupError):
                # The session includes processes that the preview started.
                os.killpg(process.pid, signal.SIGTERM)
