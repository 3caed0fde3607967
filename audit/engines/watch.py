"""Puts a script before all others into a copy of the site, which notes what no page may do.

WebDriver has no way to run a script before those of the page; the site's policy allows one of its
own. So every engine is watched in the same manner, from the first byte, under the real policy.
"""

from __future__ import annotations

from pathlib import Path

from audit.pages.findings import ToolError
from audit.pages.site import Site

_SCRIPT = Path(__file__).with_name("watch.js")
_HEAD = "<head>"
FAULTS = "JSON.parse(sessionStorage.getItem('faults') ?? '[]')"
"""The expression that hands out what was noted since it was forgotten."""
FORGET = "sessionStorage.removeItem('faults')"


def watch(site: Site) -> None:
    """Have every page of the site watched, in place."""
    name = "watch.js"
    (site.folder / name).write_bytes(_SCRIPT.read_bytes())
    for path in site.files(".html"):
        text = path.read_text(encoding="utf-8")
        before, head, after = text.partition(_HEAD)
        if not head:
            raise ToolError(f"{site.display_path(path)} has no {_HEAD}: it cannot be watched")
        path.write_text(f'{before}{head}<script src="/{name}"></script>{after}', encoding="utf-8")
