"""Images of a site: link-preview cards and icons."""
