"""`python -m audit.pages`: check the built pages of the book."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from audit.command import escape_unprintable_output, exit_on_signals
from audit.pages import budgets, lighthouse, links, nu
from audit.pages.findings import Report, ToolError
from audit.pages.site import Site, build

CHECKS: Mapping[str, Callable[[Site], Report]] = {
    "budgets": budgets.check,
    "nu": nu.check,
    "links": links.check,
    "lighthouse": lighthouse.check,
}


def main(arguments: list[str] | None = None) -> int:
    """Print the results of each check. Return 1 if there are findings."""
    parser = argparse.ArgumentParser(prog="python -m audit.pages", description=__doc__)
    parser.add_argument("--only", choices=CHECKS, help="run only this check")
    parser.add_argument(
        "--site", type=Path, metavar="DIR", help="a built site to check (default: build one)"
    )
    options = parser.parse_args(arguments)
    escape_unprintable_output()
    exit_on_signals()
    checks = {options.only: CHECKS[options.only]} if options.only else CHECKS
    try:
        if options.site:
            return _run(checks, Site.at(options.site))
        with tempfile.TemporaryDirectory(prefix="codebook-") as folder:
            return _run(checks, build(Path(folder, "site")))
    except ToolError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _run(checks: Mapping[str, Callable[[Site], Report]], site: Site) -> int:
    has_findings = False
    for name, check in checks.items():
        started = time.monotonic()
        try:
            report = check(site)
        except ToolError as error:
            # Run the other checks anyway.
            sys.stderr.write(f"{name}: {error}\n")
            has_findings = True
            continue
        verdict = f"{len(report.findings)} findings" if report.findings else "nothing found"
        seconds = time.monotonic() - started
        sys.stdout.writelines(f"{line}\n" for line in report.table)
        sys.stdout.write(f"{name}: {report.counted}: {verdict}, in {seconds:.1f} s\n")
        sys.stdout.writelines(f"  {finding}\n" for finding in report.findings)
        sys.stdout.flush()
        has_findings = has_findings or bool(report.findings)
    return 1 if has_findings else 0


if __name__ == "__main__":
    sys.exit(main())
