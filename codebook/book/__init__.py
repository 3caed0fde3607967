"""Documents, parsed, checked, and joined into a book."""
