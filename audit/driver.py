"""Playwright, running on the Node.js that is installed with the checkers.

Playwright's own Node.js needs libatomic, which some machines lack.
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
    """Run Playwright until the end of the block."""
    # Playwright reads this setting only from the environment.
    os.environ.update(ENVIRONMENT)
    with sync_playwright() as playwright:
        yield playwright
