"""Build the site: `python build.py --help` says how."""

import sys

try:
    if sys.version_info < (3, 11):
        sys.exit("codebook needs Python 3.11 or newer: `make site` finds one and uses it")
    from codebook.cli import main
except ModuleNotFoundError as missing:
    if missing.name is None or missing.name.startswith("codebook"):
        raise
    print(
        f"the library {missing.name} is missing: run `make site`, which installs what is needed",
        file=sys.stderr,
    )
    sys.exit(2)

if __name__ == "__main__":
    sys.exit(main())
