"""Reverse proxies and shared caches between a raw client and the lab's server."""
