"""Playwright, run by the Node.js that the checkers bring.

Its own needs a library, libatomic, that not every machine has.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from playwright.sync_api import Playwright, sync_playwright

from audit.npm import NODE

ENVIRONMENT: Mapping[str, str] = {"PLAYWRIGHT_NODEJS_PATH": str(NODE)}


@contextmanager
def driver() -> Iterator[Playwright]:
    """Playwright, until the end of the block."""
    # Only Playwright reads it, and it takes no such setting in another way.
    os.environ.update(ENVIRONMENT)
    with sync_playwright() as playwright:
        yield playwright
