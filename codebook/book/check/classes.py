"""Check and join classes: the lists of the registers, and the codes of each class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from codebook.book import urls
from codebook.book.book import Chapter, Code, Group, ListedCode
from codebook.book.documents import CodeClass, Documents, Register
from codebook.book.layout import class_text_path, range_of
from codebook.book.parse.file_names import merge_help
from codebook.book.parse.numbers import intended_label
from codebook.book.summary import ClassSummary
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule

_Range = tuple[int, int]
"""The first and last code of a class."""


def class_summary(code_class: CodeClass) -> ClassSummary:
    """Return the class without its location."""
    return ClassSummary(code_class.label, code_class.name, code_class.low, code_class.high)


def join_chapters(documents: Documents, codes: Mapping[int, Code]) -> Parsed[tuple[Chapter, ...]]:
    """Return the classes of all registers, sorted by range."""
    classes: dict[_Range, CodeClass] = {}
    for register in documents.registers:
        for code_class in register.classes:
            classes.setdefault((code_class.low, code_class.high), code_class)
    groups = _groups(documents.registers, codes)
    texts = {text.label.text: text for text in reversed(documents.class_texts)}
    chapters = tuple(
        Chapter(
            class_summary(code_class),
            code_class.span,
            tuple(groups[range_]),
            texts.get(code_class.label),
        )
        for range_, code_class in sorted(classes.items())
    )
    labels = dict.fromkeys(chapter.code_class.label for chapter in chapters)
    diagnostics = [
        *_partial_overlaps(documents, sorted(classes)),
        *_orphan_texts(documents, labels),
    ]
    return Parsed(chapters, tuple(diagnostics))


def _orphan_texts(documents: Documents, labels: Collection[str]) -> Iterator[Diagnostic]:
    """Report texts of classes that no register lists."""
    taken = {text.path for text in documents.class_texts} | documents.unparsed
    free = [label for label in labels if class_text_path(label) not in taken]
    codes_path = documents.settings.codes_path
    for text in documents.class_texts:
        if text.label.text not in labels:
            # The URL of a class named like a code may be that of the code.
            is_label = bool(range_of(text.label.text))
            url = urls.code_class(codes_path, text.label.text)
            yield Diagnostic(
                Rule.ORPHAN_CLASS_TEXT,
                text.label.span,
                "no register lists this class anymore"
                if is_label and documents.was_published(url)
                else f'no register lists a class "{text.label.text}"',
                help=_help_for_orphan(text.label.text, labels, free, documents),
                subject=str(text.path),
                follows_from=documents.hiding_class(text.label.text),
            )


def _help_for_orphan(
    label: str, labels: Collection[str], free: Sequence[str], documents: Documents
) -> str:
    intended = intended_label(label)
    if intended in free:
        return f"rename the file to {intended}.md"
    if intended in labels:
        (existing,) = documents.show(class_text_path(intended))
        return merge_help(existing)
    names = " or ".join(f"{it}.md" for it in free)
    rename = f"; if it is about another class, rename it to {names}" if free else ""
    return (
        "add its class to the list of a register, "
        f"or move the file out of the content folder{rename}"
    )


def _groups(
    registers: Sequence[Register], codes: Mapping[int, Code]
) -> Mapping[_Range, Sequence[Group]]:
    """The groups of each class."""
    groups: defaultdict[_Range, list[Group]] = defaultdict(list)
    for register in registers:
        for section in register.sections:
            numbers = sorted(entry.number for entry in section.entries)
            groups[section.code_class.low, section.code_class.high].append(
                Group(
                    title=section.code_class.name,
                    slugs=section.slugs,
                    register=register.path,
                    register_title=register.title,
                    span=section.span,
                    codes=tuple(
                        ListedCode(codes[number].summary, codes[number].text) for number in numbers
                    ),
                )
            )
    return groups


def _partial_overlaps(documents: Documents, ranges: Sequence[_Range]) -> Iterator[Diagnostic]:
    """Report classes whose ranges overlap those of another register but differ.

    They follow from errors in the ranges of one register. `ranges` are those of all registers.
    """
    overlapping = _overlapping(ranges)
    suspects = [
        (register, classes)
        for register in documents.registers
        if (classes := [it for it in register.classes if (it.low, it.high) in overlapping])
    ]
    for index, (register, classes) in enumerate(suspects):
        for other, known in suspects[:index]:
            doubtful = [it.path for it in (register, other) if it.has_doubtful_ranges]
            yield from _overlaps(classes, known, documents.show(*doubtful))


def _overlapping(ranges: Iterable[_Range]) -> Collection[_Range]:
    """The ranges that overlap another one. They must be sorted."""
    overlapping: set[_Range] = set()
    widest: _Range | None = None
    for one in ranges:
        low, high = one
        if widest and low <= widest[1]:
            overlapping |= {widest, one}
        widest = one if widest is None or high > widest[1] else widest
    return overlapping


def _overlaps(
    classes: Iterable[CodeClass], others: Iterable[CodeClass], follows_from: tuple[str, ...]
) -> Iterator[Diagnostic]:
    """Report classes of one register that partly overlap those of another one."""
    ranges = {(known.low, known.high): known for known in others}
    for code_class in classes:
        if (code_class.low, code_class.high) in ranges:
            continue
        for known in ranges.values():
            if code_class.low <= known.high and known.low <= code_class.high:
                yield Diagnostic(
                    Rule.OVERLAPPING_CLASS,
                    code_class.span,
                    f"{code_class.low}–{code_class.high} partly overlaps a class of another "
                    f"register, {known.low}–{known.high}",
                    note=Note("the other class is listed here", known.span),
                    help="use the same range in both registers, or ranges that don't overlap",
                    follows_from=follows_from,
                )
