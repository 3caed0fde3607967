"""A register with one entry more, written as its neighbours are."""

from __future__ import annotations

from collections.abc import Sequence

from codebook.authoring.entries import bullets
from codebook.book.documents import CodeClass, Register
from codebook.diagnostics.source import Source, split_lines
from codebook.syntax import markdown
from codebook.syntax.markdown import Block

_SECTION_LEVEL = 2
_BREAK = "  "
"""Blanks that begin a new line wherever the register is read as plain Markdown."""


def with_entry(data: str, source: Source, register: Register, title: str, words: str) -> str:
    """The file's text `data` with an entry at its place in order.

    `source` and `register` are what was read from the same text. `title` is the number of the
    code, and its name if it has one; its class is one that the register announces.
    """
    number = int(title.split(maxsplit=1)[0])
    code_class = next(each for each in register.classes if number in each)
    read = markdown.read(source).value
    blocks = read.blocks if read else ()
    section = next((each for each in register.sections if each.code_class == code_class), None)
    if section is None:
        line = _before_later(code_class, register, blocks)
        place = register.classes.index(code_class) + 1
        heading = f"## {place}. {code_class.name}"
        return _inserted(data, line, [heading, "", *_entry(title, words, None, source)])
    found = list(bullets(section, blocks))
    items = [item for _, item in found]
    later = next((item for other, item in found if other and other > number), None)
    like = items[max(0, items.index(later) - 1) if later else -1] if items else None
    end = items[-1].last if items else section.span.line
    line = later.first if later else end + 1
    return _inserted(data, line, _entry(title, words, like, source))


def _before_later(code_class: CodeClass, register: Register, blocks: Sequence[Block]) -> int:
    """The line before which the section of a class belongs."""
    place = register.classes.index(code_class)
    later = [
        each.span.line
        for each in register.sections
        if register.classes.index(each.code_class) > place
    ]
    other = [
        block.first for block in blocks if block.kind == "heading" and block.number > _SECTION_LEVEL
    ]
    return min([*later, *other], default=max((block.last for block in blocks), default=0) + 1)


def _entry(title: str, words: str, like: Block | None, source: Source) -> list[str]:
    """The lines of an entry; `like` is one whose bullet, breaks and indents it takes over."""
    if like is None:
        return [f"- {title}{_BREAK}", words]
    first = source.lines[like.first - 1]
    second = source.lines[like.first] if like.first < like.last else ""
    bullet = first[: len(first) - len(first.lstrip()) + 1]
    indent = second[: len(second) - len(second.lstrip())] if second.strip() else ""
    return [f"{bullet} {title}{_BREAK if first.endswith(_BREAK) else ''}", f"{indent}{words}"]


def _inserted(data: str, line: int, lines: Sequence[str]) -> str:
    """The text with the lines before one of its own, blank lines around them."""
    written = split_lines(data)
    end = next((each[len(each.rstrip("\r\n")) :] for each in written), "") or "\n"
    before, after = written[: line - 1], written[line - 1 :]
    if before and before[-1] == before[-1].rstrip("\r\n"):
        before = (*before[:-1], before[-1] + end)
    above = [end] if before and before[-1].strip() else []
    below = [end] if after and after[0].strip() else []
    return "".join([*before, *above, *(each + end for each in lines), *below, *after])
