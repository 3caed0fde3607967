"""The book as Markdown, for people in terminals and for language models."""
