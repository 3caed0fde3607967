"""What makes each run start and end faster; imported before everything else."""

from __future__ import annotations

import atexit
import gc
import sys

# All memory is freed at the end. Looking for garbage in it before would take longer than that.
atexit.register(gc.freeze)

if "typing_extensions" not in sys.modules:
    # msgspec imports it if it's installed, although `typing` has all that msgspec needs. That would
    # take a quarter of a build with nothing to do.
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    import msgspec  # noqa: F401

    del sys.modules["typing_extensions"]
