"""A cache of stage results: a rebuild repeats only the stages whose inputs have changed."""

from codebook.cache.memory import Cache, memoize, memoize_each

__all__ = ["Cache", "memoize", "memoize_each"]
