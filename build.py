"""Run codebook from a clone: `python build.py --help` lists the commands."""

import os
import sys
from pathlib import Path

ENVIRONMENT = Path(__file__).resolve().parent / ".venv"
"""The virtual environment in which `make` installs the packages."""
PYTHON = ENVIRONMENT / "bin" / "python"


try:
    if sys.version_info < (3, 11):
        sys.exit("error: codebook needs Python 3.11 or newer; run `make site`, which finds one")
    from codebook.cli.main import main
except ModuleNotFoundError as error:
    if error.name is None or error.name.startswith("codebook"):
        raise
    if PYTHON.exists() and Path(sys.prefix).resolve() != ENVIRONMENT:
        # Rerun the command in the environment that has the packages.
        os.execv(PYTHON, [str(PYTHON), *sys.argv])  # noqa: S606 - no shell is needed
    print(
        f"error: the package {error.name} is not installed; run `make site` to install it",
        file=sys.stderr,
    )
    sys.exit(2)
except KeyboardInterrupt:
    # Without this, Python would print a traceback of the imports.
    print("stopped", file=sys.stderr)
    sys.exit(130)

if __name__ == "__main__":
    sys.exit(main())
