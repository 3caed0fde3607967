"""codebook: a book of codes in Markdown becomes a static site."""

__version__ = "0.1.0"
"""`pyproject.toml` reads it, so that a clone and an installed program print the same version."""
