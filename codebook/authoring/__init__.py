"""Tools for authors: new documents, automatic fixes, and schemas for editors."""
