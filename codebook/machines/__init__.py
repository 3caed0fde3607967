"""What programs read of a book: records, Markdown, and lists of pages. Nothing here is HTML."""
