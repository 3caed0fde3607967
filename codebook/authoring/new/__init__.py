"""New documents: as much of each as the book knows already, and a mark where a person goes on.

`drafts` decides which files are to be written; the other modules write one kind of text each.
"""

from codebook.authoring.new.drafts import CodeDetails, Draft, RefusalError, new_code, new_page
from codebook.authoring.new.words import MARK

__all__ = ["MARK", "CodeDetails", "Draft", "RefusalError", "new_code", "new_page"]
