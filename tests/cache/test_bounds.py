"""The cache never has more than one book needs, whatever has happened before."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from tests.cache.cached_book import URL, CachedBook, read_tree
from tests.edits import Editor
from tests.repositories import new_repository

EDITS = 8
GROWTH = 1.25
"""How much larger the cache may be than that of a first build."""


@pytest.mark.slow
def test_the_cache_is_not_larger_than_after_a_first_build(tmp_path: Path) -> None:
    """After edits, commits, other options, and other sites, which are removed again."""
    repository = new_repository(tmp_path / "repository")
    book = CachedBook(repository.folder)
    (book.folder / ".gitignore").write_text("*site\n.cache\n", encoding="utf-8")
    editor = Editor(Random(1), book.folder)  # noqa: S311 - no secret
    for number in range(EDITS):
        editor.edit()
        repository.commit(number + 1, README=f"{number}")
        for options in (("check", "--strict"), (f"--url={URL}",), ("--target=netlify",)):
            book.run(*options)
        other = f"{number}-site"
        if book.run().returncode or book.run(site=other).returncode:
            editor.undo_all()
        shutil.rmtree(book.folder / other, ignore_errors=True)
    editor.undo_all()
    repository.commit(EDITS + 1, README="")
    book.run()
    sizes = {path: len(data) for path, data in read_tree(book.cache).items()}
    shutil.rmtree(book.cache)
    shutil.rmtree(book.site)
    book.run()
    first = {path: len(data) for path, data in read_tree(book.cache).items()}
    assert sizes.keys() == first.keys()
    assert sum(sizes.values()) < GROWTH * sum(first.values())


def test_what_is_known_about_a_removed_site_is_forgotten(tmp_path: Path) -> None:
    """Unless it is removed, a site keeps its manifest."""
    book = CachedBook(tmp_path)
    for site in ("site", "demo", "other"):
        book.run(site=site)
    states = {path.parent for path in book.cache.rglob("manifest.json")}
    assert len(states) == 3
    shutil.rmtree(book.folder / "demo")
    (book.content / "index.md").touch()
    book.run()
    assert len({path.parent for path in book.cache.rglob("manifest.json")} & states) == 2
    assert book.run(site="demo").returncode == 0


def test_a_temporary_file_is_removed_by_the_next_build(tmp_path: Path) -> None:
    """A build was killed while it stored something."""
    book = CachedBook(tmp_path)
    book.run()
    for folder in (book.cache, next(book.cache.glob("sites/*"))):
        (folder / ".codebook-0123456789abcdef").write_bytes(b"half")
    (book.content / "index.md").touch()
    assert book.run().returncode == 0
    assert [*book.cache.rglob(".codebook-*")] == []
