"""Decides which files to write for a new document, or why it can't be created."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath

from msgspec import Struct

from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.entries import with_entry
from codebook.authoring.new.article import article
from codebook.authoring.new.pages import guide, name_error, table
from codebook.authoring.refusal import RefusalError
from codebook.book.documents import Register
from codebook.book.layout import article_path, is_register
from codebook.diagnostics.diagnostic import did_you_mean
from codebook.diagnostics.source import Folder, Source

KINDS = ("guide", "table")


class CodeDetails(Struct, frozen=True):
    """The details of a code that isn't in a register; each can be empty."""

    text: str = ""
    name: str = ""
    register: str = ""
    """The register to add it to."""


class Draft(Struct, frozen=True):
    """The files to write, in this order."""

    changed: Mapping[PurePosixPath, bytes]
    created: Mapping[PurePosixPath, bytes]
    """Files that don't exist yet."""


def new_code(content: CheckedContent, number: int, details: CodeDetails) -> Draft:
    """The article of a code; also the register with a new entry if no register has the code.

    Raises `RefusalError` if the book has no register, if the article exists, or if details of the
    code are missing or wrong.
    """
    _refuse_without_register(content.folder)
    path = article_path(number)
    _refuse_existing(path, content.folder)
    if number in content.book.codes:
        if details != CodeDetails():
            raise RefusalError(
                f"code {number} is already in a register", "remove --text, --name, and --register"
            )
        return Draft({}, {path: _article(content, number)})
    changed = _register_with_code(content, number, details)
    content = content.with_files(changed)
    if number not in content.book.codes:
        raise RefusalError(
            f'the text "{details.text}" is not valid in a register',
            "write a sentence or two that does not begin with Markdown syntax",
        )
    return Draft(changed, {path: _article(content, number)})


def new_page(content: CheckedContent, kind: str, name: str, today: date) -> Draft:
    """A guide or a table.

    Raises `RefusalError` if `kind` is unknown, if the book has no register, or if the name is
    invalid or in use.
    """
    if kind not in KINDS:
        raise RefusalError(
            f'unknown kind of document "{kind}"',
            f"{did_you_mean(kind, KINDS)} (for an article, specify only its code)",
        )
    _refuse_without_register(content.folder)
    if error := name_error(name):
        raise RefusalError(*error)
    book = content.book
    texts = guide(book, name) if kind == "guide" else table(book, name, today)
    for path in texts:
        _refuse_existing(path, content.folder)
    return Draft({}, {path: text.encode() for path, text in texts.items()})


def _article(content: CheckedContent, number: int) -> bytes:
    return article(content.book, content.site, content.book.codes[number]).encode()


def _refuse_without_register(folder: Folder) -> None:
    if not any(is_register(path) for path in folder.files):
        raise RefusalError(
            "the book has no register, the file that lists its codes",
            "in an empty folder, run init, which creates one; otherwise, add one like the example "
            "that this command prints: explain missing-register",
        )


def _refuse_existing(path: PurePosixPath, folder: Folder) -> None:
    """Refuse a path that exists, or that differs from an existing one only in case."""
    for existing in (*folder.files, *folder.symlinks):
        if existing.as_posix().casefold() == path.as_posix().casefold():
            raise RefusalError(f"{folder.show(existing)} already exists", "edit the existing file")


def _register_with_code(
    content: CheckedContent, number: int, details: CodeDetails
) -> Mapping[PurePosixPath, bytes]:
    """The register with an entry for the code."""
    register = _register(content, number, details)
    folder = content.folder
    title = f"{number} {details.name}".rstrip()
    data = folder.files[register.path].decode()
    source = Source.of(register.path, folder.show(register.path), data.removeprefix("\ufeff"))
    return {register.path: with_entry(data, source, register, title, details.text).encode()}


def _register(content: CheckedContent, number: int, details: CodeDetails) -> Register:
    """The register to add the code to."""
    registers = content.documents.registers
    if content.documents.may_describe(number):
        raise RefusalError("the registers contain errors", "run check, and fix these errors first")
    suitable = [
        register
        for register in registers
        if any(number in code_class for code_class in register.classes)
    ]
    if not suitable:
        classes = {(known.low, known.high) for register in registers for known in register.classes}
        ranges = ", ".join(f"{low}–{high}" for low, high in sorted(classes))
        raise RefusalError(
            f"no register has a class for code {number}",
            f"use a code in {ranges}, or add a class to a register"
            if ranges
            else "add a class to a register",
        )
    name = PurePosixPath(details.register).name
    chosen = [register for register in suitable if register.path.name == name or not name]
    if not chosen:
        raise RefusalError(
            f'no register "{name}" has a class for code {number}',
            did_you_mean(name, [register.path.name for register in suitable]),
        )
    if len(chosen) > 1 or not details.text:
        text = "…" if details.text else '--text "…"'
        names = " or ".join(register.path.name for register in chosen)
        option = f" --register FILE, where FILE is {names}" if len(chosen) > 1 else ""
        raise RefusalError(
            f"code {number} is not in a register",
            f"to add it, describe its meaning: new {number} {text}{option}",
        )
    return chosen[0]
