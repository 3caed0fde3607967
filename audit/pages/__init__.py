"""Checks the pages of the built book: sizes, markup, links, and what Lighthouse measures."""
