"""The book's server recipes, tried on the servers that they are written for.

`python -m audit` takes every recipe out of the articles, starts the real server with it, sends the
requests of `effects.toml` and holds what comes back against what is declared there.
"""
