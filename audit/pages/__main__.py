"""`python -m audit.pages`: checks the pages of the book as they are built."""

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
    """Print what each check counted and found; 1 if any found something."""
    parser = argparse.ArgumentParser(prog="python -m audit.pages", description=__doc__)
    parser.add_argument("--only", choices=CHECKS, help="the one check to run")
    parser.add_argument(
        "--site", type=Path, metavar="DIR", help="a folder that is built already (else one is)"
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
            # Run the other checks all the same.
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
