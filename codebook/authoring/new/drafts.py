"""What is asked for, as files that are to be written; or why there can be none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.new.article import article
from codebook.authoring.new.entry import with_entry
from codebook.authoring.new.pages import guide, table
from codebook.authoring.new.words import name_fault
from codebook.book.book import Book
from codebook.book.documents import Register
from codebook.book.layout import article_path
from codebook.diagnostics.diagnostic import did_you_mean
from codebook.diagnostics.source import Folder

KINDS = ("guide", "table")


class RefusalError(Exception):
    """Why nothing can be written, and what to do about it."""

    def __init__(self, message: str, cure: str) -> None:
        """Both as a problem has them."""
        super().__init__(f"error: {message}\nhelp: {cure}")


@dataclass(frozen=True, slots=True)
class CodeDetails:
    """What is said of a code that no register describes yet; each may be empty."""

    text: str = ""
    name: str = ""
    register: str = ""
    """The file that is to describe it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Files that are to be written, in this order."""

    changed: Mapping[PurePosixPath, bytes]
    made: Mapping[PurePosixPath, bytes]
    """None of them is there."""


def new_code(manuscript: CheckedContent, number: int, added: CodeDetails) -> Draft:
    """The article of a code, and the register with the code in it where none describes it.

    Raises `RefusalError` where the article is there, or it is not clear what the code is.
    """
    path = article_path(number)
    _refuse_taken(path, manuscript.folder)
    if number in manuscript.book.codes:
        if added != CodeDetails():
            raise RefusalError(
                f"code {number} is described already", "leave out --text, --name and --register"
            )
        return Draft({}, {path: _started(manuscript.book, number)})
    described = _described(manuscript, number, added)
    book = manuscript.with_files(described).book
    if number not in book.codes:
        raise RefusalError(
            f'"{added.text}" cannot stand behind a number in a register',
            "say it in a sentence or two, without a sign of Markdown at its beginning",
        )
    return Draft(described, {path: _started(book, number)})


def new_page(manuscript: CheckedContent, kind: str, name: str, today: date) -> Draft:
    """A guide or a table.

    Raises `RefusalError` where it is neither, where the name is not to be used, or is taken.
    """
    if kind not in KINDS:
        raise RefusalError(
            f'"{kind}" is nothing that can be begun', f"{did_you_mean(kind, KINDS)} or give a code"
        )
    if fault := name_fault(name):
        raise RefusalError(*fault)
    book = manuscript.book
    texts = guide(book, name) if kind == "guide" else table(book, name, today)
    for path in texts:
        _refuse_taken(path, manuscript.folder)
    return Draft({}, {path: text.encode() for path, text in texts.items()})


def _started(book: Book, number: int) -> bytes:
    return article(book, book.codes[number]).encode()


def _refuse_taken(path: PurePosixPath, folder: Folder) -> None:
    """Refuse a path that is there, under whatever spelling other systems take for the same."""
    for taken in (*folder.files, *folder.symlinks):
        if taken.as_posix().casefold() == path.as_posix().casefold():
            raise RefusalError(f"{folder.show(taken)} is there already", "go on with that one")


def _described(
    manuscript: CheckedContent, number: int, added: CodeDetails
) -> Mapping[PurePosixPath, bytes]:
    """A register with the code in it."""
    register = _register(manuscript, number, added)
    folder = manuscript.folder
    title = f"{number} {added.name}".rstrip()
    data = folder.files[register.path].decode()
    source = manuscript.sources[folder.show(register.path)]
    return {register.path: with_entry(data, source, register, title, added.text).encode()}


def _register(manuscript: CheckedContent, number: int, added: CodeDetails) -> Register:
    """The register that is to describe the code."""
    registers = manuscript.documents.registers
    if manuscript.documents.may_describe(number):
        raise RefusalError(
            "the registers cannot be read as they are", "check the book, and mend them first"
        )
    able = [each for each in registers if any(number in one for one in each.classes)]
    if not able:
        ranges = sorted({(one.low, one.high) for each in registers for one in each.classes})
        known = ", ".join(f"{low}–{high}" for low, high in ranges)
        raise RefusalError(
            f"code {number} is in no class of the registers",
            f"the classes are {known}; announce another one in a register if it belongs to none",
        )
    wanted = PurePosixPath(added.register).name
    chosen = [each for each in able if each.path.name == wanted] if wanted else able
    if not chosen:
        raise RefusalError(
            f'there is no register "{wanted}" with a class for code {number}',
            did_you_mean(wanted, [each.path.name for each in able]),
        )
    if len(chosen) > 1 or not added.text:
        text = "…" if added.text else '--text "…"'
        names = " or ".join(each.path.name for each in chosen)
        where = f" --register FILE, where FILE is {names}" if len(chosen) > 1 else ""
        raise RefusalError(
            f"no register describes code {number}",
            f"say what it means, and it gets its place: new {number} {text}{where}",
        )
    return chosen[0]
