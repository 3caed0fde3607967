"""Parse the symptoms of a code: the messages in the front matter of its article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codebook.book.documents import Symptom
from codebook.book.parse.body import unexpected
from codebook.book.parse.quoted import read_quoted
from codebook.book.parse.toml_types import SymptomToml
from codebook.book.settings import Word
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.syntax import markdown, toml


def parse_symptoms(
    stated: Sequence[SymptomToml], head_toml: toml.TomlText
) -> Parsed[tuple[Symptom, ...]]:
    """Parse the symptoms. Those whose cause can't be parsed are left out."""
    symptoms: list[Symptom] = []
    diagnostics: list[Diagnostic] = []
    for index, symptom in enumerate(stated):
        path = ("symptoms", index)
        cause = read_quoted(symptom.cause, head_toml, (*path, "cause"))
        diagnostics += cause.diagnostics
        if cause.value is None:
            continue
        diagnostics += (
            unexpected(block, head_toml.source, "write it as a paragraph")
            for block in cause.value.blocks
            if block.kind != "paragraph"
        )
        message = " ".join(symptom.message.split())
        symptoms.append(
            Symptom(
                Word(message, head_toml.value((*path, "message"), symptom.message)),
                symptom.program,
                symptom.where,
                markdown.text_of(cause.value.blocks),
                symptom.source,
                symptom.reproduced,
            )
        )
    return Parsed(tuple(symptoms), (*diagnostics, *_repeated(symptoms)))


def _repeated(symptoms: Sequence[Symptom]) -> Iterator[Diagnostic]:
    """Report messages that an article lists twice, even if they are of different programs."""
    firsts: dict[str, Symptom] = {}
    for symptom in symptoms:
        first = firsts.setdefault(symptom.message.text, symptom)
        if first is not symptom:
            yield Diagnostic(
                Rule.INVALID_VALUE,
                symptom.message.span,
                "this message is listed twice",
                note=Note("it is first listed here", first.message.span),
                help="merge the two symptoms",
            )
