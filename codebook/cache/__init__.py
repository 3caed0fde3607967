"""A cache of stage results: a build repeats only the stages whose inputs have changed."""

from codebook.cache.memory import Cache, each, memoize, memoize_each

__all__ = ["Cache", "each", "memoize", "memoize_each"]
