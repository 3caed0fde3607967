"""Tools for authors: the starter of a book, new documents, automatic fixes, schemas for editors."""
