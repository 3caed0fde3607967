"""The first week of an editor: whatever goes wrong is said once, in its place, and can be mended.

`cases/first-week/` holds a book that is right, and in faults.toml what an editor does to it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.diagnostic import Diagnostic
from codebook.diagnostics.source import Folder
from codebook.io import read_folder

CASES = Path(__file__).resolve().parent / "cases" / "first-week"
BOOK = read_folder(CASES / "content", "content")

Files = Mapping[PurePosixPath, bytes]


@dataclass(frozen=True)
class Edit:
    """Words of a file, and what takes their place; `moved` is the new name of the file, if any."""

    file: str
    old: str = ""
    new: str = ""
    moved: str = ""
    charset: str = "utf-8"

    def of(self, files: Files, charset: str = "utf-8") -> Files:
        """The files after the edit; `charset` is the one that the file has before."""
        text = files[PurePosixPath(self.file)].decode(charset)
        assert not self.old or text.count(self.old) == 1
        edited = text.replace(self.old, self.new) if self.old else text
        others = {path: data for path, data in files.items() if path.as_posix() != self.file}
        made = {**others, PurePosixPath(self.moved or self.file): edited.encode(self.charset)}
        return dict(sorted(made.items()))


@dataclass(frozen=True)
class Fault:
    """An edit that breaks the book, all that is said of it, and the edit that mends it."""

    name: str
    rule: str
    place: str
    message: str
    help: str
    made: Edit
    cure: Edit


def faults() -> list[Fault]:
    """Every fault, in the order of the file."""
    text = (CASES / "faults.toml").read_text(encoding="utf-8")
    return [
        Fault(**{**each, "made": Edit(**each["made"]), "cure": Edit(**each["cure"])})
        for each in tomllib.loads(text)["fault"]
    ]


EACH = pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.name)


def build(files: Files, templates: Folder) -> BuildResult:
    """The site of these files."""
    return build_site(Folder("content", files), templates, "site", "")


def place(diagnostic: Diagnostic) -> str:
    """Where a problem is: path:line:column+length."""
    span = diagnostic.span
    path = span.path.removeprefix("content/")
    return f"{path}:{span.line}:{span.column}+{span.length}"


def test_the_book_is_right_before_anybody_edits_it(templates: Folder) -> None:
    """What the faults are made in has none."""
    outcome = build(BOOK.files, templates)
    assert outcome.files
    assert outcome.diagnostics == ()


@EACH
def test_a_fault_is_said_once_and_where_it_is(fault: Fault, templates: Folder) -> None:
    """One mistake is one problem, at its very characters, and the help says what to do."""
    outcome = build(fault.made.of(BOOK.files), templates)
    found = [
        (each.rule.value, place(each), each.message, each.help) for each in outcome.diagnostics
    ]
    assert found == [(fault.rule, fault.place, fault.message, fault.help)]


@EACH
def test_whoever_does_what_the_help_says_has_a_book_again(fault: Fault, templates: Folder) -> None:
    """The cure is the help, followed to the letter; nothing is wrong after it."""
    broken = fault.made.of(BOOK.files)
    outcome = build(fault.cure.of(broken, fault.made.charset), templates)
    assert outcome.diagnostics == ()
    assert outcome.files


@pytest.mark.parametrize("name", ["codes/11.md", "signals.md", "tables/flags.csv", "facts.toml"])
@pytest.mark.parametrize("habit", ["byte order mark", "CRLF", "CR", "blanks at the ends of lines"])
def test_what_an_editor_program_does_by_itself_is_no_fault(
    name: str, habit: str, templates: Folder
) -> None:
    """Line ends and marks that nobody chose make the very same site."""
    path = PurePosixPath(name)
    data = BOOK.files[path]
    habits = {
        "byte order mark": b"\xef\xbb\xbf" + data,
        "CRLF": data.replace(b"\n", b"\r\n"),
        "CR": data.replace(b"\n", b"\r"),
        "blanks at the ends of lines": data.replace(b"\n\n", b"  \n\n"),
    }
    outcome = build({**BOOK.files, path: habits[habit]}, templates)
    assert outcome.diagnostics == ()
    assert outcome.files == build(BOOK.files, templates).files


def test_a_text_may_be_indented_by_a_tab(templates: Folder) -> None:
    """A tab is as good as the two blanks below a code."""
    edit = Edit("signals.md", "  The harbour is closed.", "\tThe harbour is closed.")
    outcome = build(edit.of(BOOK.files), templates)
    assert outcome.diagnostics == ()
    assert outcome.files == build(BOOK.files, templates).files
