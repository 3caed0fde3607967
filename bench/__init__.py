"""Benchmarks, which measure a run on this machine. Tests never depend on timing."""
