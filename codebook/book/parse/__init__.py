"""Sources into documents, each read alone.

`folder` knows which file is which kind of document; there is a module for each kind.
"""

from codebook.book.parse.folder import ParsedContent, parse_documents

__all__ = ["ParsedContent", "parse_documents"]
