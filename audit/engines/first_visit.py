"""Count the requests of the first page of a visit, which scripts on the page can't see completely.

Each kind of page is opened on a new host, from which the browser has nothing yet.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from audit.engines.engine import Engine
from audit.engines.monitor import SCRIPT
from audit.hosting import Request, serve
from audit.pages.budgets import REQUESTS
from audit.pages.site import KINDS, Site
from codebook.book.urls import ASSETS

_PAUSE = 1.0
"""Seconds after which a browser requests nothing more for a page: icons come last."""
_MISSING = "nowhere/at/all/"
"""A URL that doesn't exist, where hosts send the error page."""


def check(engine: Engine, site: Site) -> Iterator[str]:
    """Yield the pages that take too many requests, and what a browser requests again."""
    for path in (*(kind.sample for kind in KINDS if kind.sample is not None), _MISSING):
        log: list[Request] = []
        with serve(site.folder, log=log) as origin:
            first, second = (_requested(engine, f"{origin}/{path}", log) for _ in range(2))
        if len(first) > REQUESTS:
            yield f"/{path}: {len(first)} requests (budget: {REQUESTS}): {_names(first)}"
        if again := [name for name, count in Counter(first).items() if count > 1]:
            yield f"/{path}: requested twice: {_names(again)}"
        if again := [name for name in second if name.startswith(f"/{ASSETS}/")]:
            yield f"/{path}: requested again by the next page: {_names(again)}"


def _requested(engine: Engine, url: str, log: list[Request]) -> list[str]:
    """The paths that a browser requests when it opens a URL."""
    log.clear()
    engine.open(url)
    count = -1
    while count != len(log):
        count = len(log)
        time.sleep(_PAUSE)
    return [request.path for request in log if request.path != f"/{SCRIPT.name}"]


def _names(paths: list[str]) -> str:
    return ", ".join(PurePosixPath(path).name or path for path in paths)
