"""Parse the files of a content folder into documents.

`folder` selects the parser for each file; each of the other modules parses one kind of document.
"""

from codebook.book.parse.folder import ParsedContent, parse_documents

__all__ = ["ParsedContent", "parse_documents"]
