"""The book's settings, and the declarations of its facts."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from types import MappingProxyType

from codebook import markdown, origin, toml
from codebook.parse.shapes import BookShape, CitationShape, CreditShape, FactKindShape
from codebook.problems import Parsed, Problem, Rule
from codebook.settings import Citation, Credit, FactKind, NameColumn, Settings, Word
from codebook.source import Source, Span

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
"""The form of a language tag: RFC 5646, Section 2.1, without its rarest parts."""


def settings(source: Source) -> Parsed[Settings]:
    """The book's settings; the defaults where they could not be read."""
    toml_text = toml.read(source, 1, source.text)
    places = toml_text.value
    fitted = toml.fit(places, BookShape)
    if toml_text.problems or fitted.value is None:
        return Parsed(Settings(lost=True), toml_text.problems or fitted.problems)
    shape = fitted.value
    citations = [
        _citation(each, places.key(("references", place, "pattern")))
        for place, each in enumerate(shape.references)
    ]
    credits_ = [
        _credit(each, places, ("credits", place)) for place, each in enumerate(shape.credits)
    ]
    made = Settings(
        title=shape.title,
        description=shape.description,
        language=shape.language,
        path=shape.path,
        url=origin.with_slash(shape.url),
        repository=shape.repository.rstrip("/"),
        branch=shape.branch,
        names=_names(shape, places),
        headings=tuple(shape.headings),
        citations=tuple(one for each in citations for one in each.value),
        credits=tuple(each.value for each in credits_),
    )
    problems = (
        *_faults(shape, places),
        *(problem for each in citations for problem in each.problems),
        *(problem for each in credits_ for problem in each.problems),
    )
    return Parsed(made, problems)


def fact_kinds(source: Source) -> Parsed[tuple[FactKind, ...] | None]:
    """The facts that codes may have, in the order they are declared; nothing if unreadable."""
    toml_text = toml.read(source, 1, source.text)
    if toml_text.problems:
        return Parsed(None, toml_text.problems)
    fitted = toml.fit_each(toml_text.value, FactKindShape)
    kinds = tuple(
        FactKind(key, shape.label, shape.about, MappingProxyType(dict(shape.values)))
        for key, shape in fitted.value.items()
    )
    return Parsed(kinds, fitted.problems)


def _names(shape: BookShape, places: toml.TomlText) -> NameColumn | None:
    if shape.names is None:
        return None
    return NameColumn(
        Word(shape.names.table, places.value(("names", "table"), shape.names.table)),
        Word(shape.names.column, places.value(("names", "column"), shape.names.column)),
    )


def _faults(shape: BookShape, places: toml.TomlText) -> Iterator[Problem]:
    checks = (
        (
            "url",
            origin.fault(shape.url) if shape.url else "",
            "write https://host/ or leave it out",
        ),
        (
            "repository",
            origin.fault(shape.repository) if shape.repository else "",
            "write https://host/owner/name or leave it out",
        ),
        (
            "path",
            "" if _SLUG.fullmatch(shape.path) else "it is not a plain part of an address",
            "use lower-case letters, digits and single hyphens",
        ),
        (
            "language",
            "" if _LANGUAGE.fullmatch(shape.language) else "it is not a language tag",
            'write a tag like "en" or "pt-BR"',
        ),
    )
    for key, fault, cure in checks:
        if fault:
            yield Problem(
                Rule.INVALID_VALUE,
                places.key((key,)),
                f'the value of "{key}" cannot be used: {fault}',
                help=cure,
            )


def _citation(shape: CitationShape, span: Span) -> Parsed[tuple[Citation, ...]]:
    try:
        pattern = re.compile(shape.pattern)
        wanted = {name for _, name, _, _ in string.Formatter().parse(shape.url) if name}
        missing = sorted(wanted - set(pattern.groupindex))
        sample = shape.url.format_map(dict.fromkeys(wanted, "1")).partition("#")[0]
    except (re.error, ValueError, KeyError, IndexError, RecursionError) as error:
        fault = f"this pattern and its url cannot be used: {error}"
    else:
        if missing:
            fault = f'the url names "{missing[0]}", which is no group of the pattern'
        elif pattern.fullmatch(""):
            fault = "the pattern matches nothing at all"
        elif origin.fault(sample):
            fault = f"the url cannot be used: {origin.fault(sample)}"
        else:
            return Parsed((Citation(pattern, shape.url),))
    problem = Problem(
        Rule.INVALID_VALUE,
        span,
        fault,
        help="write a regular expression with a group (?P<name>…) for each {name} in the url",
    )
    return Parsed((), (problem,))


def _credit(
    shape: CreditShape, places: toml.TomlText, path: tuple[str | int, ...]
) -> Parsed[Credit]:
    read = markdown.read(_quoted(places.source, shape.text, places.key((*path, "text"))))
    words = tuple(Word(name, places.value((*path, "documents"), name)) for name in shape.documents)
    credit = Credit(words, markdown.text_of(read.value.blocks), read.value.targets)
    return Parsed(credit, read.problems)


def _quoted(source: Source, text: str, span: Span) -> Source:
    """A text of the settings as a source, so that its problems get a line of the file."""
    return Source(source.path, source.shown, "\n" * (span.line - 1) + text, source.lines)
