"""The home page shows every code of the book in one drawing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from bs4 import BeautifulSoup

from codebook.build.pipeline import BuildResult

Make = Callable[..., BuildResult]


TENS = """# Signals

1. Signals (100–199)
2. Lights (1000–1999)

## 1. Signals

- 101
Open.

- 109
Closed.

- 123
Full.

## 2. Lights

- 1011
Red.
"""


def test_a_class_of_a_hundred_has_a_row_for_each_ten(compile_book: Make) -> None:
    """Tens without a code take no space; a larger class has no rows: it would need too many."""
    result = compile_book({"signals.md": TENS})
    assert result.files is not None, result.diagnostics
    home = BeautifulSoup(result.files[PurePosixPath("index.html")], "html.parser")
    rows = {
        str(link["data-code"]): tile.get("data-row")
        for tile in home.select(".tiles li")
        for link in tile.select("a")
    }
    assert rows == {"101": "1", "109": "1", "123": "2", "1011": None}
