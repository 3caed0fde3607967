"""Markdown versions of pages, for terminals and language models."""
