"""`python -m audit.pages`: checks the pages of the book as they are built."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from audit.command import leave_when_told, print_any_letter
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
    """Say what each check has counted and found; 1 where any has found something."""
    parser = argparse.ArgumentParser(prog="python -m audit.pages", description=__doc__)
    parser.add_argument("--only", choices=CHECKS, help="the one check to run")
    parser.add_argument(
        "--site", type=Path, metavar="DIR", help="a folder that is built already (else one is)"
    )
    options = parser.parse_args(arguments)
    print_any_letter()
    leave_when_told()
    checks = {options.only: CHECKS[options.only]} if options.only else CHECKS
    try:
        if options.site:
            return _run(checks, Site.at(options.site))
        with tempfile.TemporaryDirectory(prefix="codebook-") as folder:
            return _run(checks, build(Path(folder, "site")))
    except ToolError as diagnostic:
        sys.stderr.write(f"{diagnostic}\n")
        return 1


def _run(checks: Mapping[str, Callable[[Site], Report]], site: Site) -> int:
    is_faulty = False
    for name, check in checks.items():
        began = time.monotonic()
        try:
            report = check(site)
        except ToolError as diagnostic:
            # The other checks have their say all the same.
            sys.stderr.write(f"{name}: {diagnostic}\n")
            is_faulty = True
            continue
        found = f"{len(report.findings)} findings" if report.findings else "nothing found"
        seconds = time.monotonic() - began
        sys.stdout.writelines(f"{line}\n" for line in report.table)
        sys.stdout.write(f"{name}: {report.counted}: {found}, in {seconds:.1f} s\n")
        sys.stdout.writelines(f"  {finding}\n" for finding in report.findings)
        sys.stdout.flush()
        is_faulty = is_faulty or bool(report.findings)
    return 1 if is_faulty else 0


if __name__ == "__main__":
    sys.exit(main())
