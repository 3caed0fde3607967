"""Reads the sources and writes the site. No other package accesses files."""
