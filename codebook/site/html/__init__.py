"""The book into pages: one address, one typed context and one template each.

`contexts` is what templates may use, and `views` what contexts hold; `site` is what all pages of
a run share; each other module plans one kind of page or one part of it, and `plan` all of them.
"""

from codebook.site.html.contexts import CONTEXTS, Context, Page
from codebook.site.html.plan import plan

__all__ = ["CONTEXTS", "Context", "Page", "plan"]
