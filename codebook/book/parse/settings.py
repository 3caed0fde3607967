"""Parse `book.toml` and `facts.toml`."""

from __future__ import annotations

import re
import string
import warnings
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from types import MappingProxyType
from typing import TypeVar

from codebook.book import base_url
from codebook.book.layout import SLUG
from codebook.book.parse.body import unexpected
from codebook.book.parse.dates import YEAR_OF_SECURITY_TXT, implausible_date
from codebook.book.parse.quoted import read_quoted
from codebook.book.parse.toml_types import (
    LANGUAGE_TAG,
    MOVED_URL,
    RESERVED_PATHS,
    BookToml,
    CitationToml,
    CreditToml,
    ExchangeToml,
    FactKindToml,
    NameColumnToml,
    SearchColumnToml,
    SecurityToml,
)
from codebook.book.settings import (
    Citation,
    Credit,
    ExchangeKind,
    FactKind,
    Moved,
    NamedColumn,
    Security,
    Settings,
    Word,
)
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule, did_you_mean
from codebook.diagnostics.source import Source
from codebook.syntax import links, markdown, toml

T = TypeVar("T")


def parse_settings(source: Source) -> Parsed[Settings | None]:
    """Parse `book.toml`; None if it isn't valid TOML."""
    parsed_toml = toml.read(source, 1, source.text)
    if parsed_toml.value is None:
        return Parsed(None, parsed_toml.diagnostics)
    fitted = toml.fit(parsed_toml.value, BookToml)
    if fitted.value is None:
        return Parsed(None, (*parsed_toml.diagnostics, *fitted.diagnostics))
    book, book_toml = fitted.value, parsed_toml.value
    exchange = _exchange(book.exchange, book_toml)
    citations = _joined(
        _citation(citation, book_toml, ("references", index))
        for index, citation in enumerate(book.references)
    )
    document_credits = _joined(
        _credit(credit, book_toml, ("credits", index)) for index, credit in enumerate(book.credits)
    )
    moved = _joined(_moved(url, path, book_toml) for url, path in book.moved.items())
    security = _security(book.security, book_toml)
    settings = Settings(
        title=book.title,
        description=book.description,
        language=book.language,
        codes_path=Settings().codes_path if book.path in RESERVED_PATHS else book.path,
        url=base_url.with_slash(book.url),
        repository=book.repository.rstrip("/"),
        branch=book.branch,
        names=_column(book.names, book_toml, ("names",)) if book.names else None,
        search=tuple(
            _column(column, book_toml, ("search", index))
            for index, column in enumerate(book.search)
        ),
        stop_words=tuple(book.stop_words),
        suggestions=_codes(book.suggestions, book_toml, ("suggestions",)),
        exchange=exchange.value,
        headings=tuple(dict.fromkeys(filter(None, map(str.strip, book.headings)))),
        guides=tuple(map(Word, book.guides, book_toml.texts(("guides",), book.guides))),
        tables=tuple(map(Word, book.tables, book_toml.texts(("tables",), book.tables))),
        citations=citations.value,
        credits=document_credits.value,
        moved=moved.value,
        security=security.value,
    )
    diagnostics = (
        *parsed_toml.diagnostics,
        *fitted.diagnostics,
        *_invalid_values(book, book_toml),
        *_invalid_headings(book.headings, book_toml),
        *exchange.diagnostics,
        *citations.diagnostics,
        *document_credits.diagnostics,
        *moved.diagnostics,
        *security.diagnostics,
    )
    return Parsed(settings, diagnostics)


def parse_fact_kinds(source: Source) -> Parsed[tuple[FactKind, ...] | None]:
    """Parse `facts.toml`, in source order.

    The result is None if any declaration is invalid, because facts can't be checked then.
    """
    parsed_toml = toml.read(source, 1, source.text)
    if parsed_toml.value is None:
        return Parsed(None, parsed_toml.diagnostics)
    fitted = toml.fit_each(parsed_toml.value, FactKindToml)
    kinds = tuple(
        FactKind(
            key,
            kind.label,
            kind.about,
            MappingProxyType(dict(kind.values)),
            tuple(sorted(kind.marked)),
            tuple(sorted(kind.usual)),
            parsed_toml.value.key((key,)),
        )
        for key, kind in fitted.value.items()
        if kind
    )
    unknown = _unknown_values(kinds, parsed_toml.value)
    is_complete = len(kinds) == len(fitted.value)
    diagnostics = (*parsed_toml.diagnostics, *fitted.diagnostics, *unknown)
    return Parsed(kinds if is_complete else None, diagnostics)


def _unknown_values(kinds: Iterable[FactKind], facts_toml: toml.TomlText) -> Iterator[Diagnostic]:
    """Report marked and usual values that their fact doesn't have."""
    for kind in kinds:
        for key, listed in (("marked", kind.marked), ("usual", kind.usual)):
            for value in sorted({*listed} - set(kind.values)):
                yield Diagnostic(
                    Rule.UNKNOWN_VALUE,
                    facts_toml.value((kind.key, key), value),
                    f'"{value}" is not a value of "{kind.key}"',
                    help=did_you_mean(value, kind.values),
                )


def _joined(parts: Iterable[Parsed[tuple[T, ...]]]) -> Parsed[tuple[T, ...]]:
    """Concatenate the values and the diagnostics of all parts."""
    values: list[T] = []
    diagnostics: list[Diagnostic] = []
    for part in parts:
        values += part.value
        diagnostics += part.diagnostics
    return Parsed(tuple(values), tuple(diagnostics))


def _column(
    column: NameColumnToml | SearchColumnToml, book_toml: toml.TomlText, path: toml.KeyPath
) -> NamedColumn:
    return NamedColumn(
        Word(column.table, book_toml.value((*path, "table"), column.table)),
        Word(column.column, book_toml.value((*path, "column"), column.column)),
    )


def _exchange(
    exchange: ExchangeToml | None, book_toml: toml.TomlText
) -> Parsed[ExchangeKind | None]:
    if exchange is None:
        return Parsed(None)
    diagnostics: list[Diagnostic] = []
    patterns: dict[str, re.Pattern[str]] = {}
    for key, text in (
        ("request", exchange.request),
        ("response", exchange.response),
        ("fields", exchange.fields),
    ):
        pattern, error = _pattern(text)
        if pattern and key != "fields" and "label" not in pattern.groupindex:
            error = "the pattern has no group (?P<label>…)"
        if pattern and not error:
            patterns[key] = pattern
        elif text or key != "fields":
            span = book_toml.key(("exchange", key))
            help_text = "write a regular expression that matches the text to show in the diagram"
            diagnostics.append(Diagnostic(Rule.INVALID_VALUE, span, error, help=help_text))
    if diagnostics:
        return Parsed(None, tuple(diagnostics))
    return Parsed(
        ExchangeKind(
            exchange.language,
            exchange.client,
            exchange.server,
            patterns["request"],
            patterns["response"],
            patterns.get("fields"),
        )
    )


def _pattern(text: str) -> tuple[re.Pattern[str] | None, str]:
    """Compile a regular expression; returns an error if it isn't usable."""
    try:
        with warnings.catch_warnings(action="error"):
            pattern = re.compile(text)
    except (re.error, RecursionError, OverflowError, FutureWarning) as error:
        return None, f"invalid regular expression: {error}"
    if pattern.fullmatch(""):
        return None, "the pattern matches an empty string"
    return pattern, ""


def _invalid_values(book: BookToml, book_toml: toml.TomlText) -> Iterator[Diagnostic]:
    checks = (
        (
            "url",
            base_url.validation_error(book.url) if book.url else "",
            "write https://host/, or remove the key",
        ),
        (
            "repository",
            base_url.validation_error(book.repository) if book.repository else "",
            "write https://host/owner/name, or remove the key",
        ),
        (
            "path",
            "" if SLUG.fullmatch(book.path) else "it cannot be part of a URL",
            "use only lowercase letters, digits, and single hyphens",
        ),
        (
            "path",
            "other pages or records use it" if book.path in RESERVED_PATHS else "",
            'use a different value, such as "codes"',
        ),
        (
            "language",
            "" if re.fullmatch(LANGUAGE_TAG, book.language) else "it is not a language tag",
            'use a tag such as "en" or "pt-BR"',
        ),
    )
    for key, error, help_text in checks:
        if error:
            yield Diagnostic(
                Rule.INVALID_VALUE,
                book_toml.key((key,)),
                f'the value of "{key}" is invalid: {error}',
                help=help_text,
            )


def _invalid_headings(headings: Collection[str], book_toml: toml.TomlText) -> Iterator[Diagnostic]:
    """Report empty headings and headings that are listed twice."""
    written = {heading.strip(): heading for heading in headings}
    counts = Counter(heading.strip() for heading in headings)
    for heading, count in counts.items():
        if heading and count == 1:
            continue
        message, help_text = f'"{heading}" is listed twice in "headings"', "remove one of them"
        if not heading:
            message, help_text = 'a heading in "headings" is empty', "remove it"
        span = book_toml.value(("headings",), f'"{written[heading]}"')
        yield Diagnostic(Rule.INVALID_VALUE, span, message, help=help_text)


def _citation(
    citation: CitationToml, book_toml: toml.TomlText, path: toml.KeyPath
) -> Parsed[tuple[Citation, ...]]:
    key = "pattern"
    pattern, error = _pattern(citation.pattern)
    if pattern:
        key, error = "url", _url_template_error(citation.url, pattern.groupindex)
        if not error:
            return Parsed((Citation(pattern, citation.url),))
    diagnostic = Diagnostic(
        Rule.INVALID_VALUE,
        book_toml.key((*path, key)),
        error,
        help="write a regular expression with a group (?P<name>…) for each {name} in the URL",
    )
    return Parsed((), (diagnostic,))


def _url_template_error(url: str, groups: Collection[str]) -> str:
    """Why a URL template is invalid; empty if it's valid."""
    try:
        fields = [field for field in string.Formatter().parse(url) if field[1] is not None]
        names = {str(name) for _, name, _, _ in fields}
        if any(spec or conversion for _, _, spec, conversion in fields):
            return "the braces in the URL can contain only the name of a group"
        unknown = sorted(names - set(groups))
        if unknown:
            return f'the pattern has no group "{unknown[0]}"'
        error = base_url.validation_error(
            url.format_map(dict.fromkeys(names, "1")).partition("#")[0]
        )
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        return "the URL is invalid: it contains a malformed placeholder"
    return f"the URL is invalid: {error}" if error else ""


def _codes(
    numbers: Sequence[int], book_toml: toml.TomlText, path: toml.KeyPath
) -> tuple[Word, ...]:
    texts = [*map(str, numbers)]
    return tuple(map(Word, texts, book_toml.texts(path, texts)))


def _credit(
    credit: CreditToml, book_toml: toml.TomlText, path: toml.KeyPath
) -> Parsed[tuple[Credit, ...]]:
    document = read_quoted(credit.text, book_toml, (*path, "text"))
    if document.value is None:
        return Parsed((), document.diagnostics)
    documents = tuple(
        Word(name, book_toml.value((*path, "documents"), name)) for name in credit.documents
    )
    blocks, targets = document.value.blocks, document.value.targets
    alerts = (
        unexpected(block, book_toml.source, "write it as a paragraph")
        for block in blocks
        if block.kind == "alert"
    )
    codes = _codes(credit.codes, book_toml, (*path, "codes"))
    credit_text = Credit(documents, codes, markdown.text_of(blocks), targets)
    return Parsed((credit_text,), (*document.diagnostics, *alerts))


def _moved(url: str, path: str, book_toml: toml.TomlText) -> Parsed[tuple[Moved, ...]]:
    span = book_toml.key(("moved", url))
    target_span = book_toml.value(("moved", url), path)
    target = links.link_target(path, book_toml.source.path, target_span)
    if re.fullmatch(MOVED_URL, url):
        return Parsed((Moved(Word(url, span), target),))
    intended = f"{url.removesuffix('index.html').strip('/')}/"
    is_clear = re.fullmatch(MOVED_URL, intended) is not None
    diagnostic = Diagnostic(
        Rule.INVALID_VALUE,
        span,
        f'"{url}" cannot be the URL of a page',
        help=f'did you mean "{intended}"?'
        if is_clear
        else 'write the URL as in addresses.txt: "guides/old-name/"',
    )
    # The URL that is meant isn't lost.
    return Parsed((Moved(Word(intended, span), target),) if is_clear else (), (diagnostic,))


def _security(security: SecurityToml | None, book_toml: toml.TomlText) -> Parsed[Security | None]:
    if security is None:
        return Parsed(None)
    diagnostics = tuple(_invalid_security(security, book_toml))
    if diagnostics:
        return Parsed(None, diagnostics)
    return Parsed(Security(tuple(security.contact), security.expires, security.policy))


def _invalid_security(security: SecurityToml, book_toml: toml.TomlText) -> Iterator[Diagnostic]:
    """Report violations of RFC 9116, Sections 2.5.3 and 2.5.7, and an impossible date."""
    if not security.contact:
        yield Diagnostic(
            Rule.INVALID_VALUE,
            book_toml.key(("security", "contact")),
            "the list of contacts is empty",
            help='write contact = ["mailto:…"] or contact = ["https://…"]',
        )
    urls = [("contact", url) for url in security.contact]
    urls += [("policy", security.policy)] if security.policy else []
    for key, url in urls:
        if error := _security_url_error(url, may_be_mail=key == "contact"):
            yield Diagnostic(
                Rule.INVALID_VALUE,
                book_toml.value(("security", key), url),
                f'the value of "{key}" is invalid: {error}',
                help=f"write a full https{' or mailto' if key == 'contact' else ''} URL",
            )
    span = book_toml.value(("security", "expires"), security.expires.isoformat())
    yield from implausible_date("expires", security.expires, YEAR_OF_SECURITY_TXT, span)


def _security_url_error(url: str, *, may_be_mail: bool) -> str:
    if url.startswith("mailto:") and may_be_mail:
        return links.refusal(url)
    if url.lower().startswith("http:"):
        return "it does not use https"
    return base_url.validation_error(url.partition("#")[0])
