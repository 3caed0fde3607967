"""Build the site: `python build.py --help` says how."""

import os
import sys
from pathlib import Path

ENVIRONMENT = Path(__file__).resolve().parent / ".venv"
"""The virtual environment in which `make` installs the libraries."""
PYTHON = ENVIRONMENT / "bin" / "python"


try:
    if sys.version_info < (3, 11):
        sys.exit("codebook needs Python 3.11 or newer: `make site` finds one and uses it")
    from codebook.cli.main import main
except ModuleNotFoundError as error:
    if error.name is None or error.name.startswith("codebook"):
        raise
    if PYTHON.exists() and Path(sys.prefix).resolve() != ENVIRONMENT:
        # The same command, where its libraries are.
        os.execv(PYTHON, [str(PYTHON), *sys.argv])  # noqa: S606 - no shell is needed
    print(
        f"the library {error.name} is missing: run `make site`, which installs what is needed",
        file=sys.stderr,
    )
    sys.exit(2)
except KeyboardInterrupt:
    # Python itself would show what it was importing.
    print("stopped", file=sys.stderr)
    sys.exit(130)

if __name__ == "__main__":
    sys.exit(main())
