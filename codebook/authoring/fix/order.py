"""Sorts the entries of registers and the list of published URLs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.entries import list_items
from codebook.book.documents import Register
from codebook.book.layout import PUBLISHED_URLS
from codebook.book.parse.published_urls import sort_urls
from codebook.diagnostics.source import Source
from codebook.syntax import markdown
from codebook.syntax.markdown import Block


def fixed_order(content: CheckedContent) -> Mapping[PurePosixPath, bytes]:
    """The unsorted files, sorted."""
    files: dict[PurePosixPath, bytes] = {}
    for register in content.documents.registers:
        source = content.source(register.path)
        if source and (text := _sorted(register, source)) != source.text:
            files[register.path] = text.encode()
    urls = content.source(PUBLISHED_URLS)
    if urls and urls.text and (text := sort_urls(urls)) != urls.text:
        files[PUBLISHED_URLS] = text.encode()
    return files


def _sorted(register: Register, source: Source) -> str:
    """The register with the entries of each section sorted by number."""
    document = markdown.read(source).value
    lines = list(source.lines)
    for section in register.sections if document else ():
        items = list(list_items(section, document.blocks if document else ()))
        numbers = [number for number, _ in items if number is not None]
        if len(numbers) == len(items) and _has_uniform_bullets([item for _, item in items], source):
            ranges = [_line_range(item, source) for _, item in items]
            texts = [source.lines[first:after] for first, after in ranges]
            order = sorted(range(len(numbers)), key=lambda index: numbers[index])
            # From the end, so that earlier line numbers stay valid.
            for (first, after), index in reversed(list(zip(ranges, order, strict=True))):
                lines[first:after] = texts[index]
    return "\n".join(lines)


def _has_uniform_bullets(items: Sequence[Block], source: Source) -> bool:
    """Whether all bullets look the same; an indented item may belong to the item before it."""
    firsts = [source.lines[item.first - 1] for item in items]
    return len({line[: len(line) - len(line.lstrip()) + 1] for line in firsts}) <= 1


def _line_range(item: Block, source: Source) -> tuple[int, int]:
    """The lines of a list item, counted from 0, without trailing empty lines."""
    last = item.last
    while last > item.first and not source.lines[last - 1].strip():
        last -= 1
    return item.first - 1, last
