"""Classes: what the registers announce, and the codes that each register describes in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from codebook.book.book import Chapter, Code, Group
from codebook.book.documents import ClassText, CodeClass, Documents, Register
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule


def chapters_of(documents: Documents, codes: Mapping[int, Code]) -> Parsed[tuple[Chapter, ...]]:
    """Every class that a register announces, in order of range."""
    classes: dict[tuple[int, int], CodeClass] = {}
    diagnostics: list[Diagnostic] = []
    for place, register in enumerate(documents.registers):
        for code_class in register.classes:
            if place:
                diagnostics += _across(code_class, classes.values())
            classes.setdefault((code_class.low, code_class.high), code_class)
    chapters = tuple(
        Chapter(
            code_class,
            tuple(_groups(code_class, documents.registers, codes)),
            next((each for each in documents.class_texts if _is_of(each, code_class)), None),
        )
        for _, code_class in sorted(classes.items())
    )
    diagnostics += _orphans(documents, chapters)
    return Parsed(chapters, tuple(diagnostics))


def _is_of(text: ClassText, code_class: CodeClass) -> bool:
    return text.label.text == code_class.label


def _orphans(documents: Documents, chapters: Sequence[Chapter]) -> Iterator[Diagnostic]:
    """Texts of classes that no register announces."""
    labels = [chapter.code_class.label for chapter in chapters]
    for text in documents.class_texts:
        if text.label.text not in labels and not documents.lacks_register:
            yield Diagnostic(
                Rule.ORPHAN_CLASS_TEXT,
                text.label.span,
                f'no register announces a class "{text.label.text}"',
                help=f"name the file by a class that is announced: {_files(labels)}",
            )


def _files(labels: Sequence[str]) -> str:
    return ", ".join(f"{label}.md" for label in labels)


def _groups(
    code_class: CodeClass, registers: Sequence[Register], codes: Mapping[int, Code]
) -> Iterator[Group]:
    for register in registers:
        for section in register.sections:
            own = section.code_class
            if (own.low, own.high) == (code_class.low, code_class.high):
                numbers = sorted(entry.number for entry in section.entries)
                found = tuple(codes[number] for number in numbers)
                yield Group(own.name, register, section.span, found)


def _across(code_class: CodeClass, others: Iterable[CodeClass]) -> Iterator[Diagnostic]:
    """Classes of two registers may be the same range, or have nothing in common."""
    for other in others:
        same = (code_class.low, code_class.high) == (other.low, other.high)
        if not same and code_class.low <= other.high and other.low <= code_class.high:
            yield Diagnostic(
                Rule.OVERLAPPING_CLASS,
                code_class.span,
                f"{code_class.low}–{code_class.high} cuts across a class of another register",
                note=Note("the other class is announced here", other.span),
                help=f"announce {other.low}–{other.high} here too, or correct one of the ranges",
            )
