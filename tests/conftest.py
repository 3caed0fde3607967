"""Fixtures that several test files share.

The tests of the book's content also share `book_files.py` and `http_messages.py`.
"""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Protocol, TypeVar
from unittest.mock import patch

import pytest
from filelock import FileLock
from hypothesis import settings
from jinja2 import Environment

from codebook.build.pipeline import BuildResult, build_site
from codebook.cache import Cache
from codebook.cli import startup  # noqa: F401 - see below
from codebook.diagnostics.source import Folder
from codebook.io.sources import read_folder
from codebook.publish.images import rasterize
from tests import templates as repository_templates

ROOT = Path(__file__).resolve().parent.parent

Run = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[..., BuildResult]
ReadTree = Callable[[Path], Mapping[str, bytes]]
AssertGolden = Callable[[str, str], None]
T = TypeVar("T")


# The program turns it off, because its process ends soon.
gc.enable()

# The tests run make, which must not get the variables and options of the make that runs the tests.
for name in ("ARGS", "CASES", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
    os.environ.pop(name, None)

# A busy machine is not a failure.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


class OncePerRun(Protocol):
    """Makes a value of this name once, however many workers there are."""

    def __call__(self, name: str, make: Callable[[], T]) -> T:
        """Return the value."""


@pytest.fixture(scope="session", autouse=True)
def _each_template_is_compiled_once() -> Iterator[None]:
    """Jinja would take a third of the time of many builds, and returns the same each time."""
    compile_template = Environment.compile
    codes: dict[tuple[object, ...], object] = {}

    def compile_once(self: Environment, *arguments: Any) -> object:  # noqa: ANN401 - passed on
        key = (self.trim_blocks, self.autoescape, *arguments)
        if key not in codes:
            codes[key] = compile_template(self, *arguments)
        return codes[key]

    with patch.object(Environment, "compile", compile_once):
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def templates() -> Folder:
    """The templates of the repository."""
    return read_folder(ROOT / "templates", "templates")


@pytest.fixture(scope="session")
def templates_without_fonts() -> Folder:
    """The templates without fonts: no cards are drawn, which take most of the time of a build."""
    return repository_templates.templates_without_fonts()


@pytest.fixture(scope="session")
def content() -> Folder:
    """The book of the repository."""
    return read_folder(ROOT / "content", "content")


@pytest.fixture(scope="session")
def seed_text() -> str:
    """The text of the seed, the document that the project started from."""
    return (ROOT / "tests" / "fixtures" / "seed.md").read_bytes().decode()


@pytest.fixture
def templates_copy(tmp_path: Path) -> Path:
    """A copy of the templates that a test may change."""
    return shutil.copytree(ROOT / "templates", tmp_path / "templates")


@pytest.fixture(scope="session")
def compile_book(templates: Folder) -> Make:
    """Build a site in memory from files given as `{"path": text or bytes}`.

    Builds share a cache, so that the templates are compiled once.
    """
    cache = Cache()

    def compile_book(files: Mapping[str, str | bytes], url: str = "") -> BuildResult:
        encoded = {
            PurePosixPath(path): data.encode() if isinstance(data, str) else data
            for path, data in sorted(files.items())
        }
        return build_site(Folder("content", encoded), templates, "site", url, cache=cache)

    return compile_book


@pytest.fixture(scope="session")
def once_per_run(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> OncePerRun:
    """Make a value in the first worker that needs it; the others read it from the disk."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent

    def once_per_run(name: str, make: Callable[[], T]) -> T:
        path = folder / f"{name}.pickle"
        with FileLock(folder / f"{name}.lock"):
            if not path.exists():
                path.write_bytes(pickle.dumps(make()))
        value: T = pickle.loads(path.read_bytes())  # noqa: S301 - written by this run
        return value

    return once_per_run


@pytest.fixture(scope="session")
def built_site(
    content: Folder, templates: Folder, once_per_run: OncePerRun
) -> Mapping[PurePosixPath, bytes]:
    """The site of the repository's book, in memory."""

    def build() -> Mapping[PurePosixPath, bytes]:
        result = build_site(content, templates, "site", "")
        assert result.files is not None, result.diagnostics
        return dict(result.files)

    return once_per_run("site", build)


@pytest.fixture
def run_codebook() -> Run:
    """Run `python build.py` as a user does."""

    def run_codebook(
        *arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path = ROOT
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(ROOT / "build.py"), *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=cwd,
            env={**os.environ, **(env or {})},
            check=False,
            timeout=60,
        )

    return run_codebook


@pytest.fixture
def content_folder(tmp_path: Path) -> Path:
    """A content folder with one register of one code."""
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "signals.md").write_text(
        "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11\nThe harbor is open.\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="session")
def read_tree() -> ReadTree:
    """Read every file below a folder, by its path."""

    def read_tree(folder: Path) -> Mapping[str, bytes]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    return read_tree


@pytest.fixture(scope="session")
def assert_golden() -> AssertGolden:
    """Compare a text with a file in `tests/golden`; `UPDATE_GOLDEN=1` writes it instead."""

    def assert_golden(name: str, text: str) -> None:
        path = ROOT / "tests" / "golden" / name
        if os.environ.get("UPDATE_GOLDEN"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        expected = path.read_bytes().decode() if path.exists() else ""
        assert text == expected, f"{path} differs: look at it, then run with UPDATE_GOLDEN=1"

    return assert_golden


@pytest.fixture
def drawn_cards(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cards that are drawn during the test, as SVG."""
    cards: list[str] = []
    draw = rasterize.png

    def png(svg: str, fonts: tuple[bytes, ...], width: int, height: int) -> bytes:
        if width == rasterize.CARD_WIDTH:
            cards.append(svg)
        return draw(svg, fonts, width, height)

    monkeypatch.setattr(rasterize, "png", png)
    return cards
