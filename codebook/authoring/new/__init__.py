"""New documents, with the known data filled in, and placeholders for the rest.

`drafts` decides which files to write; each of the other modules generates one kind of text.
"""

from codebook.authoring.new.drafts import CodeDetails, Draft, new_code, new_page
from codebook.authoring.new.pages import TODO

__all__ = ["TODO", "CodeDetails", "Draft", "new_code", "new_page"]
