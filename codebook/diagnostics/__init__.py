"""What can be wrong with a book, and how it is reported."""
