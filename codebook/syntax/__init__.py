"""Parsers for Markdown and TOML with source locations, independent of document kinds."""
