"""Inserts a script into every page of a copy of the site, before all others, that notes errors.

WebDriver has no way to run a script before those of the page, but the site's policy allows one of
its own. So every engine is monitored in the same way, from the first byte, under the real policy.
"""

from __future__ import annotations

from pathlib import Path

from audit.pages.findings import ToolError
from audit.pages.site import Site

_SCRIPT = Path(__file__).with_name("monitor.js")
_HEAD = "<head>"
READ_ERRORS = "JSON.parse(sessionStorage.getItem('errors') ?? '[]')"
"""The expression that gives the errors since they were cleared."""
CLEAR_ERRORS = "sessionStorage.removeItem('errors')"


def insert_monitor(site: Site) -> None:
    """Insert the script into every page of the site, in place."""
    (site.folder / _SCRIPT.name).write_bytes(_SCRIPT.read_bytes())
    for path in site.files(".html"):
        text = path.read_text(encoding="utf-8")
        before, head, after = text.partition(_HEAD)
        if not head:
            raise ToolError(f"{site.display_path(path)} has no {_HEAD}: it cannot be watched")
        script = f'<script src="/{_SCRIPT.name}"></script>'
        path.write_text(f"{before}{head}{script}{after}", encoding="utf-8")
