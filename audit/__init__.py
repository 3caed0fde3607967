"""Test the book's server recipes on real servers.

`python -m audit` extracts every recipe from the articles, starts the server with it, sends the
requests in `effects.toml`, and compares the responses with the expected ones.
"""
