"""A page of every kind, compared with a reviewed copy.

Only what is inside `<main>` counts. The book is the second one, so that no change of the first
book's content changes these pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from tests.sample_books import ROOT, second_site

PAGES = {
    "home": "index.html",
    "codes": "signals/index.html",
    "class": "signals/1xxx/index.html",
    "code-with-article": "signals/1010/index.html",
    "survey": "tables/ships/index.html",
    "code-without-article": "signals/1100/index.html",
    "guide": "guides/in-or-out/index.html",
    "table": "tables/lanterns/index.html",
    "not-found": "404.html",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_every_kind_matches_its_golden_file(
    name: str, assert_golden: Callable[[str, str], None]
) -> None:
    """`UPDATE_GOLDEN=1` rewrites the files: review the difference."""
    html = second_site()[PurePosixPath(PAGES[name])].decode()
    match = re.search(r"<main id=\"main\">\n.*\n</main>\n", html, re.DOTALL)
    assert match
    assert_golden(f"{name}.html", match[0])


def test_every_golden_page_is_compared() -> None:
    """A golden file without a test would prove nothing."""
    golden = {path.name for path in (ROOT / "tests" / "golden").glob("*.html")}
    assert golden == {f"{name}.html" for name in PAGES}
