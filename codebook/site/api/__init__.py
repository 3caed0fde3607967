"""The book as JSON, with its schemas."""
