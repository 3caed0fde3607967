"""Parse a register, with this grammar.

    register    ::= breadcrumb? title class_list section* references?
    breadcrumb  ::= paragraph that starts with "/" and contains only links
    title       ::= H1
    class_list  ::= ordered list of  NAME "(" LOW "–" HIGH ")"
    section     ::= H2 (NUMBER ".")? NAME   bullet list of entry
    entry       ::= paragraph: CODE (" " NAME)? BREAK TEXT    indented paragraphs may follow
    references  ::= H3 "Ref" ":"?  bullet list of links

Hard and soft breaks are equivalent; trailing whitespace and empty lines are ignored. Any other
block is an error, and parsing continues after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from msgspec.structs import replace

from codebook.book.documents import SECTION_LEVEL, CodeClass, Entry, Register, Section
from codebook.book.parse.body import parse_title, split_at_headings, unexpected
from codebook.book.parse.class_list import parse_class_list
from codebook.book.parse.section import parse_section
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source
from codebook.syntax import markdown
from codebook.syntax.markdown import Block
from codebook.syntax.rich_text import Text

_REFERENCES_LEVEL = 3
_REFERENCES = re.compile(r"ref\s*:?", re.IGNORECASE)
_REFERENCES_HELP = "turn it into a link in the list, or remove it"


def parse_register(source: Source) -> Parsed[Register | None]:
    """Parse a register; None if it's nested too deeply or too large."""
    document = markdown.read(source)
    if document.value is None:
        return Parsed(None, document.diagnostics)
    trail, blocks = _split_breadcrumb(document.value.blocks)
    titled = parse_title(blocks, source)
    before = [*takewhile(lambda block: block.kind != "heading", titled.value.blocks)]
    parts = split_at_headings(titled.value.blocks[len(before) :])
    class_list = parse_class_list(before, [part[0] for part in parts], source)
    classes = class_list.value.classes
    diagnostics = [
        *document.diagnostics,
        *titled.diagnostics,
        *(class_list.diagnostics if blocks else ()),
    ]
    sections: list[Section] = []
    references: tuple[Text, ...] = ()
    unclassified: set[int] = set()
    candidates: list[range] = []
    for heading, *below in parts:
        is_section, is_references = heading.number == SECTION_LEVEL, _is_references(heading)
        if is_references and heading is parts[-1][0]:
            parsed_references = _references(below, source)
            references = parsed_references.value
            diagnostics += parsed_references.diagnostics
            continue
        if not is_section:
            diagnostics.append(_misplaced_heading(heading, source))
            if is_references:
                continue
        section = parse_section(heading, below, class_list.value, source)
        sections += (section.value.section,) if section.value.section else ()
        unclassified |= section.value.unclassified
        candidates += section.value.candidates
        diagnostics += (
            diagnostic
            for diagnostic in section.diagnostics
            if is_section or diagnostic.rule is not Rule.UNANNOUNCED_SECTION
        )
    diagnostics = _without_class(diagnostics, source)
    diagnostics += _duplicate_sections(sections)
    diagnostics += _misplaced_codes(sections, classes)
    if not unclassified:
        diagnostics += _missing_sections(classes, sections)
    register = Register(
        path=source.path,
        title=titled.value.title,
        trail=trail,
        classes=classes,
        sections=tuple(sections),
        references=references,
        targets=document.value.targets,
        unclassified=frozenset(unclassified),
        candidates=tuple(candidates),
        is_whole=bool(titled.value.title) and class_list.value.is_list and document.value.is_whole,
        has_unclear_classes=class_list.value.has_unclear_lines,
    )
    return Parsed(register, tuple(diagnostics))


def _without_class(diagnostics: Sequence[Diagnostic], source: Source) -> list[Diagnostic]:
    """The diagnostics; if a class is missing from the list, wrong numbers follow from that."""
    missing = {Rule.INVALID_CLASS, Rule.UNANNOUNCED_SECTION}
    cause = next((diagnostic for diagnostic in diagnostics if diagnostic.rule in missing), None)
    return [
        replace(diagnostic, subject=cause.message, follows_from=(source.display_path,))
        if cause and diagnostic.rule is Rule.MISNUMBERED_SECTION
        else replace(diagnostic, subject=cause.message)
        if diagnostic is cause
        else diagnostic
        for diagnostic in diagnostics
    ]


def _misplaced_heading(heading: Block, source: Source) -> Diagnostic:
    if _is_references(heading):
        return unexpected(heading, source, "move it to the end of the file")
    return unexpected(heading, source, "start the line with ## if it is the heading of a class")


def _split_breadcrumb(blocks: Sequence[Block]) -> tuple[tuple[Text, ...], Sequence[Block]]:
    """Split the breadcrumb from the other blocks."""
    if blocks and blocks[0].kind == "paragraph" and markdown.plain(blocks[0]).startswith("/"):
        outside = markdown.words_outside_links(blocks[0])
        links = markdown.links_of(blocks[0])
        if not outside.replace("/", "").strip() and all(link.targets for link in links):
            return links, blocks[1:]
    return (), blocks


def _is_references(heading: Block) -> bool:
    name = markdown.plain(heading)
    return heading.number == _REFERENCES_LEVEL and _REFERENCES.fullmatch(name) is not None


def _references(blocks: Sequence[Block], source: Source) -> Parsed[tuple[Text, ...]]:
    texts: list[Text] = []
    diagnostics: list[Diagnostic] = []
    for block in blocks:
        if block.kind != "bullet_list":
            diagnostics.append(unexpected(block, source, _REFERENCES_HELP))
            continue
        for child in (child for item in block.children for child in item.children):
            if child.kind == "paragraph" and markdown.links_of(child):
                texts.append(markdown.inline_text(child))
            else:
                diagnostics.append(unexpected(child, source, _REFERENCES_HELP))
    return Parsed(tuple(texts), tuple(diagnostics))


def _duplicate_sections(sections: Sequence[Section]) -> Iterator[Diagnostic]:
    """Report repeated sections of a class."""
    first_sections: dict[CodeClass, Section] = {}
    for section in sections:
        first = first_sections.setdefault(section.code_class, section)
        if first is not section:
            yield Diagnostic(
                Rule.DUPLICATE_SECTION,
                section.span,
                f'the class "{section.code_class.name}" has two sections',
                note=Note("the first section is here", first.span),
                help="move the codes to the first section, or correct the name",
            )


def _missing_sections(
    classes: Sequence[CodeClass], sections: Sequence[Section]
) -> Iterator[Diagnostic]:
    """Report classes without a section."""
    described = {section.code_class for section in sections}
    for number, code_class in enumerate(classes, start=1):
        if code_class not in described:
            yield Diagnostic(
                Rule.MISSING_SECTION,
                code_class.span,
                f'the class "{code_class.name}" has no section',
                help=f"add a heading for its codes: {_heading(number, code_class)}",
                subject=_section_of(code_class),
            )


def _misplaced_codes(
    sections: Sequence[Section], classes: Sequence[CodeClass]
) -> Iterator[Diagnostic]:
    """Report codes outside the range of their section's class.

    Several codes that are in no class are one error of the range.
    """
    described = {section.code_class for section in sections}
    for section in sections:
        outside = [it for it in section.entries if not any(it.number in known for known in classes)]
        if len(outside) > 1:
            yield _wrong_range(section, outside)
        for entry in section.entries:
            correct = next((other for other in classes if entry.number in other), None)
            is_counted = correct is None and len(outside) > 1
            if entry.number not in section.code_class and not is_counted:
                has_section = correct in described
                yield Diagnostic(
                    Rule.MISPLACED_CODE,
                    entry.span,
                    f'code {entry.number} is outside the range of "{section.code_class.name}", '
                    f"{section.code_class.low}–{section.code_class.high}",
                    note=Note("the class is listed here", section.code_class.span),
                    help=_misplaced_help(correct, classes, has_section=has_section),
                    subject=_section_of(correct) if correct and not has_section else "",
                )


def _wrong_range(section: Section, outside: Sequence[Entry]) -> Diagnostic:
    numbers = [entry.number for entry in outside]
    code_class = section.code_class
    return Diagnostic(
        Rule.MISPLACED_CODE,
        code_class.span,
        f'{len(outside)} codes of "{code_class.name}" are outside its range, '
        f"{code_class.low}–{code_class.high}, from {min(numbers)} to {max(numbers)}",
        note=Note("the first one is here", outside[0].span),
        help="correct the range, correct the numbers, or add a class for them to the list",
    )


def _misplaced_help(
    correct: CodeClass | None, classes: Sequence[CodeClass], *, has_section: bool
) -> str:
    if correct is None:
        return "correct the number or the range, or add a class for it to the list"
    if has_section:
        return f'move it to the section "{correct.name}", or correct the number'
    heading = _heading(classes.index(correct) + 1, correct)
    return f"add the missing heading above the code: {heading}"


def _section_of(code_class: CodeClass) -> str:
    return f"the section {code_class.name}"


def _heading(number: int, code_class: CodeClass) -> str:
    return f"## {number}. {code_class.name}"
