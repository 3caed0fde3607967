"""Writes sites as builds do, without building them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from codebook.io.cache_folder import default_folder, make_folder, site_folder
from codebook.io.manifest import Changes
from codebook.io.site import locked_site, write_site


def state_of(site: Path) -> Path:
    """The state of a site that is next to the content folder."""
    return site_folder(default_folder(site), site)


def apply(files: Mapping[str, bytes], site: Path, processes: int = 1) -> Changes:
    """Write a site of these files, in so many processes."""
    state = state_of(site)
    make_folder(state, default_folder(site))
    with locked_site(state, lambda: pytest.fail("no other process is writing")):
        data = {PurePosixPath(path): data for path, data in files.items()}
        return write_site(data, site, state, processes=processes)
