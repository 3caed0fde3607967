"""What can be mended without a question: the site stays as it is, but for what was wrong.

There is a module for each kind; each takes a manuscript and returns the files that it changes.
"""

from codebook.mend.diff import difference
from codebook.mend.whole import curable, mended

__all__ = ["curable", "difference", "mended"]
