"""The head of a document: the fenced TOML that it begins with, and what stands there instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source
from codebook.syntax import toml
from codebook.syntax.markdown import Block, Document

_LANGUAGE = "toml"
_BEGIN = "begin the file with a line ```toml, the keys of the head, and a line ```"
_BORDERS = ("---", "+++")
"""What other programs put around a head."""
_NO_TOML = re.compile(r"(?:`{2,}|~{2,}|#{2,6} ).*")
"""Lines of Markdown that a head holds only where it was not closed before them."""
_NEAR = 0.6


def head_of(document: Document, source: Source) -> Parsed[toml.TomlText | None]:
    """The fenced `toml` block that the document begins with; nothing where it cannot be read."""
    blocks = document.blocks
    if not blocks:
        return _missing(source)
    first = blocks[0]
    if first.kind == "fence" and first.info == _LANGUAGE:
        if first.is_closed:
            return _read(first, source)
        # That it is never closed is said already, and whatever else is wrong follows from it.
        return Parsed(toml.read(source, first.first + 1, first.content).value)
    border = source.lines[first.first - 1].strip()
    if border in _BORDERS:
        return _bordered(border, first.first, source)
    later = next((each for each in blocks if each.kind == "fence" and each.info == _LANGUAGE), None)
    if later:
        span = source.whole(first.first)
        note = Note("the head stands here", source.whole(later.first))
        message = "this stands before the head"
        cure = "move the head to the top of the file"
        return Parsed(None, (Diagnostic(Rule.MISSING_HEAD, span, message, note=note, help=cure),))
    return _misnamed(first, source) if first.kind == "fence" else _missing(source)


def _read(fence: Block, source: Source) -> Parsed[toml.TomlText | None]:
    """The head, unless it goes on into the text below it because nothing ends it before."""
    read = toml.read(source, fence.first + 1, fence.content)
    if read.value is not None:
        return read
    for number, line in enumerate(fence.content.split("\n"), start=fence.first + 1):
        if _NO_TOML.fullmatch(line):
            marks = fence.markup
            is_border = not line.strip(f"{line[0]} ") and line[0] in "`~"
            cure = f"write {marks} in this line" if is_border else f"add a line {marks} above it"
            diagnostic = Diagnostic(
                Rule.MISSING_HEAD,
                source.whole(number),
                f"the head is not closed {'by' if is_border else 'before'} this line",
                note=Note("the head begins here", source.whole(fence.first)),
                help=cure,
            )
            return Parsed(None, (diagnostic,))
    return read


def _missing(source: Source) -> Parsed[toml.TomlText | None]:
    lines: Sequence[int] = [place for place, line in enumerate(source.lines, 1) if line.strip()]
    span = source.whole(lines[0] if lines else 1)
    return Parsed(None, (Diagnostic(Rule.MISSING_HEAD, span, "the head is missing", help=_BEGIN),))


def _bordered(border: str, first: int, source: Source) -> Parsed[toml.TomlText | None]:
    numbers = range(first + 1, len(source.lines) + 1)
    end = next((at for at in numbers if source.lines[at - 1].strip() == border), None)
    diagnostic = Diagnostic(
        Rule.MISSING_HEAD,
        source.whole(first),
        f"a head between lines of {border} is not read",
        note=Note("it ends here", source.whole(end)) if end else None,
        help="write ```toml and ``` for the two lines, and `key = value` between them",
    )
    return Parsed(None, (diagnostic,))


def _misnamed(fence: Block, source: Source) -> Parsed[toml.TomlText | None]:
    """A fence of another language stands where the head belongs."""
    marks, info = fence.markup, fence.info
    if info and get_close_matches(info.lower(), [_LANGUAGE], cutoff=_NEAR):
        span = source.find(info, fence.first, fence.first)
        message = f'the head is fenced as "{info}"'
        cure = f'did you mean "{_LANGUAGE}"?'
    elif info in {"yaml", "yml", "json"}:
        span = source.find(info, fence.first, fence.first)
        message = f'the head is fenced as "{info}", and is to be TOML'
        cure = f"write {marks}{_LANGUAGE}, and `key = value` in the lines below"
    elif toml.read(source, fence.first + 1, fence.content).value is not None:
        span = source.whole(fence.first)
        message = "the fence of the head does not say that it holds TOML"
        cure = f"write {marks}{_LANGUAGE} in this line"
    else:
        return _missing(source)
    return Parsed(None, (Diagnostic(Rule.MISSING_HEAD, span, message, help=cure),))
