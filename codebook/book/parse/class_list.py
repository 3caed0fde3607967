"""Parse the list of classes at the start of a register."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codebook.book.documents import CodeClass
from codebook.book.parse.body import unexpected, unexpected_markup
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source
from codebook.syntax import markdown
from codebook.syntax.markdown import Block

_CLASS = re.compile(r"(?P<name>.*\S)\s*\((?P<low>[0-9]{1,9})\s*[–-]\s*(?P<high>[0-9]{1,9})\)")


@dataclass(frozen=True, slots=True)
class ClassList:
    """The list of classes, as far as it's valid."""

    classes: tuple[CodeClass, ...]
    unclear: tuple[str, ...]
    """The names of classes with errors. Their sections aren't reported again."""
    is_list: bool
    """Whether there is a list. Without one, sections without a class aren't reported."""


def parse_class_list(
    blocks: Sequence[Block], headings: Sequence[Block], source: Source
) -> Parsed[ClassList]:
    """Parse the list of classes in `blocks`, between the title and the other `headings`."""
    lists = [block for block in blocks if block.kind == "ordered_list"]
    lists = lists or [block for block in blocks if block.kind == "bullet_list"][:1]
    diagnostics = [
        unexpected(block, source, "move it to index.md or to a guide")
        for block in blocks
        if block not in lists
    ]
    if not lists:
        following = [*blocks, *headings]
        end = len("\n".join(source.lines).rstrip().split("\n"))
        span = source.whole(following[0].first if following else end)
        message = "the list of classes is missing"
        help_text = "add one line per class below the title: 1. Name (1000–1999)"
        diagnostic = Diagnostic(Rule.INVALID_CLASS, span, message, help=help_text)
        return Parsed(ClassList((), (), is_list=False), (*diagnostics, diagnostic))
    classes: list[CodeClass] = []
    unclear: list[str] = []
    for block in lists:
        if block.kind == "bullet_list":
            message = "the list of classes is not numbered"
            help_text = "start its lines with 1., 2., 3., and so on"
            span = source.whole(block.first)
            diagnostics.append(Diagnostic(Rule.INVALID_CLASS, span, message, help=help_text))
        for item in block.children:
            code_class = _code_class(item, source)
            diagnostics += code_class.diagnostics
            if isinstance(code_class.value, str):
                unclear.append(code_class.value)
            else:
                diagnostics += _conflicts(code_class.value, classes)
                classes.append(code_class.value)
    return Parsed(ClassList(tuple(classes), tuple(unclear), is_list=True), tuple(diagnostics))


def _code_class(item: Block, source: Source) -> Parsed[CodeClass | str]:
    """The class in a line of the list, or only its name if the line has an error."""
    span = source.whole(item.first)
    first = item.children[0] if item.children else None
    text = markdown.plain(first) if first and first.kind == "paragraph" else ""
    match = _CLASS.fullmatch(text)
    diagnostics = [
        unexpected(block, source, "move it out of the list: each class is a single line")
        for block in item.children[1:]
    ]
    if match is None or first is None:
        diagnostic = Diagnostic(
            Rule.INVALID_CLASS,
            span,
            "this class has no range",
            help="add the range in parentheses after the name: Name (1000–1999)",
        )
        return Parsed(text.partition("(")[0].strip(), (*diagnostics, diagnostic))
    diagnostics += unexpected_markup(first, source, "the name of a class")
    code_class = CodeClass(match["name"], int(match["low"]), int(match["high"]), span)
    if not _is_round(code_class):
        diagnostic = Diagnostic(
            Rule.INVALID_CLASS,
            source.find(match["low"], item.first, item.first),
            f"{code_class.low}–{code_class.high} is not a valid range of a class",
            help=_range_help(code_class),
        )
        return Parsed(code_class.name, (*diagnostics, diagnostic))
    return Parsed(code_class, tuple(diagnostics))


def _is_round(code_class: CodeClass) -> bool:
    size = code_class.size
    power_of_ten = str(size).rstrip("0") == "1" and size > 1
    return power_of_ten and code_class.low > 0 and code_class.low % size == 0


def _range_help(code_class: CodeClass) -> str:
    """The help for an invalid range."""
    size = 10 ** (len(str(code_class.low)) - 1)
    low = code_class.low // size * size
    rule = "the codes of a class start with the same digits"
    if size == 1:
        return f"use a range such as 1000–1999: {rule}"
    return f"write {low}–{low + size - 1}: {rule}"


def _conflicts(code_class: CodeClass, others: Sequence[CodeClass]) -> Iterator[Diagnostic]:
    for other in others:
        note = Note("the other class is listed here", other.span)
        if code_class.low <= other.high and other.low <= code_class.high:
            yield Diagnostic(
                Rule.OVERLAPPING_CLASS,
                code_class.span,
                f'{code_class.low}–{code_class.high} overlaps the range of "{other.name}"',
                note=note,
                help="correct one of the ranges",
            )
        elif code_class.name.casefold() == other.name.casefold():
            yield Diagnostic(
                Rule.INVALID_CLASS,
                code_class.span,
                f'two classes are named "{code_class.name}"',
                note=note,
                help="rename one of them",
            )
