"""A cache that another program has prepared: it makes a build slow at worst, or stops it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import pytest
from msgspec import Raw
from msgspec.msgpack import Ext, decode, encode

from codebook.cache import StoredResults
from codebook.io import stored
from codebook.io.last_build import LastBuild, StoredOutputs
from codebook.io.sources import StoredFolder
from codebook.io.stored import load, load_as, save
from tests.cache.cached_book import CachedBook, read_tree

NAMES = ("results", "sources", "last-build", "outputs")
"""The files with what earlier runs stored."""
ROUNDS = int(os.environ.get("CODEBOOK_ROUNDS", "3"))
"""How many times each file gets the wrong shape."""
KINDS: Mapping[str, Callable[[Path, Path], object]] = {
    "a symbolic link": lambda path, target: path.symlink_to(target),
    "a symbolic link to itself": lambda path, _: path.symlink_to(path.name),
    "a named pipe": lambda path, _: os.mkfifo(path),
    "a folder": lambda path, _: path.mkdir(),
}
ENCODED: Mapping[str, bytes] = {
    "nothing": b"",
    "null": b"\xc0",
    "text that isn't UTF-8": b"\xa2\xff\xff",
    "an array of 4 billion items": b"\xdd\xff\xff\xff\xff",
    "a map of 4 billion items": b"\xdf\xff\xff\xff\xff",
    "a text of 4 gigabytes": b"\xdb\xff\xff\xff\xff",
    "deeply nested arrays": b"\x91" * 100_000,
    "deeply nested maps": b"\x81\xa1x" * 100_000,
    "a deeply nested unknown field": b"\x81\xa1x" + b"\x91" * 100_000,
    "an unused code": b"\xc1",
}


@pytest.fixture(scope="module")
def shared_book(tmp_path_factory: pytest.TempPathFactory) -> CachedBook:
    """A book that the tests share, so that few clean sites have to be built."""
    return CachedBook(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def book(shared_book: CachedBook) -> CachedBook:
    """A book that has been built; its cache is new."""
    folder = shared_book.cache.parent
    if folder.is_symlink():
        folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    shared_book.run()
    return shared_book


def edit(book: CachedBook) -> None:
    """Edit the book, so that the next build has something to do. Every second edit undoes one."""
    article = book.content / "codes" / "1010.md"
    text = article.read_text(encoding="utf-8")
    old, new = ("ship", "boat") if "one ship" in text else ("boat", "ship")
    article.write_text(text.replace(f"one {old}", f"one {new}"), encoding="utf-8")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A file of another program."""
    path = tmp_path / "precious"
    path.write_bytes(b"precious")
    return path


def find(book: CachedBook, name: str) -> Path:
    """The path of a file in the cache."""
    (path,) = book.cache.rglob(name)
    return path


def put(kind: str, path: Path, target: Path) -> None:
    """Put something in the place of a file or a folder."""
    if path.is_dir():
        path.rename(target.parent / "moved")
    else:
        path.unlink(missing_ok=True)
    KINDS[kind](path, target)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_no_link_or_pipe_in_the_cache_is_opened(book: CachedBook, target: Path, kind: str) -> None:
    """A build does without the file that was there, and the target of a link stays."""
    for name in NAMES:
        edit(book)
        put(kind, find(book, name), target)
        assert book.assert_as_clean() == 0
        assert book.assert_as_clean("check") == 0
    assert target.read_bytes() == b"precious"


@pytest.mark.parametrize("name", ["manifest.json", "lock", "new"])
@pytest.mark.parametrize("kind", ["a symbolic link", "a named pipe"])
def test_a_build_refuses_links_and_pipes_that_it_would_have_to_use(
    book: CachedBook, target: Path, name: str, kind: str
) -> None:
    """The error names them, and nothing changes."""
    edit(book)
    put(kind, find(book, "manifest.json").with_name(name), target)
    before = read_tree(book.site)
    run = book.run()
    assert run.returncode == 2
    assert f"{name} is {kind}" in run.stderr
    assert read_tree(book.site) == before
    assert target.read_bytes() == b"precious"


@pytest.mark.parametrize("folder", [".cache", ".cache/codebook", ".cache/codebook/sites"])
def test_no_folder_of_the_cache_can_be_a_link(
    book: CachedBook, tmp_path: Path, folder: str
) -> None:
    """Nothing is stored in the folder that it leads to, even though that is a cache."""
    edit(book)
    moved = tmp_path / "moved"
    (book.folder / folder).rename(moved)
    (book.folder / folder).symlink_to(moved)
    before, site = read_tree(moved), read_tree(book.site)
    for run in (book.run(), book.run("--no-cache"), book.clean()):
        assert run.returncode == 2
        assert f"{folder} is a symbolic link" in run.stderr
    book.run("check")
    assert read_tree(moved) == before
    assert read_tree(book.site) == site


@pytest.mark.parametrize("data", ENCODED.values(), ids=[*ENCODED])
def test_data_that_is_no_stored_value_is_ignored(tmp_path: Path, data: bytes) -> None:
    """Even if it has the digest of this program."""
    path = tmp_path / "data"
    for start in (b"", b"\x81\xa4site", b"\x81\xa4keys", b"\x81\xa1x\x81\xa8snapshot\x93\0"):
        save(path, start + data)
        for kind in (LastBuild, StoredOutputs, dict[str, StoredFolder]):
            assert load_as(path, kind) is None
        assert StoredResults(load(path)).dump() is None


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_data_of_the_wrong_shape_is_ignored(book: CachedBook, name: str) -> None:
    """Parts of a stored value are replaced by values of other types."""
    random = Random(name)  # noqa: S311 - no secret
    for _ in range(ROUNDS):
        edit(book)
        original = decode(load(find(book, name)))
        save(find(book, name), encode(misshapen(original, random)))
        assert book.assert_as_clean() == 0


def misshapen(value: object, random: Random) -> object:
    """A value with another part somewhere in it."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        key = random.choice([*value])
        return {**value, key: misshapen(value[key], random)}
    if isinstance(value, list) and value and random.random() < 0.8:
        index = random.randrange(len(value))
        return [*value[:index], misshapen(value[index], random), *value[index + 1 :]]
    others: tuple[object, ...] = (-1, "x", b"x", [[]], {"x": {}}, 1e300, True, Ext(1, b"x"))
    return random.choice([other for other in others if type(other) is not type(value)])


@pytest.mark.slow
@pytest.mark.parametrize("data", [b"\xc0", b"\xa1\xff", b"\x91" * 600 + b"\xc0", b"\x81\xa1x\xc0"])
def test_a_result_that_cannot_be_decoded_is_computed_again(book: CachedBook, data: bytes) -> None:
    """Its key is right, but it is no result of its stage."""
    path = find(book, "results")
    results = decode(load(path), type=dict[str, dict[str, tuple[bytes, Raw]]])
    for items in results.values():
        for item, (key, _) in items.items():
            items[item] = (key, Raw(data))
    save(path, encode(results))
    edit(book)
    assert book.assert_as_clean() == 0


def test_what_another_program_stored_is_ignored(
    book: CachedBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its results could be others, so everything is made again, and stored in place of them."""
    path = find(book, "results")
    edit(book)
    assert load(path)
    monkeypatch.setattr(stored, "_program", lambda: b"another version")
    assert load(path) == b""
    assert book.assert_as_clean() == 0
    assert load(path)
    monkeypatch.undo()
    assert load(path) == b""


def test_each_change_of_the_program_makes_it_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of it was edited, added, or removed."""
    monkeypatch.setattr(stored, "_PACKAGE", tmp_path)
    path = tmp_path / "site" / "pages.py"
    path.parent.mkdir()
    identify = stored._program.__wrapped__  # noqa: SLF001 - the only way to compare programs
    programs = [identify()]
    path.write_bytes(b"one")
    programs.append(identify())
    path.write_bytes(b"two")
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
    programs.append(identify())
    path.with_name("more.py").touch()
    programs.append(identify())
    assert len({*programs}) == len(programs)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "pages.pyc").touch()
    assert identify() == programs[-1], "compiled modules are no part of it"
