"""Read and write the cases of the diagnostics: small books with one error, in Markdown.

`diagnostics/cases/RULE.md` has the cases of a rule, each below a heading:

    With    a file that the error needs
    Bad     a file with the error
    Report  the whole report; `UPDATE_GOLDEN=1` rewrites it
    Good    a file after following the help

Every case starts from the book in `diagnostics/base-book.md`. Its files are whole, or `changed`:
then a diff replaces lines of the file before. `⟨U+202E⟩` is a character that an editor doesn't
show, and `⟨0xFF⟩` a byte.

The first case of a rule is the example in `codebook/diagnostics/rules.md`, which the program
prints; only its report is in the file of the rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.explain import Example, parse_explanations
from codebook.diagnostics.source import Folder
from tests.trees import write_tree

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "diagnostics" / "cases"
BASE_BOOK = ROOT / "tests" / "diagnostics" / "base-book.md"
RULES = ROOT / "codebook" / "diagnostics" / "rules.md"
FIRST_TITLE = "The example of the explanation"

_PART = re.compile(
    r"^## (?P<heading>.+)\n"
    r"|^(?P<title>With|Bad|Good): `(?P<path>.+?)`(?:, (?P<kind>.+))?\n"
    r"(?:\n````(?:text|diff)\n(?P<text>(?:.*\n)*?)````\n)?"
    r"|^Report:\n\n````text\n(?P<report>(?:.*\n)*?)````\n",
    re.MULTILINE,
)
_ESCAPE = re.compile(r"⟨(U\+|0x)([0-9A-F]+)⟩")
_REPEATED = re.compile(r"with line ([0-9]+) repeated ([0-9,]+) times")


class Case(Struct, frozen=True):
    """A book with one error, its report, and the book without the error."""

    rule: str
    title: str
    bad: tuple[Example, ...] = ()
    report: str = ""
    good: tuple[Example, ...] = ()

    @property
    def name(self) -> str:
        """The case in the output of a test."""
        return f"{self.rule}: {self.title}"

    @property
    def is_first(self) -> bool:
        """Whether the files are in the explanation of the rule."""
        return self.title == FIRST_TITLE


class Tree(Struct, frozen=True):
    """The files and symbolic links of a book and its templates, by their path in a repository."""

    files: Mapping[str, bytes]
    links: Mapping[str, str]

    def folder(self, name: str) -> Folder:
        """One folder of the tree, as it is read from a disk."""
        below = {
            PurePosixPath(path).relative_to(name): data
            for path, data in sorted(self.files.items())
            if path.startswith(f"{name}/")
        }
        links = (PurePosixPath(path) for path in self.links if path.startswith(f"{name}/"))
        return Folder(name, below, tuple(path.relative_to(name) for path in links))

    def write(self, root: Path) -> None:
        """Write the files and symbolic links to a disk."""
        write_tree(root, self.files)
        for path, target in self.links.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).symlink_to(target)


def read_cases() -> list[Case]:
    """Return all cases, in the order of the rules and of their files."""
    firsts = {it.rule: it.examples for it in parse_explanations(RULES.read_text(encoding="utf-8"))}
    return [
        replace(
            case,
            bad=tuple(it for it in firsts[Rule(case.rule)] if it.title == "Bad"),
            good=tuple(it for it in firsts[Rule(case.rule)] if it.title == "Good"),
        )
        if case.is_first
        else case
        for rule in Rule
        for case in _cases_of(rule)
    ]


def _cases_of(rule: Rule) -> tuple[Case, ...]:
    """Return the cases in the file of a rule; a new rule has only its example."""
    path = CASES / f"{rule}.md"
    if not path.exists():
        return (Case(rule.value, FIRST_TITLE),)
    return tuple(parse_cases(rule.value, path.read_text(encoding="utf-8")))


def parse_cases(rule: str, text: str) -> Iterator[Case]:
    """Parse the file of a rule."""
    case: Case | None = None
    for part in _PART.finditer(text):
        if part["heading"]:
            if case:
                yield case
            case = Case(rule, part["heading"])
            continue
        assert case, f"{rule}.md begins without a heading"
        if part["report"] is not None:
            # Every report ends with an empty line.
            case = replace(case, report=part["report"] and f"{part['report']}\n")
            continue
        example = Example(part["title"], part["path"], part["kind"] or "", part["text"] or "")
        if example.title == "Good":
            case = replace(case, good=(*case.good, example))
        else:
            case = replace(case, bad=(*case.bad, example))
    if case:
        yield case


def format_cases(rule: str, cases: Iterable[Case]) -> str:
    """Return the text of the file of a rule."""
    parts = [f"# {rule}\n"]
    for case in cases:
        parts.append(f"## {case.title}\n")
        parts += [] if case.is_first else map(_format_file, case.bad)
        parts.append(f"Report:\n\n````text\n{case.report[:-1]}````\n")
        parts += [] if case.is_first else map(_format_file, case.good)
    return "\n".join(parts)


def _format_file(it: Example) -> str:
    line = f"{it.title}: `{it.path}`{it.kind and ', '}{it.kind}\n"
    language = "diff" if it.kind == "changed" else "text"
    return line if it.kind == "deleted" else f"{line}\n````{language}\n{it.text}````\n"


def base_book() -> Tree:
    """Return the book that every case starts from."""
    (case,) = parse_cases("", BASE_BOOK.read_text(encoding="utf-8"))
    return with_files(Tree({}, {}), case.bad)


def broken_book(case: Case) -> Tree:
    """Return the book of a case with its error."""
    return with_files(base_book(), case.bad)


def fixed_book(case: Case) -> Tree:
    """Return the book of a case without its error."""
    return with_files(base_book() if case.is_first else broken_book(case), case.good)


def with_files(tree: Tree, examples: Iterable[Example]) -> Tree:
    """Return the tree with files added, changed, or deleted."""
    files, links = dict(tree.files), dict(tree.links)
    for it in examples:
        before = files.get(it.path, b"")
        below = [path for path in files if path == it.path or path.startswith(f"{it.path}/")]
        if it.kind in {"deleted", "a symbolic link"}:
            assert below or it.kind != "deleted" or it.path in links, it.path
            for path in below:
                del files[path]
        links.pop(it.path, None)
        if it.kind == "a symbolic link":
            links[it.path] = it.text.removeprefix("-> ").removesuffix("\n")
        elif it.kind != "deleted":
            files[it.path] = _content(it, before)
    return Tree(files, links)


def _content(it: Example, before: bytes) -> bytes:
    if it.kind == "changed":
        return encode(_changed(it, decode(before)))
    if it.kind == "saved in Latin-1":
        return it.text.encode("latin-1")
    if match := _REPEATED.fullmatch(it.kind):
        lines = it.text.splitlines(keepends=True)
        lines[int(match[1]) - 1] *= int(match[2].replace(",", ""))
        return "".join(lines).encode()
    assert not it.kind, f"unknown kind of file: {it.kind}"
    return encode(it.text)


def _changed(it: Example, text: str) -> str:
    """Replace the old lines of every hunk, which must occur exactly once, by the new ones."""
    text = f"\n{text}"
    for hunk in it.text.split("@@\n"):
        lines = [(line[:1] or " ", line[1:]) for line in hunk.splitlines()]
        assert {sign for sign, _ in lines} <= {" ", "-", "+"}, f"{it.path}: {hunk}"
        old = "".join(f"\n{line}" for sign, line in lines if sign in " -") + "\n"
        new = "".join(f"\n{line}" for sign, line in lines if sign in " +") + "\n"
        assert text.count(old) == 1, f"{it.path} doesn't contain exactly once: {old}"
        text = text.replace(old, new)
    return text.removeprefix("\n")


def encode(text: str) -> bytes:
    """Return the bytes of a text with escapes."""
    parts = _ESCAPE.split(text)
    data = parts[0].encode()
    for kind, digits, after in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        number = int(digits, 16)
        data += (bytes([number]) if kind == "0x" else chr(number).encode()) + after.encode()
    return data


def decode(data: bytes) -> str:
    """Return the text of bytes, with escapes for what an editor doesn't show or would remove."""
    text = data.decode("utf-8", "surrogateescape")
    return "".join(map(_escaped, text, f"{text[1:]}\n"))


def _escaped(char: str, after: str) -> str:
    if "\udc80" <= char <= "\udcff":
        return f"⟨0x{ord(char) - 0xDC00:02X}⟩"
    hidden = not char.isprintable() and char != "\n"
    return f"⟨U+{ord(char):04X}⟩" if hidden or (char == " " and after == "\n") else char
