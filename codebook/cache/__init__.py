"""A cache of stage results: a build repeats only the stages whose inputs have changed."""

from codebook.cache.compiled import CompiledTemplates
from codebook.cache.encoding import Keys, key_of
from codebook.cache.memory import Cache, each, memoize, memoize_each
from codebook.cache.packed import Packed
from codebook.cache.processes import compute
from codebook.cache.stored import StoredResults

__all__ = [
    "Cache",
    "CompiledTemplates",
    "Keys",
    "Packed",
    "StoredResults",
    "compute",
    "each",
    "key_of",
    "memoize",
    "memoize_each",
]
