"""A register from its Markdown.

    register    ::= breadcrumb? title class_list section* references?
    breadcrumb  ::= paragraph beginning with "/" that holds only links
    title       ::= H1
    class_list  ::= ordered list of  NAME "(" LOW "–" HIGH ")"
    section     ::= H2 (NUMBER ".")? NAME   bullet list of entry
    entry       ::= paragraph: CODE (" " NAME)? BREAK TEXT    indented paragraphs may follow
    references  ::= H3 "Ref" ":"?  bullet list of links

Hard and soft breaks, trailing blanks and blank lines carry no meaning. A block that the grammar
does not name is a problem, and reading goes on after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from codebook import markdown
from codebook.markdown import Block
from codebook.parse.body import title, unexpected
from codebook.parse.section import announcement, section
from codebook.problems import Note, Parsed, Problem, Rule
from codebook.records import CodeClass, Register, Section
from codebook.richtext import Text
from codebook.source import Source

_SECTION_LEVEL = 2
_REFERENCES_LEVEL = 3
_REFERENCES = re.compile(r"ref\s*:?", re.IGNORECASE)
_BEFORE_SECTIONS = "remove it, or say it in index.md or in a guide"
_IN_REFERENCES = "keep a list of links alone under this heading"

_Group = tuple[Block, tuple[Block, ...]]
"""A heading, and the blocks up to the next one."""


def register(source: Source) -> Parsed[Register | None]:
    """The register, or nothing where it is too deep or too large to be read."""
    read = markdown.read(source)
    if read.value is None:
        return Parsed(None, read.problems)
    problems = list(read.problems)
    trail, blocks = _trail(read.value.blocks)
    heading = title(blocks, source)
    problems += heading.problems
    blocks = blocks[1:] if heading.value else blocks
    listed = announcement(blocks, source)
    problems += listed.problems
    before, groups = _grouped(blocks[1:] if listed.value.is_list else blocks)
    problems += (unexpected(block, source, _BEFORE_SECTIONS) for block in before)
    sections: list[Section] = []
    references: list[Text] = []
    unplaced: set[int] = set()
    for group in groups:
        if group is groups[-1] and _is_reference_heading(group[0]):
            found = _references(group[1], source)
            references += found.value
            problems += found.problems
        elif group[0].number == _SECTION_LEVEL:
            made = section(*group, listed.value, source)
            entries, found_sections = made.value
            sections += found_sections
            unplaced |= {entry.number for entry in entries if not found_sections}
            problems += made.problems
        else:
            problems.append(unexpected(group[0], source, "begin the heading of a class with ##"))
    problems += _twice(sections)
    if not unplaced:
        problems += _undescribed(listed.value.classes, sections)
    return Parsed(
        Register(
            path=source.path,
            title=markdown.plain(heading.value) if heading.value else "",
            trail=trail,
            classes=listed.value.classes,
            sections=tuple(sections),
            references=tuple(references),
            targets=read.value.targets,
            unplaced=frozenset(unplaced),
        ),
        tuple(problems),
    )


def _trail(blocks: Sequence[Block]) -> tuple[tuple[Text, ...], Sequence[Block]]:
    """The links of the breadcrumb, and the blocks after it."""
    if blocks and blocks[0].kind == "paragraph" and markdown.plain(blocks[0]).startswith("/"):
        between = markdown.words_outside_links(blocks[0])
        if not between.replace("/", "").strip():
            return markdown.links_of(blocks[0]), blocks[1:]
    return (), blocks


def _grouped(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], list[_Group]]:
    """The blocks before the first heading, and each heading with what is below it."""
    starts = [place for place, block in enumerate(blocks) if block.kind == "heading"]
    if not starts:
        return tuple(blocks), []
    groups = [
        (blocks[start], tuple(blocks[start + 1 : end]))
        for start, end in pairwise([*starts, len(blocks)])
    ]
    return tuple(blocks[: starts[0]]), groups


def _is_reference_heading(heading: Block) -> bool:
    name = markdown.plain(heading)
    return heading.number == _REFERENCES_LEVEL and _REFERENCES.fullmatch(name) is not None


def _references(blocks: Sequence[Block], source: Source) -> Parsed[tuple[Text, ...]]:
    texts: list[Text] = []
    problems: list[Problem] = []
    for block in blocks:
        if block.kind != "bullet_list":
            problems.append(unexpected(block, source, _IN_REFERENCES))
            continue
        for inside in (each for item in block.children for each in item.children):
            if inside.kind == "paragraph" and markdown.links_of(inside):
                texts.append(markdown.inline_text(inside))
            else:
                problems.append(unexpected(inside, source, _IN_REFERENCES))
    return Parsed(tuple(texts), tuple(problems))


def _twice(sections: Sequence[Section]) -> Iterator[Problem]:
    """Sections of a class that has one already."""
    described: dict[CodeClass, Section] = {}
    for each in sections:
        first = described.setdefault(each.code_class, each)
        if first is not each:
            yield Problem(
                Rule.DUPLICATE_SECTION,
                each.span,
                f'the class "{each.code_class.name}" has a second section',
                note=Note("the first section", first.span),
                help="move its codes to the first section, or correct its name",
            )


def _undescribed(classes: Sequence[CodeClass], sections: Sequence[Section]) -> Iterator[Problem]:
    """Classes that no section describes."""
    described = {each.code_class for each in sections}
    for place, code_class in enumerate(classes, start=1):
        if code_class not in described:
            yield Problem(
                Rule.MISSING_SECTION,
                code_class.span,
                f'the class "{code_class.name}" is announced and has no section',
                help=f"add one: ## {place}. {code_class.name}",
            )
