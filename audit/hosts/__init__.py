"""Every address of the book on the hosts that it is made for.

`table.py` says what a visitor must get. The tests hold models of the hosts to it; `python -m
audit.hosts` holds those hosts to it that run here: nginx, Caddy, Cloudflare's own server for the
pages of a developer, and that of Python.
"""
