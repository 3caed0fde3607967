"""Check and join classes: the lists of the registers, and the codes of each class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from codebook.book import urls
from codebook.book.book import Chapter, Code, Group, ListedCode
from codebook.book.documents import CodeClass, Documents, Register
from codebook.book.layout import class_text_path
from codebook.book.parse.file_names import merge_help
from codebook.book.parse.numbers import intended_label
from codebook.book.summary import ClassSummary
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule


def class_summary(code_class: CodeClass) -> ClassSummary:
    """Return the class without its location."""
    return ClassSummary(code_class.label, code_class.name, code_class.low, code_class.high)


def join_chapters(documents: Documents, codes: Mapping[int, Code]) -> Parsed[tuple[Chapter, ...]]:
    """Return the classes of all registers, sorted by range."""
    classes: dict[tuple[int, int], CodeClass] = {}
    diagnostics: list[Diagnostic] = []
    for index, register in enumerate(documents.registers):
        for other in documents.registers[:index]:
            diagnostics += _partial_overlaps(register, other, documents)
        for code_class in register.classes:
            classes.setdefault((code_class.low, code_class.high), code_class)
    texts = {text.label.text: text for text in reversed(documents.class_texts)}
    chapters = tuple(
        Chapter(
            class_summary(code_class),
            code_class.span,
            tuple(_groups(code_class, documents.registers, codes)),
            texts.get(code_class.label),
        )
        for _, code_class in sorted(classes.items())
    )
    diagnostics += _orphan_texts(documents, [chapter.code_class.label for chapter in chapters])
    return Parsed(chapters, tuple(diagnostics))


def _orphan_texts(documents: Documents, labels: Sequence[str]) -> Iterator[Diagnostic]:
    """Report texts of classes that no register lists."""
    taken = {text.path for text in documents.class_texts} | documents.unparsed
    free = [label for label in labels if class_text_path(label) not in taken]
    codes_path = documents.settings.codes_path
    for text in documents.class_texts:
        if text.label.text not in labels:
            yield Diagnostic(
                Rule.ORPHAN_CLASS_TEXT,
                text.label.span,
                "no register lists this class anymore"
                if documents.was_published(urls.code_class(codes_path, text.label.text))
                else f'no register lists a class "{text.label.text}"',
                help=_help_for_orphan(text.label.text, labels, free, documents),
                subject=str(text.path),
                follows_from=documents.hiding_class(text.label.text),
            )


def _help_for_orphan(
    label: str, labels: Sequence[str], free: Sequence[str], documents: Documents
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
    code_class: CodeClass, registers: Sequence[Register], codes: Mapping[int, Code]
) -> Iterator[Group]:
    for register in registers:
        for section in register.sections:
            section_class = section.code_class
            if (section_class.low, section_class.high) == (code_class.low, code_class.high):
                numbers = sorted(entry.number for entry in section.entries)
                yield Group(
                    title=section_class.name,
                    slug=section.slug,
                    register=register.path,
                    register_title=register.title,
                    span=section.span,
                    codes=tuple(
                        ListedCode(codes[number].summary, codes[number].text) for number in numbers
                    ),
                )


def _partial_overlaps(
    register: Register, other: Register, documents: Documents
) -> Iterator[Diagnostic]:
    """Report classes whose ranges overlap those of another register but differ.

    They follow from errors in the ranges of one register.
    """
    doubtful = [known.path for known in (register, other) if known.has_doubtful_ranges]
    ranges = {(known.low, known.high): known for known in other.classes}
    for code_class in register.classes:
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
                    follows_from=documents.show(*doubtful),
                )
