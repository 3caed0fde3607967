"""Tries one recipe with one request, and says what is not as it is declared."""

from __future__ import annotations

import http.client
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from audit.client import Answer, Request, exchange
from audit.effects import Effect
from audit.install import Program
from audit.recipes import Recipe
from audit.servers import Place, StartError, running
from audit.upstream import Mood, reserve
from audit.upstream import running as upstream_running

FILES = {
    "index.html": "the front page",
    "guide/index.html": "the guide",
    "private/index.html": "the secret",
}
"""What lies in the root for every effect."""
LOG_DELAY = 5.0
"""Seconds that a server may take to write its log."""


def faults(recipe: Recipe, effect: Effect, program: Program) -> tuple[str, ...]:
    """What is not as declared; nothing, if all is well."""
    # A fresh server for each: limits, failures and switches are not to last into the next one.
    with tempfile.TemporaryDirectory(prefix="audit-") as name, reserve() as port:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        with upstream_running(Mood(effect.upstream)) as upstream:
            place = Place(folder, port.getsockname()[1], upstream)
            _lay_out(place, effect)
            try:
                with running(effect.server, program, recipe.text, place):
                    began = time.monotonic()
                    answer = _ask(place.port, effect)
                    took = time.monotonic() - began
                    return tuple(_differences(answer, took, effect, place))
            except (StartError, OSError, http.client.HTTPException) as diagnostic:
                return (str(diagnostic) or type(diagnostic).__name__,)


def _lay_out(place: Place, effect: Effect) -> None:
    place.logs.mkdir()
    for path, text in {**FILES, **effect.files}.items():
        (place.root / path).parent.mkdir(parents=True, exist_ok=True)
        (place.root / path).write_text(text, encoding="utf-8")


def _ask(port: int, effect: Effect) -> Answer:
    request = Request(
        effect.method,
        effect.path,
        effect.headers,
        effect.body_size,
        effect.chunked,
        effect.leave_after,
    )
    return [exchange(port, request) for _ in range(effect.times)][-1]


def _differences(answer: Answer, took: float, effect: Effect, place: Place) -> Iterator[str]:
    if took > effect.within:
        yield f"the answer took {took:.1f} seconds, not {effect.within} at the most"
    if answer.status != effect.status:
        yield f"the status is {answer.status}, not {effect.status}"
    for name, value in effect.fields.items():
        found = answer.fields.get(name.lower(), "")
        if found != value:
            yield f"{name} is {found!r}, not {value!r}"
    for words in effect.body:
        if words not in answer.body:
            yield f"the content is {answer.body[:200]!r}, without {words!r}"
    if effect.log and not _logged(effect.log, place.logs):
        logs = "".join(each.read_text(encoding="utf-8") for each in place.logs.iterdir())
        yield f"no line of the log has {effect.log}; the log is {logs!r}"


def _logged(words: tuple[str, ...], logs: Path) -> bool:
    until = time.monotonic() + LOG_DELAY
    while True:
        lines = [
            line
            for path in logs.iterdir()
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        ]
        if any(all(word in line for word in words) for line in lines):
            return True
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
