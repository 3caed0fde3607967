"""Parses `words.toml`, and checks the placeholders in each text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from codebook.book.parse.toml_types import LANGUAGE_TAG
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule, did_you_mean, has_error
from codebook.diagnostics.source import Source, Span
from codebook.site.words import PLACEHOLDER, Plural, Words
from codebook.syntax.toml.convert import fit
from codebook.syntax.toml.text import TomlText, read


def parse_words(source: Source) -> Parsed[Words | None]:
    """Return the words of a file; None if one of them is missing or invalid."""
    toml = read(source, 1, source.text)
    if toml.value is None:
        return Parsed(None, toml.diagnostics)
    words = fit(toml.value, Words)
    diagnostics = (
        *toml.diagnostics,
        *words.diagnostics,
        *_language(toml.value),
        *_unknown_placeholders(toml.value, toml.value.values, Words, ()),
    )
    return Parsed(None if has_error(diagnostics) else words.value, diagnostics)


def _language(toml: TomlText) -> Iterator[Diagnostic]:
    language = toml.values.get("language")
    if isinstance(language, str) and language and not re.fullmatch(LANGUAGE_TAG, language):
        yield Diagnostic(
            Rule.INVALID_VALUE,
            toml.value(("language",), language),
            f'"{language}" is not a language tag',
            help='write a BCP 47 tag, such as "en" or "pt-BR"',
        )


def _unknown_placeholders(
    toml: TomlText,
    value: object,
    hint: Any,  # noqa: ANN401 - a type
    path: tuple[str, ...],
) -> Iterator[Diagnostic]:
    """Return a diagnostic for each placeholder that has no value."""
    hint, known = _placeholders(hint)
    if isinstance(value, str):
        for name in PLACEHOLDER.findall(value):
            if name not in known:
                placeholder = f"{{{name}}}"
                message = f'"{path[-1]}" cannot contain the placeholder {placeholder}'
                names = [f"{{{other}}}" for other in known]
                help_text = did_you_mean(placeholder, names) if names else "remove it"
                span = _find(toml, path, placeholder)
                yield Diagnostic(Rule.INVALID_VALUE, span, message, help=help_text)
    elif isinstance(value, dict) and issubclass(hint, Struct):
        hints = get_type_hints(hint, include_extras=True)
        fields = {field.encode_name: field.name for field in msgspec.structs.fields(hint)}
        for key, item in value.items():
            if key in fields:
                inner = Annotated[hints[fields[key]], *known] if known else hints[fields[key]]
                yield from _unknown_placeholders(toml, item, inner, (*path, key))


def _placeholders(hint: Any) -> tuple[Any, tuple[str, ...]]:  # noqa: ANN401 - a type
    """Return a type without its annotation, and the placeholders that it names."""
    names: tuple[str, ...] = ()
    if get_origin(hint) is Annotated:
        hint, *found = get_args(hint)
        names = tuple(found)
    return hint, (*names, "count") if hint is Plural else names


def _find(toml: TomlText, path: tuple[str, ...], text: str) -> Span:
    """Return the span of a text in the value of a key."""
    first, last = toml.lines(path)
    return toml.source.search(text, first, last, toml.key(path).column) or toml.key(path)
