"""Parse a section of a register: the codes of a class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from msgspec import Struct

from codebook.book.documents import CodeClass, Entry, Section
from codebook.book.parse.body import unexpected, unexpected_markup
from codebook.book.parse.class_list import ClassList
from codebook.book.parse.entry import misread_codes, named_number, nested_numbers, parse_entry
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax import markdown
from codebook.syntax.markdown import Block

_HEADING = re.compile(r"(?:(?P<number>[0-9]+)\.\s*)?(?P<name>.+)")
_NEAR = 0.85
"""The similarity that counts as a typo; names of classes often end in the same word."""


class ParsedSection(Struct, frozen=True):
    """A parsed section, and the codes with errors."""

    section: Section | None
    """None if no class has the name in the heading."""
    unclassified: frozenset[int]
    """Codes that are described here without a valid entry or class."""
    candidates: tuple[range, ...] = ()
    """For each misplaced or unclear number, the numbers that would be correct there."""


def parse_section(
    heading: Block, blocks: Sequence[Block], class_list: ClassList, source: Source
) -> Parsed[ParsedSection]:
    """Parse the codes below a heading."""
    diagnostics = [*unexpected_markup(heading, source, "the name of a class")]
    entries: list[Entry] = []
    numbers: list[int | None] = []
    unparsed: set[int | None] = set()
    is_after_error = False
    for block in blocks:
        if is_after_error and block.kind == "paragraph" and named_number(block) is None:
            # The list item above is already reported; this error follows from it.
            continue
        if block.kind != "bullet_list":
            misread = [*misread_codes(block, source)]
            if block.kind == "paragraph" and not misread and _is_without_text(entries):
                # The entry has a text, so the missing text isn't a second error.
                diagnostics = [
                    diagnostic for diagnostic in diagnostics if diagnostic.span != entries[-1].span
                ]
                diagnostics.append(_not_indented(block, entries[-1], source))
                continue
            diagnostics += [it.diagnostic for it in misread] or [
                unexpected(block, source, _block_help(block))
            ]
            unparsed.update((named_number(block), *(it.number for it in misread)))
            is_after_error = bool(misread)
            continue
        for item in block.children:
            entry = parse_entry(item, source)
            misread = [*misread_codes(item, source)]
            diagnostics += entry.diagnostics
            unparsed.update(nested_numbers(item))
            unparsed.update(it.number for it in misread)
            is_after_error = entry.value is None
            if entry.value:
                diagnostics += [it.diagnostic for it in misread]
                entries.append(entry.value)
                numbers.append(entry.value.number)
            else:
                numbers.append(named_number(item))
                unparsed.add(numbers[-1])
    span = source.whole(heading.first)
    known = [entry.number for entry in entries]
    code_class = _match_class(heading, class_list, known, span)
    diagnostics += code_class.diagnostics
    unclassified = frozenset(number for number in unparsed if number is not None)
    if code_class.value is None:
        return Parsed(ParsedSection(None, unclassified.union(known)), tuple(diagnostics))
    slugs = next(markdown.headings_of((heading,), source)).slugs
    section = Section(code_class.value, slugs, tuple(entries), span)
    candidates = tuple(dict.fromkeys(_candidate_numbers(numbers, code_class.value)))
    return Parsed(ParsedSection(section, unclassified, candidates), tuple(diagnostics))


def _block_help(block: Block) -> str:
    """The help for a block between the entries."""
    if block.kind == "code_block":
        return "indent it by two spaces, below the code that it belongs to"
    if block.kind != "paragraph":
        return "write it as a paragraph under the code, or move it to the code's article"
    indent = "indent it by two spaces to make it part of the code above, or remove it"
    number = named_number(block)
    return (
        indent
        if number is None
        else f"if it is a code, start with a dash: - {number}; if not, {indent}"
    )


def _is_without_text(entries: Sequence[Entry]) -> bool:
    """Whether the last code has no text, so that a paragraph below it is meant to be its text."""
    return bool(entries) and not entries[-1].text.plain


def _not_indented(block: Block, entry: Entry, source: Source) -> Diagnostic:
    return Diagnostic(
        Rule.UNEXPECTED_BLOCK,
        source.whole(block.first),
        f"the text of code {entry.number} is not indented",
        note=Note("the code is here", entry.span),
        help="indent it by two spaces",
    )


def _candidate_numbers(numbers: Sequence[int | None], code_class: CodeClass) -> Iterator[range]:
    """For each misplaced, repeated, or unclear (None) number, those between its neighbors."""
    counts = Counter(numbers)
    valid = [it if it is not None and it in code_class else None for it in numbers]
    before, after = [code_class.low - 1], [code_class.high + 1]
    for number in valid:
        before.append(before[-1] if number is None else number)
    for number in reversed(valid):
        after.append(after[-1] if number is None else number)
    for number, low, high in zip(valid, before[:-1], reversed(after[:-1]), strict=True):
        if number is None or counts[number] > 1:
            yield range(low + 1, high)


def _match_class(
    heading: Block, class_list: ClassList, numbers: Sequence[int], span: Span
) -> Parsed[CodeClass | None]:
    """The class with the name in a heading; None if there is no such class.

    `numbers` are the codes below the heading.
    """
    match = _HEADING.fullmatch(markdown.untagged(heading))
    name = match["name"] if match else ""
    position = int(match["number"]) if match and match["number"] else 0
    lines = list(enumerate(class_list.lines, start=1))
    named = [
        (index, line)
        for index, line in lines
        if isinstance(line, CodeClass) and line.name.casefold() == name.casefold()
    ]
    if named:
        index, code_class = next((it for it in named if it[0] == position), named[0])
        is_wrong = position not in {0, index}
        wrong = (_misnumbered(code_class, index, span),) if is_wrong else ()
        return Parsed(code_class, wrong)
    # Lines with errors, and names that are used twice, are reported in the list.
    counts = Counter(known.name.casefold() for known in class_list.classes)
    is_unclear = any(
        index == position and (isinstance(line, str) or counts[line.name.casefold()] > 1)
        for index, line in lines
    ) or any(isinstance(line, str) and line.casefold() == name.casefold() for _, line in lines)
    if is_unclear or not class_list.is_list:
        return Parsed(None)
    classes = class_list.classes
    by_range = [known.name for known in classes if numbers and all(n in known for n in numbers)]
    near = by_range or get_close_matches(name, [it.name for it in classes], n=1, cutoff=_NEAR)
    line = f"{len(lines) + 1}. {name} (LOW–HIGH)"
    diagnostic = Diagnostic(
        Rule.UNANNOUNCED_SECTION,
        span,
        f'the list of classes has no "{name}"',
        note=Note("the list starts here", classes[0].span) if classes else None,
        help=(f'did you mean "{near[0]}"? otherwise, ' if near else "")
        + f"add it to the list of classes: {line}",
    )
    return Parsed(None, (diagnostic,))


def _misnumbered(code_class: CodeClass, position: int, span: Span) -> Diagnostic:
    return Diagnostic(
        Rule.MISNUMBERED_SECTION,
        span,
        f'the class "{code_class.name}" is number {position} in the list of classes',
        note=Note("it is listed here", code_class.span),
        help=f"change the heading to ## {position}. {code_class.name}",
    )
