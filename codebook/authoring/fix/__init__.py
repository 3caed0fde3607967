"""What can be mended without a question: the site stays as it is, but for what was wrong.

There is a module for each kind; each takes a manuscript and returns the files that it changes.
"""

from codebook.authoring.fix.all_fixes import count_fixable, fixed_files
from codebook.authoring.fix.diff import diff

__all__ = ["count_fixable", "diff", "fixed_files"]
