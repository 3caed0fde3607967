"""Locates the entries of a register, and inserts a new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codebook.book.documents import SECTION_LEVEL, CodeClass, Register, Section
from codebook.diagnostics.source import Source, split_lines
from codebook.syntax import markdown
from codebook.syntax.markdown import Block

_LINE_BREAK = "  "
"""A hard line break in Markdown."""


def list_items(section: Section, blocks: Sequence[Block]) -> Iterator[tuple[int | None, Block]]:
    """The list items of a section, each with its code, or None if it doesn't describe a code.

    `blocks` are the blocks of the whole register.
    """
    numbers = {entry.span.line: entry.number for entry in section.entries}
    is_inside = False
    for block in blocks:
        if block.kind == "heading":
            is_inside = block.first == section.span.line
        elif is_inside and block.kind == "bullet_list":
            for item in block.children:
                lines = range(item.first, item.last + 1)
                yield next((numbers[line] for line in lines if line in numbers), None), item


def with_entry(data: str, source: Source, register: Register, title: str, text: str) -> str:
    """The text `data` with an entry inserted in order, in the style of its neighbors.

    `source` and `register` were parsed from the same text. `title` is the number of the code,
    followed by its name if it has one. The code must be in a class of the register.
    """
    number = int(title.split(maxsplit=1)[0])
    code_class = next(known for known in register.classes if number in known)
    document = markdown.read(source).value
    blocks = document.blocks if document else ()
    section = next((known for known in register.sections if known.code_class == code_class), None)
    if section is None:
        line = _section_line(code_class, register, blocks)
        heading = f"## {register.classes.index(code_class) + 1}. {code_class.name}"
        return _with_lines(data, line, [heading, "", *_entry_lines(title, text, None, source)])
    numbered = list(list_items(section, blocks))
    items = [item for _, item in numbered]
    later = next((item for code, item in numbered if code is not None and code > number), None)
    neighbor = items[max(0, items.index(later) - 1) if later else -1] if items else None
    end = items[-1].last if items else section.span.line
    line = later.first if later else end + 1
    return _with_lines(data, line, _entry_lines(title, text, neighbor, source))


def _section_line(code_class: CodeClass, register: Register, blocks: Sequence[Block]) -> int:
    """The line before which to insert the section of a class."""
    index = register.classes.index(code_class)
    later = [
        section.span.line
        for section in register.sections
        if register.classes.index(section.code_class) > index
    ]
    others = [
        block.first for block in blocks if block.kind == "heading" and block.number > SECTION_LEVEL
    ]
    return min([*later, *others], default=max((block.last for block in blocks), default=0) + 1)


def _entry_lines(title: str, text: str, neighbor: Block | None, source: Source) -> list[str]:
    """The lines of an entry, with the bullet, line break, and indentation of its neighbor."""
    if neighbor is None:
        return [f"- {title}{_LINE_BREAK}", text]
    first = source.lines[neighbor.first - 1]
    second = source.lines[neighbor.first] if neighbor.first < neighbor.last else ""
    bullet = first[: len(first) - len(first.lstrip()) + 1]
    indent = second[: len(second) - len(second.lstrip())] if second.strip() else ""
    line_break = _LINE_BREAK if first.endswith(_LINE_BREAK) else ""
    return [f"{bullet} {title}{line_break}", f"{indent}{text}"]


def _with_lines(data: str, line: int, lines: Sequence[str]) -> str:
    """The text with lines inserted before `line`, and empty lines around them."""
    existing = split_lines(data)
    line_end = next((text[len(text.rstrip("\r\n")) :] for text in existing), "") or "\n"
    before, after = existing[: line - 1], existing[line - 1 :]
    if before and before[-1] == before[-1].rstrip("\r\n"):
        before = (*before[:-1], before[-1] + line_end)
    above = [line_end] if before and before[-1].strip() else []
    below = [line_end] if after and after[0].strip() else []
    return "".join([*before, *above, *(text + line_end for text in lines), *below, *after])
