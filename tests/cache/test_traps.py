"""Edits that a cache could miss, and results that it could take for others."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from codebook.io import snapshots, sources
from tests.cache.cached_book import URL, CachedBook, overwrite, read_tree, replace_text
from tests.repositories import new_repository, write_script

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = Path("content", "codes", "1010.md")
PRINT_KEYS = """
import sys
from pathlib import Path
from codebook.build.outputs import NOTHING_PUBLISHED
from codebook.build.pipeline import build_site
from codebook.io.sources import read_folder
folders = (read_folder(Path(name), name) for name in ("content", "templates"))
result = build_site(*folders, "site", sys.argv[1], published=NOTHING_PUBLISHED)
for path, key in sorted(result.published.keys.items()):
    print(path, key.hex())
"""


@pytest.fixture
def book(tmp_path: Path) -> CachedBook:
    """A book that has been built."""
    book = CachedBook(tmp_path)
    book.run()
    return book


def is_current(book: CachedBook, *options: str) -> bool:
    """Whether a build finds that nothing has changed."""
    return "is up to date" in book.run(*options).stderr


@pytest.fixture
def one_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """All files change within one tick of the clock."""

    def stamp_of(status: os.stat_result) -> snapshots.Stamp:
        return (0, status.st_size, 0, 0)

    monkeypatch.setattr(snapshots, "_COARSEST_TIME", sys.maxsize)
    for module in (snapshots, sources):
        monkeypatch.setattr(module, "stamp_of", stamp_of)


@pytest.mark.usefixtures("one_tick")
def test_an_edit_of_the_same_size_within_a_tick_is_noticed(book: CachedBook) -> None:
    """Nothing but its content tells that the file was edited."""
    assert is_current(book)
    for old, new in (("ship", "boat"), ("boat", "ship")):
        replace_text(book.folder / ARTICLE, f"one {old}", f"one {new}")
        assert not is_current(book)
        book.assert_as_clean()
        assert is_current(book)


@pytest.mark.usefixtures("one_tick")
def test_a_file_added_or_removed_within_a_tick_is_noticed(book: CachedBook) -> None:
    """The folder has the same stamp as before."""
    assert is_current(book)
    guide = book.content / "guides" / "new.md"
    guide.write_text("# New\n\nA guide.\n", encoding="utf-8")
    assert not is_current(book)
    book.assert_as_clean()
    guide.rename(guide.with_name("old.md"))
    book.assert_as_clean()
    guide.with_name("old.md").unlink()
    book.assert_as_clean()
    guide.with_name(".new.md.swp").touch()
    assert is_current(book), "files of editors are no part of the book"


def test_restored_times_hide_no_edit(book: CachedBook) -> None:
    """An editor, an archive, or a build tool can set the time of the last modification."""
    path = book.folder / ARTICLE
    overwrite(path, path.read_bytes().replace(b"one ship", b"one boat"))
    book.assert_as_clean()
    page = book.site / "signals" / "1010" / "index.html"
    overwrite(page, page.read_bytes().replace(b"one boat", b"one ship"))
    book.assert_as_clean()


def test_another_folder_in_place_of_the_content_is_noticed(book: CachedBook) -> None:
    """All its files have the names, sizes, and times of the others."""
    copy = shutil.copytree(book.content, book.folder / "copy")
    replace_text(copy / "codes" / "1010.md", "one ship", "one boat")
    shutil.copystat(book.folder / ARTICLE, copy / "codes" / "1010.md")
    book.content.rename(book.folder / "before")
    copy.rename(book.content)
    book.assert_as_clean()


@pytest.mark.parametrize("name", ["last-build", "outputs", "sources", "results"])
def test_one_file_of_the_cache_can_come_from_a_backup(book: CachedBook, name: str) -> None:
    """Together with the sources, but without the other files and the site."""
    (path,) = book.cache.rglob(name)
    backup = path.read_bytes()
    replace_text(book.folder / ARTICLE, "one ship", "one boat")
    book.run()
    path.write_bytes(backup)
    replace_text(book.folder / ARTICLE, "one boat", "one ship")
    book.assert_as_clean()


def test_all_of_the_cache_can_come_from_a_backup(book: CachedBook) -> None:
    """The stamps of the site tell that it's another one."""
    backup = shutil.copytree(book.cache, book.folder / "backup")
    replace_text(book.folder / ARTICLE, "one ship", "one boat")
    book.run()
    shutil.rmtree(book.cache)
    backup.rename(book.cache)
    replace_text(book.folder / ARTICLE, "one boat", "one ship")
    book.assert_as_clean()


def test_all_of_the_site_can_come_from_a_backup(book: CachedBook) -> None:
    """An older site is completed, as if someone had changed its files."""
    backup = shutil.copytree(book.site, book.folder / "backup")
    replace_text(book.folder / ARTICLE, "one ship", "one boat")
    book.run()
    shutil.rmtree(book.site)
    backup.rename(book.site)
    book.assert_as_clean()


def test_a_touched_site_is_compared_once(book: CachedBook) -> None:
    """The next build notes the new times, and the one after it is fast again."""
    os.utime(book.site / "index.html")
    (book.site / "new").touch()
    (book.site / "new").unlink()
    assert not is_current(book)
    assert is_current(book)


def test_the_cache_of_another_book_is_of_no_use(book: CachedBook, tmp_path: Path) -> None:
    """Both books are at the same place in their folders, and the program is the same."""
    (tmp_path / "other").mkdir()
    other = CachedBook(tmp_path / "other")
    replace_text(other.folder / ARTICLE, "one ship", "one boat")
    other.run()
    shutil.rmtree(book.cache)
    shutil.copytree(other.cache, book.cache)
    book.assert_as_clean()


def test_books_can_share_a_cache_and_a_site(tmp_path: Path) -> None:
    """Whatever one of them has stored is never used for the other one."""
    first = CachedBook(tmp_path / "first")
    second = CachedBook(tmp_path / "second")
    replace_text(second.folder / ARTICLE, "one ship", "one boat")
    site, cache = tmp_path / "site", f"--cache={tmp_path / 'cache'}"
    for book in (first, second, first, second):
        clean = book.run("--no-cache", site="tidy")
        assert clean.returncode == 0
        assert book.run(cache, site=str(site)).returncode == 0
        assert read_tree(site) == read_tree(book.folder / "tidy")


def test_what_a_page_links_to_can_go_away(book: CachedBook) -> None:
    """The page itself is as before, but an edited template of other pages makes its link dead."""
    link = '<a href="{{ frame.home.url }}guides/in-or-out/#part">A part</a>'
    replace_text(book.templates / "table.html", "</h1>", f"</h1>\n{link}")
    replace_text(book.templates / "guide.html", "</h1>", '</h1><p id="part">A part</p>')
    assert book.assert_as_clean() == 0
    replace_text(book.templates / "guide.html", 'id="part"', 'id="other"')
    assert book.assert_as_clean("check") == 1
    assert book.assert_as_clean() == 1
    replace_text(book.templates / "guide.html", 'id="other"', 'id="part"')
    assert book.assert_as_clean() == 0


@pytest.mark.slow
def test_files_have_the_same_keys_in_each_process(tmp_path: Path) -> None:
    """Sets of texts have another order in each process; no key may depend on it."""
    book = CachedBook(tmp_path)
    replace_text(
        book.content / "facts.toml",
        "[hail]\n",
        '[hail]\nmarked = ["by lantern", "by horn", "none"]\n',
    )
    keys = {
        subprocess.run(
            [sys.executable, "-c", PRINT_KEYS, URL],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=book.folder,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(keys) == 1
    assert "signals/1010/index.html" in keys.pop()


NAMES = (b"guides/\xff.md", b"\xff.txt", b"guides/\xff")


@pytest.mark.parametrize("name", NAMES)
def test_names_that_are_not_utf8_can_be_stored(book: CachedBook, name: bytes) -> None:
    """They lead to the same diagnostics as without a cache."""
    path = os.fsencode(book.content) + b"/" + name
    Path(os.fsdecode(path)).write_text("# New\n\nA guide.\n", encoding="utf-8")
    for _ in range(2):
        assert book.assert_as_clean() == name.endswith(b".md")
    assert "\\xff" in book.run().stdout


def test_folders_can_have_names_that_are_not_utf8(tmp_path: Path) -> None:
    """Also the repository, and the site."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    repository = new_repository(folder)
    book = CachedBook(folder)
    repository.commit(1)
    site = os.fsdecode(b"s\xff")
    for _ in range(2):
        run = book.run(f"--url={URL}", f"--content={book.content}", site=site)
        assert run.returncode == 0
    assert "is up to date" in run.stderr
    assert (book.folder / site / "feed.xml").exists()


def test_a_history_with_a_name_that_is_not_utf8_can_be_stored(tmp_path: Path) -> None:
    """The file no longer exists, but a commit lists it."""
    repository = new_repository(tmp_path / "repository")
    book = CachedBook(repository.folder)
    path = Path(os.fsdecode(os.fsencode(book.content) + b"/guides/\xff"))
    path.touch()
    repository.commit(1)
    path.unlink()
    repository.commit(2)
    for _ in range(2):
        assert book.assert_as_clean(f"--url={URL}") == 0


def test_a_history_that_git_failed_to_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next build has all dates, although nothing has changed."""
    repository = new_repository(tmp_path / "repository")
    book = CachedBook(repository.folder)
    repository.commit(1)
    git = shutil.which("git")
    script = f'for word; do [ "$word" = rev-list ] && exit 1; done\nexec {git} "$@"'
    write_script(tmp_path / "bin" / "git", script)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
        assert (
            "the complete Git history of the content is not available"
            in book.run(f"--url={URL}").stderr
        )
    assert not (book.site / "feed.xml").exists()
    assert book.assert_as_clean(f"--url={URL}") == 0
    assert (book.site / "feed.xml").exists()


@pytest.mark.parametrize(
    "options",
    [("--target=netlify",), ("--target=nginx",), (f"--url={URL}",), ("--strict",), ("--all",)],
    ids=" ".join,
)
def test_each_option_has_its_own_site(book: CachedBook, options: tuple[str, ...]) -> None:
    """Also if nothing else has changed."""
    for some in (options, (), options, ("check", *options), options):
        book.assert_as_clean(*some)
