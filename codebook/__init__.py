"""codebook: a book of codes in Markdown becomes a static site."""

import sys

if "typing_extensions" not in sys.modules:
    # msgspec imports it if it's installed, although `typing` has all that msgspec needs. That would
    # take a quarter of a build with nothing to do.
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    import msgspec  # noqa: F401

    del sys.modules["typing_extensions"]

__version__ = "0.1.0"
"""`pyproject.toml` reads it, so that a clone and an installed program print the same version."""
