"""Find unresolved merge conflicts in texts of any kind.

Git, Mercurial, Subversion, Fossil, and Jujutsu mark them alike: `<<<<<<<`, the versions, `>>>>>>>`.
The markers between the versions differ, and can be valid Markdown: `=======` underlines a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codebook.diagnostics.diagnostic import Diagnostic, Note, Rule
from codebook.diagnostics.source import Source

_BEGIN = re.compile(r"[ \t]*(?P<sign><{7,})(?: .*)?")
_END = re.compile(r"[ \t]*(?P<sign>>{7,})(?: .*)?")
"""Editors can indent markers. Git makes those of conflicts inside conflicts longer."""
_LENGTH = 7
"""The length of a marker without its beginning; a longer `>` can be a block quote."""
_BETWEEN = re.compile(r"\|{7} [^|]+")
_BETWEEN_LINES = re.compile(r"={7}|\|{7}")
"""A marker between versions, in files that aren't Markdown."""
_SUFFIXES_OF_LINES = frozenset({".csv", ".txt"})

_SIDES = "keep only the lines that are right, and remove the others and the markers"


def conflict_diagnostics(source: Source) -> Iterator[Diagnostic]:
    """Report each conflict once, at its first marker; also a marker that was left over.

    Resolving a conflict takes a decision, so the help never says which version is right.
    """
    for first, last in _conflicts(source):
        yield Diagnostic(
            Rule.MERGE_CONFLICT,
            source.whole(first),
            "unresolved merge conflict",
            note=Note("it ends here", source.whole(last)) if last > first else None,
            help=f"between the markers, {_SIDES}"
            if last > first
            else f"the other markers are missing: {_SIDES}",
        )


def _conflicts(source: Source) -> list[tuple[int, int]]:
    """The first and last line of each conflict; the same line for a marker without its pair."""
    begun: list[tuple[int, str]] = []
    found: list[tuple[int, int]] = []
    if not any(sign * _LENGTH in source.text for sign in "<>|="):
        return found
    for number, line in enumerate(source.lines, start=1):
        if begin := _BEGIN.fullmatch(line):
            begun.append((number, begin["sign"]))
        elif end := _END.fullmatch(line):
            if begun and len(begun[-1][1]) == len(end["sign"]):
                first, _ = begun.pop()
                # Conflicts inside this one are part of it.
                while found and found[-1][0] > first:
                    found.pop()
                found.append((first, number))
            elif len(end["sign"]) == _LENGTH:
                found.append((number, number))
        elif not begun and _is_between(line, source):
            found.append((number, number))
    return sorted([*found, *((number, number) for number, _ in begun)])


def _is_between(line: str, source: Source) -> bool:
    """Whether a line is a marker between versions, and nothing else."""
    if source.path.suffix in _SUFFIXES_OF_LINES and _BETWEEN_LINES.fullmatch(line):
        return True
    return _BETWEEN.fullmatch(line) is not None
