"""`python -m audit.engines`: run a smoke test of the book in Firefox and WebKitGTK."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from audit.command import escape_unprintable_output, exit_on_signals
from audit.engines import first_visit, opensearch
from audit.engines.engine import CommandError, EngineDriver, EngineError
from audit.engines.firefox import FIREFOX
from audit.engines.journey import STEPS, walk
from audit.engines.monitor import insert_monitor
from audit.engines.visitor import Visitor
from audit.engines.webkit import WEBKIT
from audit.hosting import serve
from audit.pages.budgets import REQUESTS
from audit.pages.findings import ToolError
from audit.pages.site import Site, build
from codebook.book.urls import OPENSEARCH

ENGINES = (FIREFOX, WEBKIT)


def main(arguments: list[str] | None = None) -> int:
    """Print the findings in each engine. Return 1 if there are any."""
    parser = argparse.ArgumentParser(prog="python -m audit.engines", description=__doc__)
    parser.add_argument(
        "--site", type=Path, metavar="DIR", help="a built site to test (default: build one)"
    )
    options = parser.parse_args(arguments)
    escape_unprintable_output()
    exit_on_signals()
    installed = []
    for engine in ENGINES:
        if missing := engine.missing():
            _say(f"{engine.name}: skipped, because {' and '.join(missing)} can't be found")
        else:
            installed.append(engine)
    if not installed:
        _say("no browser is installed, so nothing was tested")
        return 0
    try:
        with tempfile.TemporaryDirectory(prefix="codebook-") as name:
            folder = Path(name, "site")
            site = _copy(options.site, folder) if options.site else build(folder)
            insert_monitor(site)
            with serve(site.folder) as origin:
                counts = [_walk(engine, origin) for engine in installed]
                if FIREFOX in installed:
                    # WebKitGTK stores nothing while it's automated.
                    counts.append(_first_visits(site))
                if FIREFOX in installed and site.url:
                    counts.append(_search(site, origin))
                return 1 if any(counts) else 0
    except ToolError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _copy(site: Path, folder: Path) -> Site:
    shutil.copytree(Site.at(site).folder, folder)
    return Site.at(folder)


def _walk(engine: EngineDriver, origin: str) -> int:
    """Print the findings in one engine, and return their number."""
    started = time.monotonic()
    name, count = engine.name, 0
    try:
        with engine.start() as window:
            name = f"{name} {window.version}"
            for finding in walk(Visitor(window, origin)):
                count += 1
                _say(f"{name}: {finding}")
    except EngineError as error:
        count += 1
        _say(f"{name}: {error}")
    verdict = f"{count} findings" if count else "nothing found"
    _say(f"{name}: {len(STEPS)} steps: {verdict}, in {time.monotonic() - started:.1f} s")
    return count


def _first_visits(site: Site) -> int:
    """Print the findings about the requests of Firefox, and return their number."""
    try:
        with FIREFOX.start() as window:
            findings = list(first_visit.check(window, site))
    except (EngineError, CommandError) as error:
        findings = [f"first visits: {error}"]
    for finding in findings:
        _say(f"{FIREFOX.name}: {finding}")
    if not findings:
        _say(f"{FIREFOX.name}: each first visit takes at most {REQUESTS} requests")
    return len(findings)


def _search(site: Site, origin: str) -> int:
    """Print the findings about the OpenSearch description, and return their number."""
    page = site.url + "status/"
    try:
        findings = list(opensearch.check(f"{origin}/{OPENSEARCH}", page))
    except opensearch.UnsupportedError:
        _say(f"{FIREFOX.name}: OpenSearch skipped, because this version can't be automated")
        return 0
    for finding in findings:
        _say(f"{FIREFOX.name}: {finding}")
    if not findings:
        _say(f"{FIREFOX.name}: OpenSearch works")
    return len(findings)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
