"""Rules, diagnostics, and reports."""
