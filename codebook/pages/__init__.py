"""The book into pages: one address, one typed context and one template each.

`views` is what templates may use; `site` is what all pages of a run share; each other module
plans one kind of page, and `plan` all of them.
"""

from codebook.pages.plan import plan
from codebook.pages.views import CONTEXTS, Page

__all__ = ["CONTEXTS", "Page", "plan"]
