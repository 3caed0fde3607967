"""The lab: measures what HTTP clients do with each status code."""
