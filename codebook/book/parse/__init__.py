"""Parse the files of a content folder into documents.

`folder` selects the parser for each file; each of the other modules parses one kind of document.
"""

from codebook.book.parse.folder import parse_documents

__all__ = ["parse_documents"]
