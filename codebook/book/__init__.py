"""Everything that is published: documents, read and checked, joined into one book."""
