"""GitHub's alerts are parts of a page, with a title from the words of the interface."""

from __future__ import annotations

import json
from collections.abc import Callable
from os.path import normpath
from pathlib import PurePosixPath

import pytest
from bs4 import BeautifulSoup

from codebook.build.pipeline import BuildResult

Make = Callable[..., BuildResult]

REGISTER = (
    "# Signals\n\n1. Entry signals (10–19)\n\n"
    "## 1. Entry signals\n\n- 11\nCome in.\n\n- 12\nWait.\n"
)
KINDS = ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION")
ALERT = "> [!WARNING]\n> Keep [left](../signals.md).\n>\n> - Always\n"


def soup(result: BuildResult, page: str) -> BeautifulSoup:
    """A page of a site."""
    assert result.files is not None, result.diagnostics
    return BeautifulSoup(result.files[PurePosixPath(page)], "html.parser")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["> [!{}]\n> Words.", "> [!{}]  \n>\n> Words.", ">[!{}]\nWords."])
def test_a_quote_that_starts_with_a_kind_is_an_alert(
    kind: str, form: str, compile_book: Make
) -> None:
    """It has a title in words, not only a color. The case of the kind doesn't matter."""
    for spelled in (kind, kind.lower()):
        text = f"# Coming in\n\n{form.format(spelled)}\n"
        result = compile_book({"signals.md": REGISTER, "guides/a.md": text})
        assert not result.diagnostics
        (alert,) = soup(result, "guides/a/index.html").select("main [role=note]")
        assert alert["data-kind"] == kind.lower()
        assert [p.get_text() for p in alert.find_all("p")] == [kind.capitalize(), "Words."]
        assert not alert.find_parent("blockquote")


TABLE = """```toml
title = "Flags"
source = "Rules"
read = 2026-05-04
license = "CC0-1.0"

[columns]
code = "Code"
```

{}"""
PAGES = {
    "index.md": ("# Harbor\n\n{}", "index.html"),
    "codes/11.md": ("```toml\n```\n\n## By day\n\n{}", "status/11/index.html"),
    "classes/1x.md": ("```toml\n```\n\n{}", "status/1x/index.html"),
    "guides/a.md": ("# Coming in\n\n{}", "guides/a/index.html"),
    "tables/flags.md": (TABLE, "tables/flags/index.html"),
}
"""Every document with a long text, and its page."""


@pytest.mark.parametrize("path", PAGES)
def test_every_long_text_can_have_alerts(path: str, compile_book: Make) -> None:
    """The style sheet of each kind of page has the rules for alerts."""
    start, page = PAGES[path]
    alert = ALERT.replace("../", "") if "/" not in path else ALERT
    found = []
    for body in (alert, "Words.\n", f"{alert}\nWords.\n"):
        files = {
            "signals.md": REGISTER,
            "tables/flags.csv": "code\n11\n",
            "tables/flags.md": TABLE.format("Words.\n"),
            path: start.format(body),
        }
        result = compile_book(files)
        assert not result.diagnostics
        document = soup(result, page)
        (link,) = document.find_all("link", rel="stylesheet")
        assert result.files
        sheet = PurePosixPath(normpath(PurePosixPath(page).parent / str(link["href"])))
        assert b".alert" in result.files[sheet]
        found.append(len(document.select(".alert")))
    assert found == [1, 0, 1]


def test_an_alert_is_as_written_in_the_markdown_version(compile_book: Make) -> None:
    """Its links have new URLs. Records have the title as plain text, and a description doesn't."""
    text = f"# Coming in\n\n{ALERT}\nSlowly.\n"
    article = f"```toml\n```\n\n## By day\n\n{ALERT}\nSlowly.\n"
    result = compile_book({"signals.md": REGISTER, "guides/a.md": text, "codes/11.md": article})
    assert result.files is not None, result.diagnostics
    markdown = result.files[PurePosixPath("guides/a/index.md")].decode()
    written = "> [!WARNING]\n> Keep [left](../../status/).\n>\n> - Always\n"
    assert f"# Coming in\n\n{written}\nSlowly.\n" in markdown
    record = json.loads(result.files[PurePosixPath("api/v1/status/11.json")])
    plain = "Warning\nKeep left. Always\n\nSlowly."
    assert record["article"]["sections"][0]["plain"] == plain
    assert soup(result, "guides/a/index.html").select_one('meta[content="Slowly."]')
