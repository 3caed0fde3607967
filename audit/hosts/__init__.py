"""Test every URL of the book on each kind of host.

`table.py` lists the expected responses. The tests compare them with models of the hosts, and
`python -m audit.hosts` compares them with hosts that run locally: nginx, Caddy, wrangler
(Cloudflare Pages), and Python's HTTP server.
"""
