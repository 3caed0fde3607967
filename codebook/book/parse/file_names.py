"""Check the names of files."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import PurePosixPath

from msgspec import Struct

from codebook.book.layout import (
    CLASSES,
    CODES,
    GUIDES,
    NUMBER,
    RESERVED_NAMES,
    SLUG,
    TABLES,
    article_path,
    csv_path,
    is_readme,
    is_register,
)
from codebook.book.parse.copies import find_original
from codebook.book.parse.numbers import CODE_SYNTAX, intended_number
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Folder, Span

_LOCATIONS = frozenset(
    {
        (".", ".md"),
        (CODES, ".md"),
        (CLASSES, ".md"),
        (GUIDES, ".md"),
        (TABLES, ".md"),
        (TABLES, ".csv"),
    }
)
"""The folders and suffixes of documents."""

_FRONT_MATTER = b"```toml"
"""The start of a document with front matter, which registers don't have."""
_LICENSE = re.compile(r"LICEN[CS]E(?:\.txt)?", re.IGNORECASE)
"""A file that is allowed next to documents."""

_NOT_ON_WINDOWS = re.compile(r'\s*[<>:"|?*\\]\s*')
_NAME_AFTER_CODE = f"name the file after its code, {CODE_SYNTAX}"
_NAME_BY_SLUG = "use only lowercase letters, digits, and single hyphens in the name"

_SUFFIXES: Mapping[str, str] = {
    ".csv": ".csv",
    ".markdown": ".md",
    ".md": ".md",
    ".mdown": ".md",
    ".text": ".md",
    ".txt": ".md",
}
"""The suffixes of documents, by other common suffixes of the same formats."""
_TEXTS = frozenset({".text", ".txt"})
"""Suffixes of files that are probably notes if they aren't in the folder of a kind of document."""


class FileNames(Struct, frozen=True):
    """The names of the files and symbolic links in a folder."""

    folder: Folder
    spellings: Mapping[str, Sequence[PurePosixPath]]
    """The names that differ only in case: on many disks, they are the same."""

    @classmethod
    def of(cls, folder: Folder) -> FileNames:
        """Return the names in the folder."""
        spellings: defaultdict[str, list[PurePosixPath]] = defaultdict(list)
        for path in (*folder.files, *folder.symlinks):
            spellings[path.as_posix().casefold()].append(path)
        return cls(folder, spellings)

    def spellings_of(self, path: PurePosixPath) -> Sequence[PurePosixPath]:
        """Return the names in the folder that differ from this one at most in case."""
        return self.spellings.get(path.as_posix().casefold(), ())


def is_placed(path: PurePosixPath) -> bool:
    """Whether a document can be in this folder and have this suffix."""
    return not is_readme(path) and (path.parent.as_posix(), path.suffix) in _LOCATIONS


def name_evidence(path: PurePosixPath, data: bytes) -> bytes:
    """Return the part of the content that affects the check: the start of a misplaced article."""
    return data[: len(_FRONT_MATTER)] if is_register(path) else b""


def name_diagnostics(path: PurePosixPath, names: FileNames) -> Iterator[Diagnostic]:
    """Report an invalid file name, or a table without its CSV file or page."""
    page = path.with_suffix(".md")
    if not is_placed(path):
        if not is_readme(path) and not _LICENSE.fullmatch(path.name):
            yield _unexpected(path, names)
    elif path.suffix == ".csv" and page in names.folder.files:
        # The name of the page is the name of both.
        return
    elif original := find_original(path, names.folder.files):
        message = f"this looks like a copy of {names.folder.show(original)}"
        yield _invalid(path, message, _rename_help(path, original, names), names)
    elif (
        NUMBER.fullmatch(path.stem)
        and names.folder.files[path].startswith(_FRONT_MATTER)
        and is_register(path)
    ):
        message = (
            f"this looks like the article about code {path.stem}, but it is in the wrong folder"
        )
        yield _invalid(
            path, message, _rename_help(path, article_path(int(path.stem)), names), names
        )
    elif path.parent.name == CODES and not NUMBER.fullmatch(path.stem):
        valid = _valid(CODES, path)
        help_text = _rename_help(path, valid, names) if valid else _NAME_AFTER_CODE
        yield _invalid(path, f'"{path.stem}" is not a code', help_text, names)
    elif path.parent.name in {GUIDES, TABLES} and not SLUG.fullmatch(path.stem):
        valid = _valid(path.parent.name, path)
        help_text = _rename_help(path, valid, names) if valid else _NAME_BY_SLUG
        yield _invalid(path, f'"{path.stem}" cannot be part of a URL', help_text, names)
    else:
        yield from _unportable(path, names)
        yield from _half_table(path, names)


def _unportable(path: PurePosixPath, names: FileNames) -> Iterator[Diagnostic]:
    """Report a name that some systems can't store, or not next to another."""
    valid = _valid_on_windows(path)
    if other := _same_in_any_case(path, names):
        message = f"many disks can't contain both this file and {names.folder.show(other)}"
        yield _invalid(path, message, "rename one of the files", names)
    elif path.parent.name != CLASSES and valid != path:
        message = f'files with the name "{path.name}" cannot exist on Windows'
        yield _invalid(path, message, _rename_help(path, valid, names), names)


def _half_table(path: PurePosixPath, names: FileNames) -> Iterator[Diagnostic]:
    """Report a page of a table without its CSV file, or the other way around."""
    page, data = path.with_suffix(".md"), csv_path(path)
    span = Span(names.folder.show(path))
    if path.suffix == ".csv" and not _existing(page, names):
        help_text = f"describe the table in {names.folder.show(page)}"
        yield Diagnostic(Rule.MISSING_TABLE_PAGE, span, "this table has no page", help=help_text)
    elif path.suffix == ".md" and path.parent.name == TABLES and not _existing(data, names):
        help_text = (
            f'add {names.folder.show(data)}, with "code" and the other columns in its first line'
        )
        yield Diagnostic(
            Rule.MISSING_TABLE_DATA, span, "this table has no CSV file", help=help_text
        )


def _invalid(path: PurePosixPath, message: str, help_text: str, names: FileNames) -> Diagnostic:
    return Diagnostic(Rule.INVALID_NAME, Span(names.folder.show(path)), message, help=help_text)


def _unexpected(path: PurePosixPath, names: FileNames) -> Diagnostic:
    """The diagnostic for a file that isn't a document."""
    target = find_original(path, names.folder.files) or _similar(path)
    help_text = (
        "move it out of the content folder; explain unexpected-file lists the files of a book"
    )
    if target and _existing(target, names):
        help_text = _rename_help(path, target, names)
    elif target:
        help_text = f"did you mean {target}?"
    return Diagnostic(
        Rule.UNEXPECTED_FILE,
        Span(names.folder.show(path)),
        "this file is ignored: a book has no files with this folder and extension",
        help=help_text,
    )


def _rename_help(path: PurePosixPath, target: PurePosixPath, names: FileNames) -> str:
    """The help that gives a file its valid name, unless another file has it."""
    if (existing := _existing(target, names)) and existing != path:
        return merge_help(names.folder.show(existing))
    if path.parent != target.parent:
        return f"move the file to {target}"
    data = csv_path(path)
    both = f", and {data.name} to {csv_path(target).name}" if data in names.folder.files else ""
    return f"rename the file to {target.name}{both if path.suffix != data.suffix else ''}"


def merge_help(display_path: str) -> str:
    """Return the help for a file that another file has the right name of."""
    return (
        f"move what is new in it to {display_path}, "
        "and then move the file out of the content folder"
    )


def _existing(path: PurePosixPath, names: FileNames) -> PurePosixPath | None:
    """The file with this name, or else with a name that differs only in case."""
    return path if path in names.folder.files else next(iter(names.spellings_of(path)), None)


def _same_in_any_case(path: PurePosixPath, names: FileNames) -> PurePosixPath | None:
    """Another file whose name differs only in case; this is true for only one of the two."""
    return next((name for name in names.spellings_of(path) if name > path), None)


def _valid_on_windows(path: PurePosixPath) -> PurePosixPath:
    """The path with a name that a file can have on Windows; the same if it already does."""
    stem = path.stem
    if _NOT_ON_WINDOWS.search(stem):
        stem = _NOT_ON_WINDOWS.sub("-", stem).strip("-") or "register"
    device, dot, rest = stem.partition(".")
    if device.strip().lower() in RESERVED_NAMES:
        stem = f"{device.strip()}-codes{dot}{rest}"
    return path.with_name(stem + path.suffix)


def _valid(folder: str, path: PurePosixPath) -> PurePosixPath | None:
    """The valid path in this folder for a document with an invalid name; None if there is none."""
    stem = path.stem
    if folder == CODES:
        number = intended_number(re.split(r"[^\w.]", stem.removesuffix("."), maxsplit=1)[0])
        return None if number is None else article_path(number)
    if folder in {GUIDES, TABLES}:
        stem = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
        if not SLUG.fullmatch(stem):
            return None
    return _valid_on_windows(PurePosixPath(folder, stem + path.suffix))


def _similar(path: PurePosixPath) -> PurePosixPath | None:
    """The document that was probably meant by a file with another folder or suffix."""
    folders = sorted({folder for folder, _ in _LOCATIONS})
    near = get_close_matches(path.parent.as_posix(), folders, n=1)
    suffix = _SUFFIXES.get(path.suffix.lower(), path.suffix)
    if not near or (near == ["."] and path.suffix.lower() in _TEXTS):
        return None
    similar = _valid(near[0], PurePosixPath(path.stem.removesuffix(suffix) + suffix))
    return similar if similar and is_placed(similar) else None


def missing_register(display_path: str) -> Diagnostic:
    """Return the diagnostic for a book without a register."""
    return Diagnostic(
        Rule.MISSING_REGISTER,
        Span(display_path),
        "the book has no register",
        help="add a Markdown file with a title, a list of classes, and the codes of each class",
    )
