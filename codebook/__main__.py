"""Runs `python -m codebook`, which is the same as `python build.py`."""

import sys

from codebook.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
