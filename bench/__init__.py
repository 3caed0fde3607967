"""Compares builds and previews with those of other generators; see `README.md`.

What a run measures depends on the machine, so only ratios from the same run have limits.

`corpus.py`, `synthetic.py`   the pages that every generator makes
`generators/`, `themes/`      how each generator gets them and builds them
`install.py`                  the pinned generators
`scenarios.py`, `rounds.py`   what changes before a build, and the order of the builds
`measure.py`                  the time and the memory of a command
`previews.py`                 from a saved article to the page that a preview serves
`painting.py`, `edits.py`     from a saved file to the page that Chromium has painted
`growth.py`                   how the cost grows with everything that a book can have many of
`results.py`, `limits.py`     ratios, and what they must show
`report.py`, `plot.py`        how the results are shown
"""
