"""Sources into documents, each parsed by itself.

`folder` knows which file is which kind of document; the other modules parse one kind each.
"""

from codebook.book.parse.folder import ParsedContent, parse_documents

__all__ = ["ParsedContent", "parse_documents"]
