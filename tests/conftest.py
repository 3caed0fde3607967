"""What several test files share: every helper is a fixture.

The tests of the book's content also share what `content.py` and `messages.py` read.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

import pytest

from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.source import Folder
from codebook.io import read_folder
from codebook.publish.images import rasterize

ROOT = Path(__file__).resolve().parent.parent

Run = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[..., BuildResult]
Tree = Callable[[Path], Mapping[str, bytes]]
Golden = Callable[[str, str], None]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def templates() -> Folder:
    """The templates of the repository."""
    return read_folder(ROOT / "templates", "templates")


@pytest.fixture(scope="session")
def cardless(templates: Folder) -> Folder:
    """The same without fonts: no cards are drawn, which take most of the time of a build."""
    files = {path: data for path, data in templates.files.items() if path.suffix != ".ttf"}
    return Folder(templates.display_path, files, place=templates.place)


@pytest.fixture(scope="session")
def content() -> Folder:
    """The book of the repository."""
    return read_folder(ROOT / "content", "content")


@pytest.fixture(scope="session")
def seed() -> str:
    """The text of the document that everything starts from."""
    return (ROOT / "tests" / "fixtures" / "seed.md").read_bytes().decode()


@pytest.fixture
def own_templates(tmp_path: Path) -> Path:
    """A copy of the templates, for a test to break."""
    return shutil.copytree(ROOT / "templates", tmp_path / "templates")


@pytest.fixture(scope="session")
def compile_book(templates: Folder) -> Make:
    """Make a site in memory of files given as `{"path": text or bytes}`."""

    def compile_book(files: Mapping[str, str | bytes], url: str = "") -> BuildResult:
        encoded = {
            PurePosixPath(path): data.encode() if isinstance(data, str) else data
            for path, data in sorted(files.items())
        }
        return build_site(Folder("content", encoded), templates, "site", url)

    return compile_book


@pytest.fixture(scope="session")
def built(content: Folder, templates: Folder) -> Mapping[PurePosixPath, bytes]:
    """The site of the repository's book, in memory."""
    outcome = build_site(content, templates, "site", "")
    assert outcome.files is not None, outcome.diagnostics
    return outcome.files


@pytest.fixture
def build() -> Run:
    """Run `python build.py` as a user does."""

    def build(
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

    return build


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A content folder with one register of one code."""
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "signals.md").write_text(
        "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11\nThe harbour is open.\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="session")
def tree() -> Tree:
    """Read every file below a folder, by its path."""

    def tree(folder: Path) -> Mapping[str, bytes]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    return tree


@pytest.fixture(scope="session")
def golden() -> Golden:
    """Compare a text with the file in `tests/golden`; `UPDATE_GOLDEN=1` writes it instead."""

    def golden(name: str, text: str) -> None:
        place = ROOT / "tests" / "golden" / name
        if os.environ.get("UPDATE_GOLDEN"):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode())
        expected = place.read_bytes().decode() if place.exists() else ""
        assert text == expected, f"{place} differs: look at it, then run with UPDATE_GOLDEN=1"

    return golden


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cards that are drawn from here on, as SVG."""
    noted: list[str] = []
    draw = rasterize.png

    def png(svg: str, fonts: tuple[Path, ...], width: int, height: int) -> bytes:
        if width == rasterize.CARD_WIDTH:
            noted.append(svg)
        return draw(svg, fonts, width, height)

    monkeypatch.setattr(rasterize, "png", png)
    return noted
