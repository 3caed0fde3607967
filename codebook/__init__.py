"""codebook: a book of codes in Markdown becomes a static site."""
