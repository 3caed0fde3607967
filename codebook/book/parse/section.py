"""The section of a register that describes the codes of one class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from codebook.book.documents import CodeClass, Entry, Section
from codebook.book.parse.body import only_words, unexpected
from codebook.book.parse.class_list import Announcement
from codebook.book.parse.entry import NO_BLANK, entry, named_number, nested_numbers
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax import markdown
from codebook.syntax.markdown import Block

_HEADING = re.compile(r"(?:(?P<number>[0-9]+)\.\s*)?(?P<name>.+)")


_NEAR = 0.85
"""How alike two names of classes must be: those of one register often end in the same word."""


@dataclass(frozen=True, slots=True)
class Described:
    """What stands below a heading."""

    section: Section | None
    """Nothing where no class is announced by the heading's name."""
    unplaced: frozenset[int]
    """Codes that are named here and have no place in a section."""
    meant: tuple[range, ...] = ()
    """The numbers that would be right where one is wrong."""


def section(
    heading: Block, blocks: Sequence[Block], announced: Announcement, source: Source
) -> Parsed[Described]:
    """The codes below a heading."""
    diagnostics = list(only_words(heading, source, "the name of a class"))
    entries: list[Entry] = []
    faulty: set[int | None] = set()
    is_lost = False
    for block in blocks:
        if is_lost and block.kind == "paragraph" and named_number(block) is None:
            # It follows from the bullet above it, which is wrong.
            continue
        if block.kind != "bullet_list":
            if _is_text_of(block, entries):
                # One mistake: the text is there, and not where it belongs.
                diagnostics = [each for each in diagnostics if each.span != entries[-1].span]
                diagnostics.append(_not_indented(block, entries[-1], source))
                continue
            diagnostics.append(_misplaced_block(block, source))
            faulty.add(named_number(block))
            continue
        for item in block.children:
            made = entry(item, source)
            diagnostics += made.diagnostics
            faulty.update(nested_numbers(item))
            is_lost = made.value is None
            if made.value:
                entries.append(made.value)
            else:
                faulty.add(named_number(item))
    span = source.whole(heading.first)
    found = _match(heading, announced, span)
    diagnostics += found.diagnostics
    unplaced = frozenset(number for number in faulty if number is not None)
    if found.value is None:
        return Parsed(
            Described(None, unplaced | {each.number for each in entries}), tuple(diagnostics)
        )
    diagnostics += _misplaced(entries, found.value, announced.classes)
    slug = next(markdown.headings_of((heading,), source)).slug
    made_section = Section(found.value, slug, tuple(entries), span)
    meant = tuple(_meant([each.number for each in entries], found.value))
    return Parsed(Described(made_section, unplaced, meant), tuple(diagnostics))


def _misplaced_block(block: Block, source: Source) -> Diagnostic:
    """The problem for what stands between the codes."""
    swallowed = NO_BLANK.match(markdown.plain(block)) if block.kind == "paragraph" else None
    if swallowed is None:
        return unexpected(block, source, _instead(block))
    number = swallowed["number"]
    return Diagnostic(
        Rule.UNEXPECTED_BLOCK,
        source.find(swallowed[0], block.first, block.first),
        f"{number} begins no code: there is no blank after the dash",
        help=f"write - {number}",
    )


def _instead(block: Block) -> str:
    """What to do with a block that stands between the codes."""
    if block.kind == "code_block":
        return "put two blanks before it, below the code that it belongs to"
    if block.kind != "paragraph":
        return "say it in a paragraph under the code, or in the code's article"
    return "put two blanks before it to make it text of the code above, or remove it"


def _is_text_of(block: Block, entries: Sequence[Entry]) -> bool:
    """Whether a paragraph is the text of the code above it, which has none."""
    swallowed = NO_BLANK.match(markdown.plain(block))
    is_empty = bool(entries) and not entries[-1].text.plain
    return block.kind == "paragraph" and is_empty and not swallowed


def _not_indented(block: Block, entry: Entry, source: Source) -> Diagnostic:
    return Diagnostic(
        Rule.UNEXPECTED_BLOCK,
        source.whole(block.first),
        f"this text is not indented, and so does not belong to code {entry.number}",
        note=Note("the code stands here", entry.span),
        help="put two blanks before it",
    )


def _meant(numbers: Sequence[int], code_class: CodeClass) -> Iterator[range]:
    """For each number that is wrong in its place, those between its neighbours."""
    for place, number in enumerate(numbers):
        if number in code_class and number not in numbers[:place]:
            continue
        below = [each for each in numbers[:place] if each in code_class]
        above = [each for each in numbers[place + 1 :] if each in code_class]
        low = below[-1] + 1 if below else code_class.low
        yield range(low, above[0] if above else code_class.high + 1)


def _match(heading: Block, announced: Announcement, span: Span) -> Parsed[CodeClass | None]:
    """The announced class that a heading names."""
    match = _HEADING.fullmatch(markdown.untagged(heading))
    name = match["name"] if match else ""
    for place, code_class in enumerate(announced.classes, start=1):
        if code_class.name.casefold() == name.casefold():
            if match and match["number"] and int(match["number"]) != place:
                return Parsed(code_class, (_misnumbered(code_class, place, span),))
            return Parsed(code_class)
    unclear = name.casefold() in {each.casefold() for each in announced.unclear}
    if unclear or not announced.is_list:
        return Parsed(None)
    names = [each.name for each in announced.classes]
    near = get_close_matches(name, names, n=1, cutoff=_NEAR)
    line = f"{len(announced.classes) + 1}. {name} (LOW–HIGH)"
    diagnostic = Diagnostic(
        Rule.UNANNOUNCED_SECTION,
        span,
        f'the list of classes announces no "{name}"',
        note=Note("the list begins here", announced.classes[0].span) if announced.classes else None,
        help=(f'did you mean "{near[0]}"? else ' if near else "")
        + f"add it to the list of classes: {line}",
    )
    return Parsed(None, (diagnostic,))


def _misnumbered(code_class: CodeClass, place: int, span: Span) -> Diagnostic:
    return Diagnostic(
        Rule.MISNUMBERED_SECTION,
        span,
        f'the class "{code_class.name}" is number {place}',
        note=Note("it is announced here", code_class.span),
        help=f"write ## {place}. {code_class.name}",
    )


def _misplaced(
    entries: Sequence[Entry], code_class: CodeClass, classes: Sequence[CodeClass]
) -> Iterator[Diagnostic]:
    for each in entries:
        if each.number not in code_class:
            home = next((other for other in classes if each.number in other), None)
            yield Diagnostic(
                Rule.MISPLACED_CODE,
                each.span,
                f"code {each.number} is not in {code_class.low}–{code_class.high}, "
                f'the range of "{code_class.name}"',
                note=Note("the class is announced here", code_class.span),
                help=f'move it to the section "{home.name}", or correct the number'
                if home
                else "correct the number, or announce a class for it",
            )
