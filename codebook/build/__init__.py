"""Build a site from its sources, once or again after each change."""
