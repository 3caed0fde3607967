"""Parse the list of classes at the start of a register."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from msgspec import Struct

from codebook.book.documents import CodeClass
from codebook.book.layout import NUMBER
from codebook.book.parse.body import unexpected, unexpected_markup
from codebook.book.parse.numbers import CODE_SYNTAX, has_digit, intended_number
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source
from codebook.syntax import markdown
from codebook.syntax.markdown import Block

_CLASS = re.compile(
    rf"(?P<name>.*\S)\s*\((?P<low>{NUMBER.pattern})\s*[–-]\s*(?P<high>{NUMBER.pattern})\)"
)
_RANGE = re.compile(
    r"(?<![\w.,])(?P<low>\w*\d\w*)\s*(?:\.{2,}|[-\u2010-\u2015\u2212~/]+|\bto\b)\s*"
    r"(?P<high>\w*\d\w*)(?!\w|[.,]\d)"
    r"|[(\[]\s*(?P<only>\w*\d\w*)\s*[)\]]"
)
"""A range in any notation, such as 10 to 19, 10..19, or (11)."""
_THOUSANDS = re.compile(r"(?<=\d)[,.' ](?=\d{3}(?!\d))")


class ClassList(Struct, frozen=True):
    """The list of classes, as far as it's valid."""

    lines: tuple[CodeClass | str, ...]
    """A class, or only its name if the line has an error. Its section isn't reported again."""
    is_list: bool
    """Whether there is a list. Without one, sections without a class aren't reported."""

    @property
    def classes(self) -> tuple[CodeClass, ...]:
        """The valid classes."""
        return tuple(line for line in self.lines if isinstance(line, CodeClass))

    @property
    def has_unclear_lines(self) -> bool:
        """Whether a line has an error."""
        return len(self.classes) < len(self.lines)


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
        return Parsed(ClassList((), is_list=False), (*diagnostics, diagnostic))
    lines: list[CodeClass | str] = []
    for block in lists:
        if block.kind == "bullet_list":
            message = "the list of classes is not numbered"
            help_text = "start its lines with 1., 2., 3., and so on"
            span = source.whole(block.first)
            diagnostics.append(Diagnostic(Rule.INVALID_CLASS, span, message, help=help_text))
        for item in block.children:
            code_class = _code_class(item, source)
            diagnostics += code_class.diagnostics
            lines.append(code_class.value)
    class_list = ClassList(tuple(lines), is_list=True)
    return Parsed(class_list, (*diagnostics, *_conflicts(class_list.classes)))


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
        name, help_text = _name_and_help(text)
        diagnostic = Diagnostic(
            Rule.INVALID_CLASS, span, "this class has no valid range", help=help_text
        )
        return Parsed(name, (*diagnostics, diagnostic))
    diagnostics += unexpected_markup(first, source, "the name of a class")
    code_class = CodeClass(match["name"], int(match["low"]), int(match["high"]), span)
    if code_class.low > code_class.high:
        diagnostic = Diagnostic(
            Rule.INVALID_CLASS,
            source.find(match["low"], item.first, item.first),
            f"the first code of the class, {code_class.low}, is greater than the last, "
            f"{code_class.high}",
            help=f"write {code_class.high}–{code_class.low}, or correct one of the codes",
        )
        return Parsed(code_class.name, (*diagnostics, diagnostic))
    return Parsed(code_class, tuple(diagnostics))


def _name_and_help(text: str) -> tuple[str, str]:
    """The name of a class without a valid range, and the help."""
    text = _THOUSANDS.sub("", unicodedata.normalize("NFKC", text))
    match = _RANGE.search(text)
    name = text.partition("(")[0].strip()
    if match is None:
        is_number = has_digit(text.removeprefix(name))
        return name, (
            f"write the first and last code of the class, each {CODE_SYNTAX}"
            if is_number
            else "add the range in parentheses after the name: Name (1000–1999)"
        )
    around = f"{text[: match.start()]} {text[match.end() :]}"
    name = " ".join(re.sub(r"[()\[\]]", " ", around).split()).strip(" .,:;")
    low = intended_number(_with_digit("0", match["low"] or match["only"]))
    high = intended_number(_with_digit("9", match["high"] or match["only"]))
    if low is None or high is None or _RANGE.search(name):
        return name, f"write the first and last code of the class, each {CODE_SYNTAX}"
    written = f"{name or 'Name'} ({low}–{high})"
    if low == high:
        return name, f"if {low} is the only code of the class, write {written}"
    return name, f"write the name, and then the first and last code: {written}"


def _with_digit(digit: str, text: str) -> str:
    """The text with this digit for each x of the label of a class, such as 4xx."""
    return text.replace("x", digit) if re.fullmatch(r"[1-9][0-9]*x+", text) else text


def _conflicts(classes: Sequence[CodeClass]) -> Iterator[Diagnostic]:
    """Report each class whose range overlaps an earlier one, or that has the same name, once."""
    for index, code_class in enumerate(classes):
        for other in classes[:index]:
            note = Note("the other class is listed here", other.span)
            if code_class.low <= other.high and other.low <= code_class.high:
                yield Diagnostic(
                    Rule.OVERLAPPING_CLASS,
                    code_class.span,
                    f'{code_class.low}–{code_class.high} overlaps the range of "{other.name}"',
                    note=note,
                    help="correct one of the ranges",
                )
                break
            if code_class.name.casefold() == other.name.casefold():
                yield Diagnostic(
                    Rule.INVALID_CLASS,
                    code_class.span,
                    f'two classes are named "{code_class.name}"',
                    note=note,
                    help="rename one of them",
                )
                break
