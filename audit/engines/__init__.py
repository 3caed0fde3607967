"""A smoke test of the built book in browser engines that other tests don't cover.

The browser tests run in Chromium. `python -m audit.engines` runs one short journey through the site
in Firefox and WebKitGTK, if they're installed, and counts what Firefox requests for a first visit.
"""
