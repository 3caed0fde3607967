"""Build the site: `python build.py --help` says how."""

import os
import sys
from pathlib import Path

OWN = Path(__file__).resolve().parent / ".venv"
"""Where make puts the libraries."""


def has_own() -> bool:
    """Whether make has been here, and another Python is running than the one it made."""
    return (OWN / "bin" / "python").exists() and Path(sys.prefix).resolve() != OWN


try:
    if sys.version_info < (3, 11):
        sys.exit("codebook needs Python 3.11 or newer: `make site` finds one and uses it")
    from codebook.cli.main import main
except ModuleNotFoundError as missing:
    if missing.name is None or missing.name.startswith("codebook"):
        raise
    if has_own():
        own = str(OWN / "bin" / "python")
        os.execv(own, [own, *sys.argv])  # noqa: S606 - the same command, where its libraries are
    print(
        f"the library {missing.name} is missing: run `make site`, which installs what is needed",
        file=sys.stderr,
    )
    sys.exit(2)
except KeyboardInterrupt:
    # Python itself would show what it was importing.
    print("stopped", file=sys.stderr)
    sys.exit(130)

if __name__ == "__main__":
    sys.exit(main())
