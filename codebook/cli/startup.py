"""What makes each run start and end faster; imported before everything else."""

from __future__ import annotations

import atexit
import gc
import sys

# Almost nothing that a command makes is garbage before it ends, and then all memory is freed.
# Looking for garbage takes a sixth of the time of the imports. The preview turns it on again.
gc.disable()
atexit.register(gc.freeze)

if "typing_extensions" not in sys.modules:
    # msgspec imports it if it's installed, although `typing` has all that msgspec needs. That would
    # take a quarter of a build with nothing to do.
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    import msgspec  # noqa: F401 - only this import needs the entry above

    del sys.modules["typing_extensions"]
