"""JSON Schemas for the TOML in a book, which editors use to complete, explain, and validate it.

The schemas contain the types in `parse.toml_types` and the facts that the book declares. They are
never stricter than the program, which also checks links, file names, and other documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import msgspec

from codebook.book.parse.toml_types import (
    ArticleHead,
    BookToml,
    ClassTextHead,
    ComparisonHead,
    FactKindToml,
    GuideHead,
    TableHead,
)
from codebook.book.settings import FactKind
from codebook.site.api.records import encode

_DIALECT = "http://json-schema.org/draft-07/schema#"
"""An old version that every editor supports."""

_Schema = dict[str, Any]

_UNKNOWN_KEY: Mapping[str, Any] = {"not": {"description": "an unknown key"}}
"""For the value of an unknown key. It is equivalent to `False`, but with `False`, Taplo marks every
line of the file; with this, it marks only the key and shows the description."""


def schemas(kinds: Sequence[FactKind]) -> Mapping[PurePosixPath, bytes]:
    """The schemas of a book that declares these facts, by file name."""
    schemas_by_name: Mapping[str, _Schema] = {
        "book": _schema(BookToml),
        "facts": {
            "description": "The facts that codes can have, in the order in which pages show them.",
            "type": "object",
            "additionalProperties": _schema(FactKindToml),
        },
        "article": _with_facts(_schema(ArticleHead), kinds),
        "class": _schema(ClassTextHead),
        "guide": _schema(GuideHead),
        "table": _schema(TableHead),
        "compare": _with_compared(_schema(ComparisonHead), kinds),
    }
    return {
        PurePosixPath(f"{name}.json"): encode({"$schema": _DIALECT, **schema})
        for name, schema in schemas_by_name.items()
    }


def _schema(toml_type: type[msgspec.Struct]) -> _Schema:
    """The schema of a type, without `$ref`: validators ignore keywords next to one."""
    (top,), parts = msgspec.json.schema_components([toml_type])
    return _inlined(top, parts)


def _inlined(schema: _Schema, parts: Mapping[str, _Schema]) -> _Schema:
    """The schema with each `$ref` replaced by its target, and no unknown keys allowed."""
    if "$ref" in schema:
        part = parts[schema["$ref"].rpartition("/")[2]]
        return _inlined({**part, **{key: schema[key] for key in schema if key != "$ref"}}, parts)
    if "anyOf" in schema:
        # TOML has no null: a value of None means that the key is missing.
        (only,) = (option for option in schema["anyOf"] if option != {"type": "null"})
        return _inlined({**only, **{key: schema[key] for key in schema if key != "anyOf"}}, parts)
    result = {key: schema[key] for key in schema if key not in {"title", "default", "required"}}
    if schema.get("default"):
        result["default"] = schema["default"]
    required = schema.get("required", [])
    if required:
        result["required"] = required
    if "properties" in schema:
        values = {key: _inlined(value, parts) for key, value in schema["properties"].items()}
        result["properties"] = {
            key: _not_blank(value) if key in required else value for key, value in values.items()
        }
        result["additionalProperties"] = _UNKNOWN_KEY
    elif "additionalProperties" in schema:
        result["additionalProperties"] = _not_blank(_inlined(schema["additionalProperties"], parts))
    elif "items" in schema:
        result["items"] = _inlined(schema["items"], parts)
    return result


def _not_blank(schema: _Schema) -> _Schema:
    """The schema of a value that, if it is a string, must not be blank."""
    if schema.get("type") == "string" and not {"pattern", "format"} & schema.keys():
        return {**schema, "pattern": r"\S"}
    return schema


def _with_facts(article: _Schema, kinds: Sequence[FactKind]) -> _Schema:
    """The schema of an article's front matter that allows only the facts of this book."""
    facts = article["properties"]["facts"]
    any_fact = facts.pop("additionalProperties")
    declared = {**facts, "properties": {kind.key: _fact(kind, any_fact) for kind in kinds}}
    declared["additionalProperties"] = _UNKNOWN_KEY
    return {**article, "properties": {**article["properties"], "facts": declared}}


def _fact(kind: FactKind, any_fact: _Schema) -> _Schema:
    """The schema of one fact: its allowed values with their meanings, and its source."""
    keys = any_fact["properties"]
    value = {**keys["value"], "description": kind.about}
    if kind.values:
        del value["pattern"]
        value["enum"] = [*kind.values]
        value["x-taplo"] = {"docs": {"enumValues": [*kind.values.values()]}}
    return {
        **any_fact,
        "description": f"{kind.label}. {kind.about}",
        "required": ["value", "source"],
        "properties": {**keys, "value": value, "source": _not_blank(keys["source"])},
    }


def _with_compared(comparison: _Schema, kinds: Sequence[FactKind]) -> _Schema:
    """The schema of a comparison that allows only the facts of this book."""
    facts = comparison["properties"]["facts"]
    keys = {**facts["items"], "enum": [kind.key for kind in kinds]}
    declared = {**facts, "items": keys}
    return {**comparison, "properties": {**comparison["properties"], "facts": declared}}
