"""What is asked for, as files that are to be written; or why there can be none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.entries import with_entry
from codebook.authoring.new.article import article
from codebook.authoring.new.pages import guide, name_error, table
from codebook.book.documents import Register
from codebook.book.layout import article_path
from codebook.diagnostics.diagnostic import did_you_mean
from codebook.diagnostics.source import Folder

KINDS = ("guide", "table")


class RefusalError(Exception):
    """Why nothing can be written, and what to do about it."""

    def __init__(self, message: str, help_text: str) -> None:
        """Both as a diagnostic has them."""
        super().__init__(f"error: {message}\nhelp: {help_text}")


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
    created: Mapping[PurePosixPath, bytes]
    """None of them exists."""


def new_code(content: CheckedContent, number: int, details: CodeDetails) -> Draft:
    """The article of a code, and the register with the code in it where none describes it.

    Raises `RefusalError` where the article is there, or it is not clear what the code is.
    """
    path = article_path(number)
    _refuse_taken(path, content.folder)
    if number in content.book.codes:
        if details != CodeDetails():
            raise RefusalError(
                f"code {number} is described already", "leave out --text, --name and --register"
            )
        return Draft({}, {path: _article(content, number)})
    described = _described(content, number, details)
    content = content.with_files(described)
    if number not in content.book.codes:
        raise RefusalError(
            f'"{details.text}" cannot stand behind a number in a register',
            "say it in a sentence or two, without a sign of Markdown at its beginning",
        )
    return Draft(described, {path: _article(content, number)})


def new_page(content: CheckedContent, kind: str, name: str, today: date) -> Draft:
    """A guide or a table.

    Raises `RefusalError` where it is neither, where the name is not to be used, or is taken.
    """
    if kind not in KINDS:
        raise RefusalError(
            f'"{kind}" is nothing that can be begun', f"{did_you_mean(kind, KINDS)} or give a code"
        )
    if error := name_error(name):
        raise RefusalError(*error)
    book = content.book
    texts = guide(book, name) if kind == "guide" else table(book, name, today)
    for path in texts:
        _refuse_taken(path, content.folder)
    return Draft({}, {path: text.encode() for path, text in texts.items()})


def _article(content: CheckedContent, number: int) -> bytes:
    return article(content.book, content.site, content.book.codes[number]).encode()


def _refuse_taken(path: PurePosixPath, folder: Folder) -> None:
    """Refuse a path that exists, under any spelling that other systems take for the same."""
    for taken in (*folder.files, *folder.symlinks):
        if taken.as_posix().casefold() == path.as_posix().casefold():
            raise RefusalError(f"{folder.show(taken)} is there already", "go on with that one")


def _described(
    content: CheckedContent, number: int, details: CodeDetails
) -> Mapping[PurePosixPath, bytes]:
    """A register with the code in it."""
    register = _register(content, number, details)
    folder = content.folder
    title = f"{number} {details.name}".rstrip()
    data = folder.files[register.path].decode()
    source = content.sources[folder.show(register.path)]
    return {register.path: with_entry(data, source, register, title, details.text).encode()}


def _register(content: CheckedContent, number: int, details: CodeDetails) -> Register:
    """The register that is to describe the code."""
    registers = content.documents.registers
    if content.documents.may_describe(number):
        raise RefusalError(
            "the registers cannot be read as they are", "check the book, and mend them first"
        )
    suitable = [
        register
        for register in registers
        if any(number in code_class for code_class in register.classes)
    ]
    if not suitable:
        classes = {(known.low, known.high) for register in registers for known in register.classes}
        ranges = ", ".join(f"{low}–{high}" for low, high in sorted(classes))
        raise RefusalError(
            f"code {number} is in no class of the registers",
            f"the classes are {ranges}; announce another one in a register if it belongs to none",
        )
    name = PurePosixPath(details.register).name
    chosen = [register for register in suitable if register.path.name == name or not name]
    if not chosen:
        raise RefusalError(
            f'there is no register "{name}" with a class for code {number}',
            did_you_mean(name, [register.path.name for register in suitable]),
        )
    if len(chosen) > 1 or not details.text:
        text = "…" if details.text else '--text "…"'
        names = " or ".join(register.path.name for register in chosen)
        option = f" --register FILE, where FILE is {names}" if len(chosen) > 1 else ""
        raise RefusalError(
            f"no register describes code {number}",
            f"say what it means, and it gets its place: new {number} {text}{option}",
        )
    return chosen[0]
