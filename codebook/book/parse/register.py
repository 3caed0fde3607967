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

from codebook.book.documents import CodeClass, Register, Section
from codebook.book.parse import body as common
from codebook.book.parse.body import unexpected
from codebook.book.parse.class_list import announcement
from codebook.book.parse.section import section
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source
from codebook.syntax import markdown
from codebook.syntax.markdown import Block
from codebook.syntax.rich_text import Text

_SECTION_LEVEL = 2
_REFERENCES_LEVEL = 3
_REFERENCES = re.compile(r"ref\s*:?", re.IGNORECASE)
_IN_REFERENCES = "make it a link in the list, or remove it"

_Group = tuple[Block, tuple[Block, ...]]
"""A heading, and the blocks up to the next one."""


def register(source: Source) -> Parsed[Register | None]:
    """The register, or nothing where it is too deep or too large to be read."""
    read = markdown.read(source)
    if read.value is None:
        return Parsed(None, read.diagnostics)
    diagnostics = list(read.diagnostics)
    trail, blocks = _trail(read.value.blocks)
    titled = common.titled(blocks, source)
    diagnostics += titled.diagnostics
    before, groups = _grouped(titled.value.blocks)
    listed = announcement(before, [heading for heading, _ in groups], source)
    diagnostics += listed.diagnostics if blocks else ()
    sections: list[Section] = []
    references: list[Text] = []
    unplaced: set[int] = set()
    meant: list[range] = []
    for heading, inside in groups:
        if (heading, inside) == groups[-1] and _is_reference_heading(heading):
            found = _references(inside, source)
            references += found.value
            diagnostics += found.diagnostics
            continue
        if heading.number != _SECTION_LEVEL:
            diagnostics.append(_misplaced_heading(heading, source))
            if _is_reference_heading(heading):
                continue
        described = section(heading, inside, listed.value, source)
        sections += [described.value.section] if described.value.section else []
        unplaced |= described.value.unplaced
        meant += described.value.meant
        diagnostics += (
            each
            for each in described.diagnostics
            if heading.number == _SECTION_LEVEL or each.rule is not Rule.UNANNOUNCED_SECTION
        )
    diagnostics += _twice(sections)
    if not unplaced:
        diagnostics += _undescribed(listed.value.classes, sections)
    return Parsed(
        Register(
            path=source.path,
            title=titled.value.title,
            trail=trail,
            classes=listed.value.classes,
            sections=tuple(sections),
            references=tuple(references),
            targets=read.value.targets,
            unplaced=frozenset(unplaced),
            meant=tuple(meant),
        ),
        tuple(diagnostics),
    )


def _misplaced_heading(heading: Block, source: Source) -> Diagnostic:
    if _is_reference_heading(heading):
        return unexpected(heading, source, "move it to the end of the file")
    return unexpected(heading, source, "begin the line with ## if it names a class")


def _trail(blocks: Sequence[Block]) -> tuple[tuple[Text, ...], Sequence[Block]]:
    """The links of the breadcrumb, and the blocks after it."""
    if blocks and blocks[0].kind == "paragraph" and markdown.plain(blocks[0]).startswith("/"):
        between = markdown.words_outside_links(blocks[0])
        links = markdown.links_of(blocks[0])
        if not between.replace("/", "").strip() and all(link.targets for link in links):
            return links, blocks[1:]
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
    diagnostics: list[Diagnostic] = []
    for block in blocks:
        if block.kind != "bullet_list":
            diagnostics.append(unexpected(block, source, _IN_REFERENCES))
            continue
        for inside in (each for item in block.children for each in item.children):
            if inside.kind == "paragraph" and markdown.links_of(inside):
                texts.append(markdown.inline_text(inside))
            else:
                diagnostics.append(unexpected(inside, source, _IN_REFERENCES))
    return Parsed(tuple(texts), tuple(diagnostics))


def _twice(sections: Sequence[Section]) -> Iterator[Diagnostic]:
    """Sections of a class that has one already."""
    described: dict[CodeClass, Section] = {}
    for each in sections:
        first = described.setdefault(each.code_class, each)
        if first is not each:
            yield Diagnostic(
                Rule.DUPLICATE_SECTION,
                each.span,
                f'the class "{each.code_class.name}" has a second section',
                note=Note("its first section begins here", first.span),
                help="move its codes to the first section, or correct the name",
            )


def _undescribed(classes: Sequence[CodeClass], sections: Sequence[Section]) -> Iterator[Diagnostic]:
    """Classes that no section describes."""
    described = {each.code_class for each in sections}
    for place, code_class in enumerate(classes, start=1):
        if code_class not in described:
            yield Diagnostic(
                Rule.MISSING_SECTION,
                code_class.span,
                f'the class "{code_class.name}" is announced, and has no section',
                help=f"add a line for its codes: ## {place}. {code_class.name}",
            )
