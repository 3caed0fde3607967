"""Insert a script that records errors into every page of a copy of the site, before all others.

WebDriver can't run a script before those of the page, but the site's Content Security Policy allows
scripts from the site. This works the same way in every engine.
"""

from __future__ import annotations

from pathlib import Path

from audit.pages.findings import ToolError
from audit.pages.site import Site

SCRIPT = Path(__file__).with_name("monitor.js")
"""Published at the root of the site under its name."""
_HEAD = "<head>"
READ_ERRORS = "JSON.parse(sessionStorage.getItem('errors') ?? '[]')"
"""Evaluates to the errors since they were last cleared."""
CLEAR_ERRORS = "sessionStorage.removeItem('errors')"


def insert_monitor(site: Site) -> None:
    """Insert the script into every page of the site, in place."""
    (site.folder / SCRIPT.name).write_bytes(SCRIPT.read_bytes())
    for path in site.files(".html"):
        text = path.read_text(encoding="utf-8")
        before, head, after = text.partition(_HEAD)
        if not head:
            raise ToolError(
                f"{site.display_path(path)} has no {_HEAD}, so errors can't be recorded"
            )
        script = f'<script src="/{SCRIPT.name}"></script>'
        path.write_text(f"{before}{head}{script}{after}", encoding="utf-8")
