"""Edits as somebody makes them who writes a book and its templates, good ones and bad ones.

Each kind of edit takes the folder that holds `content/` and `templates/`, and changes it there.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

WORDS = (
    "harbour",
    "lantern",
    "pilot",
    "a *bold* word",
    "`code`",
    "wait",
    "é",
    "日本",
    "<b>",
    "[x](",
)


@dataclass(frozen=True)
class Edit:
    """One edit, by its kind and the places that it changed."""

    kind: str
    paths: tuple[Path, ...]


class Editor:
    """Somebody who edits at random, and takes back what has gone wrong."""

    def __init__(self, random: Random, place: Path) -> None:
        self._random = random
        self._place = place
        self._before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
        self._touched: set[Path] = set()
        self._coming: list[str] = []

    def edit(self) -> Edit:
        """Change something."""
        # Every kind has its turn before one comes again.
        self._coming = self._coming or self._random.sample(sorted(KINDS), len(KINDS))
        kind = self._coming.pop()
        paths = tuple(KINDS[kind](self._random, self._place))
        self._touched |= {path for path in paths if path.suffix}
        return Edit(kind, paths)

    def take_back(self) -> Edit:
        """Make everything as it was at the start."""
        paths = tuple(sorted(self._touched))
        self._touched.clear()
        for path in paths:
            path.unlink(missing_ok=True)
            if path in self._before:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self._before[path])
        return Edit("taken back", paths)


def _text(random: Random, place: Path) -> Iterator[Path]:
    path = _one(random, place / "content", "*.md")
    lines = path.read_text(encoding="utf-8").split("\n")
    wordy = [
        at for at, line in enumerate(lines) if line and line[0].isalpha() and " = " not in line
    ]
    if wordy:
        at = random.choice(wordy)
        words = lines[at].split(" ")
        words[random.randrange(len(words))] = random.choice(WORDS)
        lines[at] = " ".join(words)
    yield _written(path, "\n".join(lines))


def _paragraph(random: Random, place: Path) -> Iterator[Path]:
    path = _one(random, place / "content", "*.md")
    lines = path.read_text(encoding="utf-8").split("\n")
    blank = [at for at, line in enumerate(lines) if not line]
    if blank:
        lines[random.choice(blank) : 0] = ["", f"New words: {random.choice(WORDS)}.", ""]
    yield _written(path, "\n".join(lines))


def _line_gone(random: Random, place: Path) -> Iterator[Path]:
    path = _one(random, place / "content", "*")
    lines = path.read_text(encoding="utf-8").split("\n")
    del lines[random.randrange(len(lines))]
    yield _written(path, "\n".join(lines))


def _head(random: Random, place: Path) -> Iterator[Path]:
    path = _one(random, place / "content", "*.md")
    lines = path.read_text(encoding="utf-8").split("\n")
    keys = [at for at, line in enumerate(lines) if " = " in line]
    if keys:
        at = random.choice(keys)
        key, _, value = lines[at].partition(" = ")
        other = {"name": '"Another name"', "see_also": "[]", "title": '"Another title"'}
        lines[at] = f"{key} = {other.get(key, value[::-1])}"
    yield _written(path, "\n".join(lines))


def _new_file(random: Random, place: Path) -> Iterator[Path]:
    name = random.choice(
        ("guides/new.md", "guides/newer.md", "codes/1100.md", "codes/77.md", "x.txt")
    )
    text = "```toml\n```\n" if name.startswith("codes") else f"# New {name}\n\nSee it.\n"
    yield _written(place / "content" / name, text)


def _removed_file(random: Random, place: Path) -> Iterator[Path]:
    path = _one(random, place / "content", "*")
    path.unlink()
    yield path


def _removed_folder(random: Random, place: Path) -> Iterator[Path]:
    """A folder of the content, moved away and back within the same moment at times."""
    folder = place / "content" / random.choice(("guides", "codes", "tables"))
    if folder.is_dir():
        held = sorted(folder.iterdir())
        shutil.rmtree(folder)
        yield folder
        yield from held


def _cell(random: Random, place: Path) -> Iterator[Path]:
    path = _one(random, place / "content" / "tables", "*.csv", place / "content")
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    row = random.choice(rows)
    row[random.randrange(len(row))] = random.choice(("1010", "42", "new", "", "RFC 9110"))
    rows += [list(rows[-1])] if random.random() < 0.2 else []
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(rows)
    yield _written(path, lines.getvalue())


def _settings(random: Random, place: Path) -> Iterator[Path]:
    path = place / "content" / random.choice(("book.toml", "facts.toml"))
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    old, new = random.choice(
        (('title = "', 'title = "The '), ("[", "["), ('about = "', 'about = "So '))
    )
    more = "" if random.random() < 0.7 else '\nunknown = "key"\n'
    yield _written(path, text.replace(old, new, 1) + more)


def _template(random: Random, place: Path) -> Iterator[Path]:
    path = _one(random, place / "templates", "*.html")
    text = path.read_text(encoding="utf-8")
    old, new = random.choice(
        (
            ("<p", '<p class="x"'),
            ("<main", '<main data-x="1"'),
            ("</", " </"),
            ("{{", "{{ nobody }}{{"),
            ("{% for", "{% fur"),
            ("<a ", '<a id="same" '),
        )
    )
    yield _written(path, text.replace(old, new, 1))


def _asset(random: Random, place: Path) -> Iterator[Path]:
    path = _one(random, place / "templates" / "assets", "*.*s")
    text = path.read_text(encoding="utf-8")
    more = ".x { color: red }" if path.suffix == ".css" else 'const x1 = "y";'
    yield _written(path, f"{text}\n{more}\n")


def _several(random: Random, place: Path) -> Iterator[Path]:
    """As a search over all files leaves them, or a switch of branches."""
    for kind in random.sample((_text, _cell, _template, _head, _new_file), 3):
        yield from kind(random, place)


def _symlink(random: Random, place: Path) -> Iterator[Path]:
    path = place / "content" / "guides" / random.choice(("link.md", "in-or-out.md"))
    if path.parent.is_dir():
        path.unlink(missing_ok=True)
        path.symlink_to(place / "content" / "index.md")
        yield path


KINDS: Mapping[str, Callable[[Random, Path], Iterator[Path]]] = {
    "text": _text,
    "paragraph": _paragraph,
    "line gone": _line_gone,
    "head": _head,
    "new file": _new_file,
    "removed file": _removed_file,
    "removed folder": _removed_folder,
    "table": _cell,
    "settings": _settings,
    "template": _template,
    "asset": _asset,
    "several": _several,
    "symbolic link": _symlink,
}


def _one(random: Random, folder: Path, pattern: str, instead: Path | None = None) -> Path:
    found: Sequence[Path] = sorted(path for path in folder.rglob(pattern) if path.is_file())
    if not found and instead:
        return _one(random, instead, "*")
    return random.choice(found)


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
