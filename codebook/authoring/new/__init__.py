"""New documents: as much of each as the book knows already, and a mark where you go on.

`drafts` decides which files are to be written; the other modules write one kind of text each.
"""

from codebook.authoring.new.drafts import CodeDetails, Draft, RefusalError, new_code, new_page
from codebook.authoring.new.pages import TODO

__all__ = ["TODO", "CodeDetails", "Draft", "RefusalError", "new_code", "new_page"]
