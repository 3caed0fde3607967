"""What the stages made last time, so that a build after an edit repeats only what it must."""

from codebook.cache.memory import Cache, memoize, memoize_each

__all__ = ["Cache", "memoize", "memoize_each"]
