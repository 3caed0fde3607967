"""`python -m codebook`: the same as `build.py`."""

import sys

from codebook.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
