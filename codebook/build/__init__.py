"""Sources into a site: the stages in order, once or again after each change."""
