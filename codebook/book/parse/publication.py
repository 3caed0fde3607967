"""What the settings say to those outside: where pages have gone, and whom to tell of faults."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from codebook.book import base_url
from codebook.book.parse.toml_types import ADDRESS, SecurityShape
from codebook.book.settings import Moved, Security, Word
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Source
from codebook.syntax import links, toml


def moved(
    shape: Mapping[str, str], places: toml.TomlText, source: Source
) -> Parsed[tuple[Moved, ...]]:
    """The addresses that lead on, each with the document that it leads to."""
    diagnostics = tuple(
        Diagnostic(
            Rule.INVALID_VALUE,
            places.key(("moved", address)),
            f'"{address}" is no address that a page had',
            help='write it as the list of addresses does: "guides/old-name/"',
        )
        for address in shape
        if not re.fullmatch(ADDRESS, address)
    )
    made = (
        Moved(
            Word(address, places.key(("moved", address))),
            links.link_target(path, source.path, places.value(("moved", address), path)),
        )
        for address, path in shape.items()
        if re.fullmatch(ADDRESS, address)
    )
    return Parsed(tuple(made), diagnostics)


def security(shape: SecurityShape | None, places: toml.TomlText) -> Parsed[Security | None]:
    """Whom to tell, if the settings say it."""
    if shape is None:
        return Parsed(None)
    diagnostics = tuple(_faults(shape, places))
    made = Security(tuple(shape.contact), shape.expires, shape.policy)
    return Parsed(None if diagnostics else made, diagnostics)


def _faults(shape: SecurityShape, places: toml.TomlText) -> Iterator[Diagnostic]:
    """What RFC 9116, Sections 2.5.3 and 2.5.7, does not allow."""
    if not shape.contact:
        yield Diagnostic(
            Rule.INVALID_VALUE,
            places.key(("security", "contact")),
            "nobody is named",
            help='write contact = ["mailto:…"] or ["https://…"]',
        )
    given = [("contact", each) for each in shape.contact]
    given += [("policy", shape.policy)] if shape.policy else []
    for key, value in given:
        if fault := _fault(value, may_be_mail=key == "contact"):
            yield Diagnostic(
                Rule.INVALID_VALUE,
                places.value(("security", key), value),
                f'the value of "{key}" cannot be used: {fault}',
                help=f"write a whole https{' or mailto' if key == 'contact' else ''} address",
            )


def _fault(value: str, *, may_be_mail: bool) -> str:
    if value.startswith("mailto:") and may_be_mail:
        return links.refusal(value)
    if value.lower().startswith("http:"):
        return "it is not encrypted"
    return base_url.validation_error(value.partition("#")[0])
