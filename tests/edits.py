"""Random edits of a book and its templates, valid and invalid ones.

Each kind of edit gets the folder that holds `content/` and `templates/`, and changes files there.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

TEXTS = (
    "harbor",
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
    """One edit: its kind and the paths that it changed."""

    kind: str
    paths: tuple[Path, ...]


class Editor:
    """Makes random edits, and undoes them."""

    def __init__(self, random: Random, book: Path) -> None:
        self._random = random
        self._book = book
        self._before = {path: path.read_bytes() for path in book.rglob("*") if path.is_file()}
        self._touched: set[Path] = set()
        self._next_kinds: list[str] = []

    def edit(self) -> Edit:
        """Make one edit."""
        # Every kind is used once before any is used again.
        self._next_kinds = self._next_kinds or self._random.sample(sorted(KINDS), len(KINDS))
        kind = self._next_kinds.pop()
        paths = tuple(KINDS[kind](self._random, self._book))
        self._touched |= {path for path in paths if path.suffix}
        return Edit(kind, paths)

    def undo_all(self) -> Edit:
        """Restore every file as it was at the start."""
        paths = tuple(sorted(self._touched))
        self._touched.clear()
        for path in paths:
            path.unlink(missing_ok=True)
            if path in self._before:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self._before[path])
        return Edit("undone", paths)


def _replace_word(random: Random, book: Path) -> Iterator[Path]:
    path = _random_file(random, book / "content", "*.md")
    lines = path.read_text(encoding="utf-8").split("\n")
    prose = [
        index
        for index, line in enumerate(lines)
        if line and line[0].isalpha() and " = " not in line
    ]
    if prose:
        index = random.choice(prose)
        words = lines[index].split(" ")
        words[random.randrange(len(words))] = random.choice(TEXTS)
        lines[index] = " ".join(words)
    yield _write(path, "\n".join(lines))


def _add_paragraph(random: Random, book: Path) -> Iterator[Path]:
    path = _random_file(random, book / "content", "*.md")
    lines = path.read_text(encoding="utf-8").split("\n")
    empty = [index for index, line in enumerate(lines) if not line]
    if empty:
        lines[random.choice(empty) : 0] = ["", f"New words: {random.choice(TEXTS)}.", ""]
    yield _write(path, "\n".join(lines))


def _remove_line(random: Random, book: Path) -> Iterator[Path]:
    path = _random_file(random, book / "content", "*")
    lines = path.read_text(encoding="utf-8").split("\n")
    del lines[random.randrange(len(lines))]
    yield _write(path, "\n".join(lines))


def _change_front_matter(random: Random, book: Path) -> Iterator[Path]:
    path = _random_file(random, book / "content", "*.md")
    lines = path.read_text(encoding="utf-8").split("\n")
    keys = [index for index, line in enumerate(lines) if " = " in line]
    if keys:
        index = random.choice(keys)
        key, _, value = lines[index].partition(" = ")
        values = {"name": '"Another name"', "see_also": "[]", "title": '"Another title"'}
        lines[index] = f"{key} = {values.get(key, value[::-1])}"
    yield _write(path, "\n".join(lines))


def _add_file(random: Random, book: Path) -> Iterator[Path]:
    name = random.choice(
        ("guides/new.md", "guides/newer.md", "codes/1100.md", "codes/77.md", "x.txt")
    )
    text = "```toml\n```\n" if name.startswith("codes") else f"# New {name}\n\nSee it.\n"
    yield _write(book / "content" / name, text)


def _remove_file(random: Random, book: Path) -> Iterator[Path]:
    path = _random_file(random, book / "content", "*")
    path.unlink()
    yield path


def _remove_folder(random: Random, book: Path) -> Iterator[Path]:
    """A folder of the content, with everything in it."""
    folder = book / "content" / random.choice(("guides", "codes", "tables"))
    if folder.is_dir():
        children = sorted(folder.iterdir())
        shutil.rmtree(folder)
        yield folder
        yield from children


def _change_cell(random: Random, book: Path) -> Iterator[Path]:
    path = _random_file(random, book / "content" / "tables", "*.csv", book / "content")
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    row = random.choice([row for row in rows if row] or [[""]])
    row[random.randrange(len(row))] = random.choice(("1010", "42", "new", "", "RFC 9110"))
    rows += [list(row)] if random.random() < 0.2 else []
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(rows)
    yield _write(path, lines.getvalue())


def _change_settings(random: Random, book: Path) -> Iterator[Path]:
    path = book / "content" / random.choice(("book.toml", "facts.toml"))
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    old, new = random.choice(
        (('title = "', 'title = "The '), ("[", "["), ('about = "', 'about = "So '))
    )
    addition = "" if random.random() < 0.7 else '\nunknown = "key"\n'
    yield _write(path, text.replace(old, new, 1) + addition)


def _change_template(random: Random, book: Path) -> Iterator[Path]:
    replacements = (
        ("<p", '<p class="x"'),
        ("<main", '<main data-x="1"'),
        ("</", " </"),
        ("{{", "{{ undefined }}{{"),
        ("{% for", "{% fur"),
        ("<a ", '<a id="same" '),
    )
    path = _random_file(random, book / "templates", "*.html")
    yield _replace_text(path, *random.choice(replacements))


def _change_words(random: Random, book: Path) -> Iterator[Path]:
    replacements = (
        ('"Codes"', '"All of the codes"'),
        ('home = "', 'home = "The '),
        ('rows = "', 'rows = "{count} '),
        ("[footer]", "[foot]"),
        ('copied = "', 'copied = "<b>'),
        ('language = "en"', 'language = "ar"'),
    )
    yield _replace_text(book / "templates" / "words.toml", *random.choice(replacements))


def _change_asset(random: Random, book: Path) -> Iterator[Path]:
    path = _random_file(random, book / "templates" / "assets", "*.*s")
    text = path.read_text(encoding="utf-8")
    addition = ".x { color: red }" if path.suffix == ".css" else 'const x1 = "y";'
    yield _write(path, f"{text}\n{addition}\n")


def _change_several(random: Random, book: Path) -> Iterator[Path]:
    """Several edits at once, as after a replacement in all files, or after switching branches."""
    for kind in random.sample(
        (_replace_word, _change_cell, _change_template, _change_front_matter, _add_file), 3
    ):
        yield from kind(random, book)


def _add_symlink(random: Random, book: Path) -> Iterator[Path]:
    path = book / "content" / "guides" / random.choice(("link.md", "in-or-out.md"))
    if path.parent.is_dir():
        path.unlink(missing_ok=True)
        path.symlink_to(book / "content" / "index.md")
        yield path


KINDS: Mapping[str, Callable[[Random, Path], Iterator[Path]]] = {
    "text": _replace_word,
    "paragraph": _add_paragraph,
    "line gone": _remove_line,
    "front matter": _change_front_matter,
    "new file": _add_file,
    "removed file": _remove_file,
    "removed folder": _remove_folder,
    "table": _change_cell,
    "settings": _change_settings,
    "template": _change_template,
    "words": _change_words,
    "asset": _change_asset,
    "several": _change_several,
    "symbolic link": _add_symlink,
}


def _random_file(random: Random, folder: Path, pattern: str, fallback: Path | None = None) -> Path:
    paths: Sequence[Path] = sorted(path for path in folder.rglob(pattern) if path.is_file())
    if not paths and fallback:
        return _random_file(random, fallback, "*")
    return random.choice(paths)


def _replace_text(path: Path, old: str, new: str) -> Path:
    return _write(path, path.read_text(encoding="utf-8").replace(old, new, 1))


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
