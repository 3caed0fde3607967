"""Entries of registers, and lists of addresses, in the order in which the site shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.entries import bullets
from codebook.book.documents import Register
from codebook.book.layout import PUBLISHED_URLS
from codebook.book.parse.published_urls import in_order
from codebook.diagnostics.source import Source
from codebook.syntax import markdown
from codebook.syntax.markdown import Block


def order(manuscript: CheckedContent) -> Mapping[PurePosixPath, bytes]:
    """The files in which something does not stand in order."""
    made: dict[PurePosixPath, bytes] = {}
    for register in manuscript.documents.registers:
        source = manuscript.source(register.path)
        if source and (text := _sorted(register, source)) != source.text:
            made[register.path] = text.encode()
    listed = manuscript.source(PUBLISHED_URLS)
    if listed and listed.text and (text := in_order(listed)) != listed.text:
        made[PUBLISHED_URLS] = text.encode()
    return made


def _sorted(register: Register, source: Source) -> str:
    """The register with the entries of each section in order of number."""
    read = markdown.read(source).value
    lines = list(source.lines)
    for section in register.sections if read else ():
        found = list(bullets(section, read.blocks if read else ()))
        numbers = [number for number, _ in found if number is not None]
        if len(numbers) == len(found) and _is_even([item for _, item in found], source):
            spans = [_span(item, source) for _, item in found]
            texts = [source.lines[first:after] for first, after in spans]
            places = sorted(range(len(numbers)), key=lambda place: numbers[place])
            # From the end, so that the lines before keep their numbers.
            for (first, after), place in reversed(list(zip(spans, places, strict=True))):
                lines[first:after] = texts[place]
    return "\n".join(lines)


def _is_even(items: Sequence[Block], source: Source) -> bool:
    """Whether all bullets look the same: one that is indented may belong to the one before it."""
    firsts = [source.lines[item.first - 1] for item in items]
    return len({line[: len(line) - len(line.lstrip()) + 1] for line in firsts}) <= 1


def _span(item: Block, source: Source) -> tuple[int, int]:
    """The lines of a bullet, counted from 0, without the blank ones behind it."""
    last = item.last
    while last > item.first and not source.lines[last - 1].strip():
        last -= 1
    return item.first - 1, last
