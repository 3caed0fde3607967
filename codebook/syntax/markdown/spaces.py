"""Spaces other than U+0020 in places where Markdown needs a plain one.

After markers such as `#` and `-`, CommonMark 0.31.2 accepts only spaces and tabs. Some keyboards
and word processors write a no-break space instead. A book reads it as a space, with a warning,
because GitHub and editors show the heading or the list item as text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from msgspec import Struct

from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Source
from codebook.syntax.markdown.engine import engine

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""The space separators of Unicode (general category Zs) other than U+0020."""
_WIDE = "\u3000"
"""As wide as two spaces; paragraphs in Chinese and Japanese can begin with it."""

_ANY = re.compile(f"[{_SPACES}]+")
_BLANK = rf"[ \t{_SPACES}]"
_START = re.compile(
    rf"(?P<indent>(?:{_BLANK}*>)*{_BLANK}*)"
    rf"(?P<marker>(?:#{{1,6}}|[-*+]|[0-9]{{1,9}}[.)])(?={_BLANK})|`{{3,}}|~{{3,}}|\|)?"
    rf"(?P<after>{_BLANK}*)"
)
_NUMBERED = re.compile(rf"[ \t>]*[0-9]{{1,9}}[.)]{_BLANK}")
_PIPE = re.compile(rf"[{_SPACES}]+(?=\|)|(?<=\|)[{_SPACES}]+")
_UNDERLINE = re.compile(rf"^ {{0,3}}(?:-{{3,}}|={{3,}})(?P<after>[{_SPACES}]+)$")
_LINK = re.compile(
    r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)"
    rf"|(?<=\])(?P<between>[{_SPACES}]+)(?=\((?:https?://|mailto:|#|[\w./-]+\.md)[^()\s]*\))"
)
_MAX_INDENT = 3
"""More spaces would turn a paragraph into code."""
_NEAR = 2
"""The distance of two lines with at most one empty line between them."""


class _Space(Struct, frozen=True):
    """A part of a line, counted from 0, and what replaces it."""

    line: int
    start: int
    end: int
    plain: str
    place: str
    """Where it is, as messages say it."""


def with_plain_spaces(source: Source) -> Parsed[Source]:
    """Return the source with plain spaces where Markdown needs them, and report the others.

    Consecutive lines with the same error are reported only once.
    """
    spaces = _unusual_spaces(source)
    if not spaces:
        return Parsed(source)
    lines = list(source.lines)
    for space in reversed(spaces):
        line = lines[space.line]
        lines[space.line] = line[: space.start] + space.plain + line[space.end :]
    plain = Source(source.path, source.display_path, "\n".join(lines), tuple(lines))
    return Parsed(plain, tuple(_diagnostics(spaces, source)))


def _diagnostics(spaces: Sequence[_Space], source: Source) -> Iterator[Diagnostic]:
    for before, space, after in zip((None, *spaces), spaces, (*spaces[1:], None), strict=False):
        if before and _is_same(before, space):
            continue
        found = _ANY.search(source.lines[space.line], space.start)
        start = found.start() if found else space.start
        character = source.lines[space.line][start]
        name = unicodedata.name(character).lower()
        help_text = "replace it with a plain space" if space.plain else "remove it"
        if after and _is_same(space, after):
            help_text += ", also in the lines below"
        yield Diagnostic(
            Rule.UNREAD_MARKUP,
            source.at(space.line + 1, start + 1),
            f"the space {space.place} is not a plain space, but U+{ord(character):04X} ({name})",
            help=help_text,
        )


def _is_same(before: _Space, space: _Space) -> bool:
    is_near = space.line - before.line <= _NEAR
    return is_near and re.sub(r"\d+", "", before.place) == re.sub(r"\d+", "", space.place)


def _unusual_spaces(source: Source) -> Sequence[_Space]:
    """The spaces outside of code, in order."""
    if source.text.isascii() or not _ANY.search(source.text):
        return ()
    code = {
        number
        for token in engine().parse(source.text, {})
        if token.type == "code_block"
        for number in range(*(token.map or (0, 0)))
    }
    spaces: list[_Space] = []
    fence = ""
    for number, line in enumerate(source.lines):
        match = _START.match(line)
        marker = (match and match["marker"]) or ""
        if match is None or number in code:
            continue
        if fence:
            if marker.startswith(fence) and not line[match.end("marker") :].strip():
                spaces += _in_start(number, match)
                fence = ""
            continue
        fence = marker if marker[:3] in {"```", "~~~"} else ""
        # A line that begins with a date isn't a list item.
        around = (*source.lines[max(number - 1, 0) : number], *source.lines[number + 1 :][:1])
        if not marker[:1].isdigit() or any(map(_NUMBERED.match, around)):
            spaces += _in_start(number, match)
        spaces += _in_rest(number, line, match)
    return spaces


def _in_start(number: int, match: re.Match[str]) -> Iterator[_Space]:
    """The spaces before and after the marker of a line."""
    marker, indent = match["marker"] or "", match["indent"]
    is_indented = bool(marker) or (_WIDE not in indent and len(indent) <= _MAX_INDENT)
    for run in _ANY.finditer(indent):
        plain = " " * sum(1 + (character == _WIDE) for character in run[0])
        if indent[: run.start()].endswith(">"):
            yield _Space(number, *run.span(), " ", "after >")
        elif ">" in indent[run.end() :]:
            yield _Space(number, *run.span(), plain, "before >")
        elif is_indented:
            place = f"before {marker}" if marker else "at the start of the line"
            yield _Space(number, *run.span(), plain, place)
    after = match["after"]
    if marker and marker != "|" and _ANY.match(after):
        plain = "" if marker[0] in "`~" else " "
        yield _Space(number, *match.span("after"), plain, f"after {marker}")


def _in_rest(number: int, line: str, match: re.Match[str]) -> Iterator[_Space]:
    """The spaces in table rows, in links, and after the line below a heading."""
    if match["marker"] == "|":
        for run in _PIPE.finditer(line, match.start("marker")):
            yield _Space(number, *run.span(), " ", "next to |")
    for link in _LINK.finditer(line):
        if link["between"]:
            yield _Space(number, *link.span("between"), "", "between ] and (")
    if underline := _UNDERLINE.match(line):
        place = f"after {line[: underline.start('after')].strip()}"
        yield _Space(number, *underline.span("after"), "", place)
