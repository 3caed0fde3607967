"""Checks the sections of an article: their headings, and their order in `headings` in book.toml."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Iterator, Sequence

from codebook.book.documents import SECTION_LEVEL
from codebook.diagnostics.diagnostic import Diagnostic, Note, Rule, did_you_mean, similar_word
from codebook.diagnostics.source import Source
from codebook.syntax.rich_text import Heading


def heading_diagnostics(
    headings: Sequence[Heading], known: Sequence[str], source: Source
) -> Iterator[Diagnostic]:
    """Report sections with the same heading, unknown headings, and sections out of order.

    `known` is the allowed headings; if it's empty, any heading is allowed in any order.
    """
    sections = [it for it in headings if it.level == SECTION_LEVEL and it.text]
    firsts = {section.text: section for section in reversed(sections)}
    unused = [text for text in known if text not in firsts]
    allowed = [(index, it.text) for index, it in enumerate(sections) if it.text in known]
    for index, section in enumerate(sections):
        if section is not firsts[section.text]:
            yield _duplicate(section, firsts[section.text])
        elif known and section.text not in known:
            near = similar_word(section.text, known)
            if near in firsts:
                yield _repeated(section, firsts[near])
            else:
                yield _unknown(section, _neighbors(allowed, index), unused, known, source)
    # Which of two sections with the same heading is in the wrong place isn't known.
    repeated = {it.text for it in sections if it is not firsts[it.text]}
    unique = [it for it in sections if it.text in known and it.text not in repeated]
    yield from _misplaced(unique, known)


def _duplicate(section: Heading, first: Heading) -> Diagnostic:
    return Diagnostic(
        Rule.DUPLICATE_SECTION,
        section.span,
        f'the article has two sections "{section.text}"',
        note=Note("the first section is here", first.span),
        help="merge the two sections, or correct one of the headings",
    )


def _neighbors(allowed: Sequence[tuple[int, str]], index: int) -> tuple[str, str]:
    """The nearest allowed headings above and below a section; empty if there are none.

    `allowed` are all of them, with the indexes of their sections.
    """
    after = bisect(allowed, (index, ""))
    above = allowed[after - 1][1] if after else ""
    below = allowed[after][1] if after < len(allowed) else ""
    return above, below


def _unknown(
    section: Heading,
    neighbors: tuple[str, str],
    unused: Sequence[str],
    known: Sequence[str],
    source: Source,
) -> Diagnostic:
    above, below = neighbors
    first = known.index(above) + 1 if above else 0
    last = known.index(below) if below else len(known)
    fitting = [text for text in known[first:last] if text in unused]
    place = f' after "{above}"' if above else f' before "{below}"' if below else ""
    return Diagnostic(
        Rule.UNKNOWN_HEADING,
        section.span,
        f'"{section.text}" is not an allowed heading',
        help=_underline_help(section, source)
        or did_you_mean(
            section.text,
            unused if similar_word(section.text, unused) else fitting,
            f'add it to "headings" in book.toml{place}',
        ),
        subject=f"the heading {section.text}",
    )


def _repeated(section: Heading, other: Heading) -> Diagnostic:
    """The diagnostic for an unknown heading that looks like that of another section."""
    return Diagnostic(
        Rule.UNKNOWN_HEADING,
        section.span,
        f'"{section.text}" is not an allowed heading',
        note=Note(f'the article has a section "{other.text}" here', other.span),
        help="merge the two sections, or use a different heading",
        subject=f"the heading {section.text}",
    )


def _underline_help(heading: Heading, source: Source) -> str:
    """The help if text became a heading because of a line of `-` or `=` below it."""
    below = "".join(source.lines[heading.span.line :][:1])
    if below.strip() and not below.strip(" -="):
        marker = below.strip()[0]
        return f"add a blank line above the line of {marker} to keep the text a paragraph"
    return ""


def _misplaced(sections: Sequence[Heading], known: Sequence[str]) -> Iterator[Diagnostic]:
    """Report the fewest sections that have to move. The helps hold after all of them have moved."""
    positions = [known.index(section.text) for section in sections]
    in_place = _longest_rising(positions)
    by_position = dict(zip(positions, sections, strict=True))
    ordered = sorted(by_position)
    for position in positions:
        if position in in_place:
            continue
        index = ordered.index(position)
        above = by_position[ordered[index - 1]] if index else None
        below = by_position[ordered[index + 1]] if index + 1 < len(ordered) else None
        yield _out_of_order(by_position[position], above, below)


def _out_of_order(section: Heading, above: Heading | None, below: Heading | None) -> Diagnostic:
    note = None
    place = ""
    if below:
        note, place = Note("it belongs above this section", below.span), f'above "{below.text}"'
    if above:
        note = note or Note("it belongs below this section", above.span)
        place = f'between "{above.text}" and "{below.text}"' if below else f'below "{above.text}"'
    return Diagnostic(
        Rule.MISPLACED_SECTION,
        section.span,
        f'"{section.text}" is not in the order that book.toml declares',
        note=note,
        help=f"move the section {place}",
        subject=f"the order of {section.text}",
    )


def _longest_rising(numbers: Sequence[int]) -> Collection[int]:
    """The most of these different numbers that are in rising order, the first ones if possible."""
    rising: dict[int, tuple[int, ...]] = {}
    for number in reversed(numbers):
        after = [rising[other] for other in reversed(rising) if other > number]
        rising[number] = (number, *max(after, key=len, default=()))
    return max(reversed(rising.values()), key=len, default=())
