"""Benchmarks: each measures one run on this machine. No test depends on time."""
