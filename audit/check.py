"""Check a recipe: compare the response to one request with the expected effect."""

from __future__ import annotations

import http.client
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from audit import certificates
from audit.client import Request, Response, Tls, exchange
from audit.effects import Effect
from audit.install import Program
from audit.recipes import CERTIFICATES, Recipe
from audit.servers import Instance, StartError, running
from audit.upstream import Behavior, reserve
from audit.upstream import running as upstream_running

FILES = {
    "index.html": "the front page",
    "guide/index.html": "the guide",
    "private/index.html": "the secret",
}
"""Files in the document root for every effect."""
LOG_DELAY = 5.0
"""How long to wait for a log entry, in seconds."""


def find_mismatches(recipe: Recipe, effect: Effect, program: Program) -> tuple[str, ...]:
    """The differences from the expected effect; empty if there are none."""
    # Start a new server for each effect, so that rate limits and failures don't carry over.
    with tempfile.TemporaryDirectory(prefix="audit-") as folder_name, reserve() as socket:
        folder = Path(folder_name).resolve()
        folder.chmod(0o755)
        with upstream_running(Behavior(effect.upstream)) as upstream:
            instance = Instance(folder, socket.getsockname()[1], upstream)
            _create_files(instance, effect)
            try:
                if CERTIFICATES in recipe.text:
                    certificates.issue(instance.certificates)
                with running(effect.server, program, recipe.text, instance):
                    started = time.monotonic()
                    response = _request(instance, effect)
                    seconds = time.monotonic() - started
                    return tuple(_differences(response, seconds, effect, instance))
            except (StartError, OSError, http.client.HTTPException) as error:
                return (str(error) or type(error).__name__,)


def _create_files(instance: Instance, effect: Effect) -> None:
    instance.logs.mkdir()
    for path, text in {**FILES, **effect.files}.items():
        (instance.root / path).parent.mkdir(parents=True, exist_ok=True)
        (instance.root / path).write_text(text, encoding="utf-8")


def _request(instance: Instance, effect: Effect) -> Response:
    tls = None
    if effect.tls:
        certificate = instance.certificates / effect.certificate if effect.certificate else None
        tls = Tls(effect.server_name, certificate)
    request = Request(
        effect.method,
        effect.path,
        effect.headers,
        effect.body_size,
        effect.chunked,
        effect.leave_after,
        effect.version,
        effect.is_complete,
        tls,
    )
    return [exchange(instance.port, request) for _ in range(effect.times)][-1]


def _differences(
    response: Response, seconds: float, effect: Effect, instance: Instance
) -> Iterator[str]:
    if seconds > effect.within:
        yield f"the response took {seconds:.1f} seconds instead of at most {effect.within}"
    if response.status != effect.status:
        yield f"the status is {response.status}, not {effect.status}"
    for name, value in effect.fields.items():
        actual = response.fields.get(name.lower(), "")
        if actual != value:
            yield f"{name} is {actual!r}, not {value!r}"
    for text in effect.body:
        if text not in " ".join(response.body.split()):
            yield f"the response body is {response.body[:200]!r}, without {text!r}"
    if effect.log and not _is_logged(effect.log, instance):
        yield f"no log line contains all of {effect.log}; the log is {''.join(_logs(instance))!r}"


def _logs(instance: Instance) -> Iterator[str]:
    """The contents of all logs; some servers log to their output."""
    for path in (*instance.logs.iterdir(), instance.output):
        yield path.read_text(encoding="utf-8", errors="replace")


def _is_logged(words: tuple[str, ...], instance: Instance) -> bool:
    deadline = time.monotonic() + LOG_DELAY
    while True:
        lines = [line for log in _logs(instance) for line in log.splitlines()]
        if any(all(word in line for word in words) for line in lines):
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
