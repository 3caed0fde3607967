"""Measures what is promised to be fast, in one run, on this machine. No test is timed."""
