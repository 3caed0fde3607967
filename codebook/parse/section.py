"""The classes that a register announces, its sections, and the entries in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from codebook import markdown
from codebook.markdown import Block
from codebook.parse.body import only_words, unexpected
from codebook.problems import Note, Parsed, Problem, Rule
from codebook.records import CodeClass, Entry, Section
from codebook.source import Source, Span

_CLASS = re.compile(r"(?P<name>.*\S)\s*\((?P<low>[0-9]{1,9})\s*[–-]\s*(?P<high>[0-9]{1,9})\)")
_HEADING = re.compile(r"(?:(?P<number>[0-9]+)\.\s*)?(?P<name>.+)")
_CODE = re.compile(r"(?P<number>[1-9][0-9]{0,8})(?:\s+(?P<name>.+))?")

_SHOWN = 40
"""Characters of a bullet that a message repeats."""
_NO_BLANK = re.compile(r"[-*+](?P<number>[1-9][0-9]{0,8})(?![0-9.,–-])")
"""How a code begins where the blank after the dash was forgotten."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """The list of classes, as far as it could be read."""

    classes: tuple[CodeClass, ...]
    unclear: tuple[str, ...]
    """The names of classes whose lines are wrong: their sections are not wrong as well."""
    is_list: bool
    """Whether there is a list at all; without one no section is blamed for having no class."""


def announcement(blocks: Sequence[Block], source: Source) -> Parsed[Announcement]:
    """The classes of the list that the blocks begin with."""
    if not blocks or blocks[0].kind not in {"ordered_list", "bullet_list"}:
        span = source.whole(blocks[0].first) if blocks else source.whole(len(source.lines))
        problem = Problem(
            Rule.INVALID_CLASS,
            span,
            "the list of classes is missing",
            help="below the title, add a line for each: 1. Name (100–199)",
        )
        return Parsed(Announcement((), (), is_list=False), (problem,))
    classes: list[CodeClass] = []
    unclear: list[str] = []
    problems: list[Problem] = []
    if blocks[0].kind == "bullet_list":
        span, cure = source.whole(blocks[0].first), "begin the lines with 1. 2. 3. and so on"
        message = "the list of classes has no numbers"
        problems.append(Problem(Rule.INVALID_CLASS, span, message, help=cure))
    for item in blocks[0].children:
        made = _code_class(item, source)
        problems += made.problems
        if isinstance(made.value, str):
            unclear.append(made.value)
            continue
        problems += _overlaps(made.value, classes)
        classes.append(made.value)
    return Parsed(Announcement(tuple(classes), tuple(unclear), is_list=True), tuple(problems))


def section(
    heading: Block, blocks: Sequence[Block], announced: Announcement, source: Source
) -> Parsed[tuple[tuple[Entry, ...], tuple[Section, ...]]]:
    """The entries below a heading, and the section they make.

    There is no section where no class is announced by that name.
    """
    problems = list(only_words(heading, source, "the name of a class"))
    entries: list[Entry] = []
    for block in blocks:
        if block.kind != "bullet_list":
            problems.append(unexpected(block, source, _instead(block)))
            continue
        for item in block.children:
            made = _entry(item, source)
            entries += made.value
            problems += made.problems
    span = source.whole(heading.first)
    found = _match(heading, announced, span)
    problems += found.problems
    slug = next(markdown.headings_of((heading,), source)).slug
    for code_class in found.value:
        problems += _misplaced(entries, code_class, announced.classes)
    return Parsed(
        (
            tuple(entries),
            tuple(Section(each, slug, tuple(entries), span) for each in found.value),
        ),
        tuple(problems),
    )


def _instead(block: Block) -> str:
    """What to do with a block that stands between the codes."""
    if block.kind == "code_block":
        return "indent it by two blanks, under the code that it belongs to"
    if block.kind != "paragraph":
        return "say it in a paragraph under the code, or in the code's article"
    swallowed = _NO_BLANK.match(markdown.plain(block))
    if swallowed:
        return f"put a blank after the dash: - {swallowed['number']}"
    return "indent it under the code that it belongs to, or begin it with `- NUMBER`"


def _code_class(item: Block, source: Source) -> Parsed[CodeClass | str]:
    """The class that a line announces, or the name on a line that announces none."""
    span = source.whole(item.first)
    first = item.children[0] if item.children else None
    words = markdown.plain(first) if first and first.kind == "paragraph" else ""
    match = _CLASS.fullmatch(words)
    problems = [
        unexpected(block, source, "keep one line for each class") for block in item.children[1:]
    ]
    if match is None or first is None:
        problem = Problem(
            Rule.INVALID_CLASS,
            span,
            "this line announces no class",
            help="write the name and the range: Name (100–199)",
        )
        return Parsed(words.partition("(")[0].strip(), (*problems, problem))
    problems += only_words(first, source, "the name of a class")
    made = CodeClass(match["name"], int(match["low"]), int(match["high"]), span)
    if not _is_round(made):
        problem = Problem(
            Rule.INVALID_CLASS,
            source.find(match["low"], item.first, item.first),
            f"{made.low}–{made.high} is not the range of a class",
            help="a class is all numbers that begin alike, such as 400–499 or 1000–1999",
        )
        return Parsed(made.name, (*problems, problem))
    return Parsed(made, tuple(problems))


def _is_round(code_class: CodeClass) -> bool:
    size = code_class.size
    power_of_ten = str(size).rstrip("0") == "1" and size > 1
    return power_of_ten and code_class.low > 0 and code_class.low % size == 0


def _overlaps(code_class: CodeClass, others: Sequence[CodeClass]) -> Iterator[Problem]:
    for other in others:
        if code_class.low <= other.high and other.low <= code_class.high:
            yield Problem(
                Rule.OVERLAPPING_CLASS,
                code_class.span,
                f"{code_class.low}–{code_class.high} belongs to another class already",
                note=Note("the other class", other.span),
                help="correct one of the ranges",
            )


def _match(heading: Block, announced: Announcement, span: Span) -> Parsed[tuple[CodeClass, ...]]:
    """The announced class that a heading names."""
    match = _HEADING.fullmatch(markdown.plain(heading))
    name = match["name"] if match else ""
    for place, code_class in enumerate(announced.classes, start=1):
        if code_class.name.casefold() == name.casefold():
            if match and match["number"] and int(match["number"]) != place:
                return Parsed((code_class,), (_misnumbered(code_class, place, span),))
            return Parsed((code_class,))
    unclear = name.casefold() in {each.casefold() for each in announced.unclear}
    if unclear or not announced.is_list:
        return Parsed(())
    near = get_close_matches(name, [each.name for each in announced.classes], n=1)
    line = f"{len(announced.classes) + 1}. {name} (LOW–HIGH)"
    problem = Problem(
        Rule.UNANNOUNCED_SECTION,
        span,
        f'no class "{name}" is announced in the list above',
        help=(f'did you mean "{near[0]}"? else ' if near else "")
        + f"add it to the list of classes: {line}",
    )
    return Parsed((), (problem,))


def _misnumbered(code_class: CodeClass, place: int, span: Span) -> Problem:
    return Problem(
        Rule.MISNUMBERED_SECTION,
        span,
        f'the class "{code_class.name}" is number {place} in the list above',
        note=Note("announced here", code_class.span),
        help=f"write: ## {place}. {code_class.name}",
    )


def _entry(item: Block, source: Source) -> Parsed[tuple[Entry, ...]]:
    """The entry that a bullet holds; none where it does not begin with a code."""
    paragraphs = [block for block in item.children if block.kind == "paragraph"]
    problems = [
        unexpected(block, source, "say it in a paragraph, or in the code's article")
        for block in item.children
        if block.kind != "paragraph"
    ]
    if not paragraphs or item.children[0].kind != "paragraph":
        problems.append(_invalid_code("this bullet has no code", source.whole(item.first)))
        return Parsed((), tuple(problems))
    first, rest = markdown.cut_at_break(paragraphs[0])
    words = markdown.plain(first)
    match = _CODE.fullmatch(words)
    if match is None:
        shown = words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
        span = source.find(words, item.first, item.last)
        problems.append(_invalid_code(f'"{shown}" is not a code', span, words))
        return Parsed((), tuple(problems))
    problems += _swallowed(paragraphs, source)
    problems += only_words(first, source, "the name of a code")
    span = source.find(match["number"], item.first, item.last)
    blocks = ([rest] if rest else []) + paragraphs[1:]
    text = markdown.text_of(blocks)
    if not text.plain:
        problems.append(_missing_text(match, span))
    name = match["name"] or ""
    return Parsed((Entry(int(match["number"]), name, text, span),), tuple(problems))


def _swallowed(paragraphs: Sequence[Block], source: Source) -> Iterator[Problem]:
    """Lines of a text that would be codes of their own with a blank after the dash."""
    for block in paragraphs:
        for line in range(block.first + 1, block.last + 1):
            match = _NO_BLANK.match(source.lines[line - 1].strip())
            if match:
                yield Problem(
                    Rule.INVALID_CODE,
                    source.whole(line),
                    "this line looks like a code, and is read as words of the one above",
                    help=f"put a blank after the dash: - {match['number']}",
                )


def _invalid_code(message: str, span: Span, words: str = "") -> Problem:
    number = words.lstrip("0")
    cure = "begin the bullet with a number, then its name if you like, then a new line"
    if number != words and _CODE.fullmatch(number):
        cure = f"write it without the nought in front: {number}"
    return Problem(Rule.INVALID_CODE, span, message, help=cure)


def _missing_text(match: re.Match[str], span: Span) -> Problem:
    cure = "put the text on a line of its own below the number"
    return Problem(
        Rule.MISSING_TEXT,
        span,
        f"code {match['number']} has no text",
        help=cure if match["name"] else "say below the number what it means",
    )


def _misplaced(
    entries: Sequence[Entry], code_class: CodeClass, classes: Sequence[CodeClass]
) -> Iterator[Problem]:
    for each in entries:
        if each.number not in code_class:
            home = next((other for other in classes if each.number in other), None)
            yield Problem(
                Rule.MISPLACED_CODE,
                each.span,
                f"code {each.number} is not in {code_class.low}–{code_class.high}, "
                f'the range of "{code_class.name}"',
                help=f'move it to the section "{home.name}", or correct the number'
                if home
                else "correct the number, or announce a class for it",
            )
