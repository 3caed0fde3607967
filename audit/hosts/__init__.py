"""Every URL of the book on the hosts that it is built for.

`table.py` says what a visitor must get. The tests compare models of the hosts with it; `python -m
audit.hosts` does the same with the hosts that run here: nginx, Caddy, wrangler (Cloudflare Pages),
and Python's server.
"""
