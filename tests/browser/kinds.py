"""What every browser test opens: one page of each kind."""

from __future__ import annotations

NOWHERE = "/nowhere/at/all/"
"""An address that nobody has: the host answers with the error page."""
KINDS = (
    "/",
    "/status/",
    "/status/4xx/",
    "/status/404/",
    "/status/226/",
    "/guides/which-code/",
    "/guides/all-facts/",
    "/tables/constants/",
    "/tables/vendors/",
    NOWHERE,
)
