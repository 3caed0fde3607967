"""The book's settings, and the declarations of its facts."""

from __future__ import annotations

import re
import string
import warnings
from collections.abc import Collection, Iterable, Iterator
from types import MappingProxyType

from codebook.book import base_url
from codebook.book.layout import SLUG
from codebook.book.parse import publication
from codebook.book.parse.toml_types import (
    LANGUAGE,
    TAKEN,
    BookShape,
    CitationShape,
    CreditShape,
    ExchangeShape,
    FactKindShape,
    NamesShape,
    SearchShape,
)
from codebook.book.settings import (
    Citation,
    Credit,
    ExchangeKind,
    FactKind,
    NamedColumn,
    Settings,
    Word,
)
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule, did_you_mean
from codebook.diagnostics.source import Source
from codebook.syntax import markdown, toml


def settings(source: Source) -> Parsed[Settings | None]:
    """The book's settings, or nothing where they cannot be read."""
    read = toml.read(source, 1, source.text)
    places = read.value
    if places is None:
        return Parsed(None, read.diagnostics)
    fitted = toml.fit(places, BookShape)
    shape = fitted.value
    if shape is None:
        return Parsed(None, (*read.diagnostics, *fitted.diagnostics))
    citations = [
        _citation(each, places, ("references", place))
        for place, each in enumerate(shape.references)
    ]
    credits_ = [
        _credit(each, places, ("credits", place)) for place, each in enumerate(shape.credits)
    ]
    exchange = _exchange(shape.exchange, places)
    moved = publication.moved(shape.moved, places, source)
    security = publication.security(shape.security, places)
    made = Settings(
        title=shape.title,
        description=shape.description,
        language=shape.language,
        path=shape.path,
        url=base_url.with_slash(shape.url),
        repository=shape.repository.rstrip("/"),
        branch=shape.branch,
        names=_column(shape.names, places, ("names",)) if shape.names else None,
        search=tuple(
            _column(each, places, ("search", place)) for place, each in enumerate(shape.search)
        ),
        exchange=exchange.value,
        headings=tuple(shape.headings),
        citations=tuple(one for each in citations for one in each.value),
        credits=tuple(one for each in credits_ for one in each.value),
        moved=moved.value,
        security=security.value,
    )
    diagnostics = (
        *read.diagnostics,
        *fitted.diagnostics,
        *_faults(shape, places),
        *exchange.diagnostics,
        *(diagnostic for each in citations for diagnostic in each.diagnostics),
        *(diagnostic for each in credits_ for diagnostic in each.diagnostics),
        *moved.diagnostics,
        *security.diagnostics,
    )
    return Parsed(made, diagnostics)


def fact_kinds(source: Source) -> Parsed[tuple[FactKind, ...] | None]:
    """The facts that codes may have, in the order they are declared.

    There is nothing where one cannot be read: no fact can be judged then.
    """
    read = toml.read(source, 1, source.text)
    if read.value is None:
        return Parsed(None, read.diagnostics)
    fitted = toml.fit_each(read.value, FactKindShape)
    kinds = tuple(
        FactKind(
            key,
            shape.label,
            shape.about,
            MappingProxyType(dict(shape.values)),
            frozenset(shape.marked),
            read.value.key((key,)),
        )
        for key, shape in fitted.value.items()
        if shape
    )
    unknown = _unknown_marks(kinds, read.value)
    all_fit = len(kinds) == len(fitted.value)
    return Parsed(kinds if all_fit else None, (*read.diagnostics, *fitted.diagnostics, *unknown))


def _unknown_marks(kinds: Iterable[FactKind], places: toml.TomlText) -> Iterator[Diagnostic]:
    """Marked values that are no values of their fact."""
    for kind in kinds:
        for value in sorted(kind.marked - set(kind.values)):
            yield Diagnostic(
                Rule.UNKNOWN_VALUE,
                places.value((kind.key, "marked"), value),
                f'"{value}" is not a value of "{kind.key}"',
                help=did_you_mean(value, kind.values),
            )


def _column(
    shape: NamesShape | SearchShape, places: toml.TomlText, path: toml.KeyPath
) -> NamedColumn:
    return NamedColumn(
        Word(shape.table, places.value((*path, "table"), shape.table)),
        Word(shape.column, places.value((*path, "column"), shape.column)),
    )


def _exchange(shape: ExchangeShape | None, places: toml.TomlText) -> Parsed[ExchangeKind | None]:
    if shape is None:
        return Parsed(None)
    diagnostics: list[Diagnostic] = []
    patterns: dict[str, re.Pattern[str]] = {}
    for key, text in (
        ("request", shape.request),
        ("response", shape.response),
        ("fields", shape.fields),
    ):
        pattern, fault = _pattern(text)
        if pattern and key != "fields" and "label" not in pattern.groupindex:
            fault = "the pattern has no group (?P<label>…)"
        if pattern and not fault:
            patterns[key] = pattern
        elif text or key != "fields":
            where = places.key(("exchange", key))
            cure = "write a regular expression that finds what a drawing is to show"
            diagnostics.append(Diagnostic(Rule.INVALID_VALUE, where, fault, help=cure))
    if diagnostics:
        return Parsed(None, tuple(diagnostics))
    return Parsed(
        ExchangeKind(
            shape.language,
            shape.client,
            shape.server,
            patterns["request"],
            patterns["response"],
            patterns.get("fields"),
        )
    )


def _pattern(text: str) -> tuple[re.Pattern[str] | None, str]:
    """The regular expression that a text is, or why it is none."""
    try:
        with warnings.catch_warnings(action="error"):
            pattern = re.compile(text)
    except (re.error, RecursionError, OverflowError, FutureWarning) as error:
        return None, f"this is not a regular expression: {error}"
    if pattern.fullmatch(""):
        return None, "the pattern matches an empty text"
    return pattern, ""


def _faults(shape: BookShape, places: toml.TomlText) -> Iterator[Diagnostic]:
    checks = (
        (
            "url",
            base_url.validation_error(shape.url) if shape.url else "",
            "write https://host/ or leave it out",
        ),
        (
            "repository",
            base_url.validation_error(shape.repository) if shape.repository else "",
            "write https://host/owner/name or leave it out",
        ),
        (
            "path",
            "" if SLUG.fullmatch(shape.path) else "it is not a plain part of an address",
            "use lower-case letters, digits and single hyphens",
        ),
        (
            "path",
            "records of something else have this place" if shape.path in TAKEN else "",
            'use another word, like "codes"',
        ),
        (
            "language",
            "" if re.fullmatch(LANGUAGE, shape.language) else "it is not a language tag",
            'write a tag like "en" or "pt-BR"',
        ),
    )
    for key, fault, cure in checks:
        if fault:
            yield Diagnostic(
                Rule.INVALID_VALUE,
                places.key((key,)),
                f'the value of "{key}" cannot be used: {fault}',
                help=cure,
            )


def _citation(
    shape: CitationShape, places: toml.TomlText, path: toml.KeyPath
) -> Parsed[tuple[Citation, ...]]:
    key = "pattern"
    pattern, fault = _pattern(shape.pattern)
    if pattern:
        key, fault = "url", _url_fault(shape.url, pattern.groupindex)
        if not fault:
            return Parsed((Citation(pattern, shape.url),))
    diagnostic = Diagnostic(
        Rule.INVALID_VALUE,
        places.key((*path, key)),
        fault,
        help="write a regular expression with a group (?P<name>…) for each {name} in the url",
    )
    return Parsed((), (diagnostic,))


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
        fault = base_url.validation_error(
            url.format_map(dict.fromkeys(wanted, "1")).partition("#")[0]
        )
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
        return Parsed((), read.diagnostics)
    credit = Credit(words, markdown.text_of(read.value.blocks), read.value.targets)
    return Parsed((credit,), read.diagnostics)


def _quoted(source: Source, text: str, first: int) -> Source:
    """A text of the settings as a source that shows the lines of the file."""
    return Source(source.path, source.display_path, "\n" * (first - 1) + text, source.lines)
