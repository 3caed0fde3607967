"""The blind comparison shows the same passages of both references in each run."""

from __future__ import annotations

from pathlib import Path

from audit.blind import PAIRS, draw, other_passage, our_passage

ARTICLE = """```toml
summary = "Nothing is here."
```

## When to send it

Send `404` ([RFC 9110](https://example.org/)),
or [410](410.md).

## Example
"""
PAGE = """---
title: 404
---

{{HTTPSidebar}}
The **`404`** code, see {{HTTPHeader("Allow")}} and {{glossary("URL", "URLs")}}.

- One
- Two

## Status
"""


def test_a_passage_is_the_opening_of_a_page_as_plain_text() -> None:
    """Nothing shows which reference it's from."""
    ours = "Nothing is here.\n\nSend 404 (RFC 9110), or 410."
    assert our_passage(ARTICLE) == ours
    assert other_passage(PAGE) == "The 404 code, see Allow and URLs.\n\n- One\n\n- Two"


def test_the_pairs_depend_only_on_the_seed(tmp_path: Path) -> None:
    """They are about different codes that both have, and either passage can come first."""
    books = tmp_path / "ours", tmp_path / "others"
    for folder, text in zip(books, (ARTICLE, PAGE), strict=True):
        folder.mkdir()
        for number in range(PAIRS + 20):
            (folder / f"{number}.md").write_text(text, encoding="utf-8")
    (books[0] / "999.md").write_text(ARTICLE, encoding="utf-8")
    pairs = draw(books[1], books[0])
    assert pairs == draw(books[1], books[0])
    assert len({pair.code for pair in pairs} - {999}) == PAIRS
    assert {pair.ours for pair in pairs} == {0, 1}
    assert {pair.passages[pair.ours] for pair in pairs} == {our_passage(ARTICLE)}
