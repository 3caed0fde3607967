"""The book's settings, and the declarations of its facts."""

from __future__ import annotations

import re
import string
import warnings
from collections.abc import Collection, Iterable, Iterator
from types import MappingProxyType

from codebook import markdown, origin, toml
from codebook.layout import SLUG
from codebook.parse.shapes import BookShape, CitationShape, CreditShape, FactKindShape
from codebook.problems import Parsed, Problem, Rule, did_you_mean
from codebook.settings import Citation, Credit, FactKind, NameColumn, Settings, Word
from codebook.source import Source

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
"""The form of a language tag: RFC 5646, Section 2.1, without its rarest parts."""


def settings(source: Source) -> Parsed[Settings | None]:
    """The book's settings, or nothing where they cannot be read."""
    read = toml.read(source, 1, source.text)
    places = read.value
    if places is None:
        return Parsed(None, read.problems)
    fitted = toml.fit(places, BookShape)
    shape = fitted.value
    if shape is None:
        return Parsed(None, (*read.problems, *fitted.problems))
    citations = [
        _citation(each, places, ("references", place))
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
        credits=tuple(one for each in credits_ for one in each.value),
    )
    problems = (
        *read.problems,
        *fitted.problems,
        *_faults(shape, places),
        *(problem for each in citations for problem in each.problems),
        *(problem for each in credits_ for problem in each.problems),
    )
    return Parsed(made, problems)


def fact_kinds(source: Source) -> Parsed[tuple[FactKind, ...] | None]:
    """The facts that codes may have, in the order they are declared.

    There is nothing where one cannot be read: no fact can be judged then.
    """
    read = toml.read(source, 1, source.text)
    if read.value is None:
        return Parsed(None, read.problems)
    fitted = toml.fit_each(read.value, FactKindShape)
    kinds = tuple(
        FactKind(
            key,
            shape.label,
            shape.about,
            MappingProxyType(dict(shape.values)),
            frozenset(shape.marked),
        )
        for key, shape in fitted.value.items()
        if shape
    )
    unknown = _unknown_marks(kinds, read.value)
    all_fit = len(kinds) == len(fitted.value)
    return Parsed(kinds if all_fit else None, (*read.problems, *fitted.problems, *unknown))


def _unknown_marks(kinds: Iterable[FactKind], places: toml.TomlText) -> Iterator[Problem]:
    """Marked values that are no values of their fact."""
    for kind in kinds:
        for value in sorted(kind.marked - set(kind.values)):
            yield Problem(
                Rule.UNKNOWN_VALUE,
                places.value((kind.key, "marked"), value),
                f'"{value}" is not a value of "{kind.key}"',
                help=did_you_mean(value, kind.values),
            )


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
            "" if SLUG.fullmatch(shape.path) else "it is not a plain part of an address",
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


def _citation(
    shape: CitationShape, places: toml.TomlText, path: toml.KeyPath
) -> Parsed[tuple[Citation, ...]]:
    key = "pattern"
    try:
        with warnings.catch_warnings(action="error"):
            pattern = re.compile(shape.pattern)
        fault = "the pattern matches an empty text" if pattern.fullmatch("") else ""
    except (re.error, RecursionError, OverflowError, FutureWarning) as error:
        fault = f"this is not a regular expression: {error}"
    else:
        if not fault:
            key, fault = "url", _url_fault(shape.url, pattern.groupindex)
        if not fault:
            return Parsed((Citation(pattern, shape.url),))
    problem = Problem(
        Rule.INVALID_VALUE,
        places.key((*path, key)),
        fault,
        help="write a regular expression with a group (?P<name>…) for each {name} in the url",
    )
    return Parsed((), (problem,))


def _url_fault(url: str, groups: Collection[str]) -> str:
    """Why an address with names in braces cannot be used, or nothing where it can."""
    try:
        fields = [each for each in string.Formatter().parse(url) if each[1] is not None]
        wanted = {str(name) for _, name, _, _ in fields}
        if any(spec or conversion for _, _, spec, conversion in fields):
            return "the url holds more than a name in its braces"
        unknown = sorted(wanted - set(groups))
        if unknown:
            return f'the url names "{unknown[0]}", which is no group of the pattern'
        fault = origin.fault(url.format_map(dict.fromkeys(wanted, "1")).partition("#")[0])
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        return f"the url cannot be used: {error}"
    return f"the url cannot be used: {fault}" if fault else ""


def _credit(
    shape: CreditShape, places: toml.TomlText, path: toml.KeyPath
) -> Parsed[tuple[Credit, ...]]:
    first, last = places.lines((*path, "text"))
    # Lines of a quoted text need not be lines of the file, so only the statement's are certain.
    read = markdown.read(_quoted(places.source, shape.text, first), within=(first, last))
    words = tuple(Word(name, places.value((*path, "documents"), name)) for name in shape.documents)
    if read.value is None:
        return Parsed((), read.problems)
    credit = Credit(words, markdown.text_of(read.value.blocks), read.value.targets)
    return Parsed((credit,), read.problems)


def _quoted(source: Source, text: str, first: int) -> Source:
    """A text of the settings as a source that shows the lines of the file."""
    return Source(source.path, source.shown, "\n" * (first - 1) + text, source.lines)
