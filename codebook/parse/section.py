"""The section of a register that describes the codes of one class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from codebook import markdown
from codebook.markdown import Block
from codebook.parse.announcement import Announcement
from codebook.parse.body import only_words, unexpected
from codebook.parse.entry import NO_BLANK, entry, named_number
from codebook.problems import Note, Parsed, Problem, Rule
from codebook.records import CodeClass, Entry, Section
from codebook.source import Source, Span

_HEADING = re.compile(r"(?:(?P<number>[0-9]+)\.\s*)?(?P<name>.+)")


@dataclass(frozen=True, slots=True)
class Described:
    """What stands below a heading."""

    section: Section | None
    """Nothing where no class is announced by the heading's name."""
    unplaced: frozenset[int]
    """Codes that are named here and have no place in a section."""


def section(
    heading: Block, blocks: Sequence[Block], announced: Announcement, source: Source
) -> Parsed[Described]:
    """The codes below a heading."""
    problems = list(only_words(heading, source, "the name of a class"))
    entries: list[Entry] = []
    faulty: set[int | None] = set()
    for block in blocks:
        if block.kind != "bullet_list":
            problems.append(unexpected(block, source, _instead(block)))
            faulty.add(named_number(block))
            continue
        for item in block.children:
            made = entry(item, source)
            problems += made.problems
            if made.value:
                entries.append(made.value)
            else:
                faulty.add(named_number(item))
    span = source.whole(heading.first)
    found = _match(heading, announced, span)
    problems += found.problems
    unplaced = frozenset(number for number in faulty if number is not None)
    if found.value is None:
        return Parsed(
            Described(None, unplaced | {each.number for each in entries}), tuple(problems)
        )
    problems += _misplaced(entries, found.value, announced.classes)
    slug = next(markdown.headings_of((heading,), source)).slug
    made_section = Section(found.value, slug, tuple(entries), span)
    return Parsed(Described(made_section, unplaced), tuple(problems))


def _instead(block: Block) -> str:
    """What to do with a block that stands between the codes."""
    if block.kind == "code_block":
        return "indent it by two blanks, under the code that it belongs to"
    if block.kind != "paragraph":
        return "say it in a paragraph under the code, or in the code's article"
    swallowed = NO_BLANK.match(markdown.plain(block))
    if swallowed:
        return f"put a blank after the dash: - {swallowed['number']}"
    return "indent it under the code that it belongs to, or begin it with `- NUMBER`"


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
    near = get_close_matches(name, [each.name for each in announced.classes], n=1)
    line = f"{len(announced.classes) + 1}. {name} (LOW–HIGH)"
    problem = Problem(
        Rule.UNANNOUNCED_SECTION,
        span,
        f'no class "{name}" is announced in the list above',
        help=(f'did you mean "{near[0]}"? else ' if near else "")
        + f"add it to the list of classes: {line}",
    )
    return Parsed(None, (problem,))


def _misnumbered(code_class: CodeClass, place: int, span: Span) -> Problem:
    return Problem(
        Rule.MISNUMBERED_SECTION,
        span,
        f'the class "{code_class.name}" is number {place} in the list above',
        note=Note("announced here", code_class.span),
        help=f"write: ## {place}. {code_class.name}",
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
