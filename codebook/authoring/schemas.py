"""What is written by hand, as JSON Schema: editors complete, explain and check it by these.

The schemas say what the types in `parse.shapes` say, and which facts the book declares. They are
never stricter than the program, which knows more: links, names of files, other documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import msgspec

from codebook.book.parse.toml_types import (
    ArticleHead,
    BookShape,
    ClassTextHead,
    ComparisonHead,
    FactKindShape,
    TableHead,
)
from codebook.book.settings import FactKind
from codebook.site.api.api_bytes import written

_DIALECT = "http://json-schema.org/draft-07/schema#"
"""An old one, which every editor knows."""
_SAID = r"\S"
"""Found in whatever is not empty."""

_Schema = dict[str, Any]

_UNREAD: Mapping[str, Any] = {"not": {"description": "an unknown key"}}
"""Of the value of an unknown key. It means what `False` means; but Taplo, which would then mark
each line of the file, marks the key alone, and repeats these words."""


def schemas(kinds: Sequence[FactKind]) -> Mapping[PurePosixPath, bytes]:
    """A schema for each kind of TOML in a book that declares these facts, by its file name."""
    made: Mapping[str, _Schema] = {
        "book": _schema(BookShape),
        "facts": {
            "description": "The facts that codes may have, in the order in which pages show them.",
            "type": "object",
            "additionalProperties": _schema(FactKindShape),
        },
        "article": _with_facts(_schema(ArticleHead), kinds),
        "class": _schema(ClassTextHead),
        "table": _schema(TableHead),
        "compare": _with_compared(_schema(ComparisonHead), kinds),
    }
    return {
        PurePosixPath(f"{name}.json"): written({"$schema": _DIALECT, **schema})
        for name, schema in made.items()
    }


def _schema(shape: type[msgspec.Struct]) -> _Schema:
    """The schema of a type, in one piece: what stands beside a `$ref` is not read."""
    (top,), parts = msgspec.json.schema_components([shape])
    return _whole(top, parts)


def _whole(schema: _Schema, parts: Mapping[str, _Schema]) -> _Schema:
    """The schema with what it refers to in the place of the reference, and no unknown keys."""
    if "$ref" in schema:
        own = parts[schema["$ref"].rpartition("/")[2]]
        return _whole({**own, **{key: schema[key] for key in schema if key != "$ref"}}, parts)
    if "anyOf" in schema:
        # TOML has no null: what may be None is a key that is left out.
        (only,) = (each for each in schema["anyOf"] if each != {"type": "null"})
        return _whole({**only, **{key: schema[key] for key in schema if key != "anyOf"}}, parts)
    made = {key: schema[key] for key in schema if key not in {"title", "default", "required"}}
    if schema.get("default"):
        made["default"] = schema["default"]
    required = schema.get("required", [])
    if required:
        made["required"] = required
    if "properties" in schema:
        made["properties"] = {
            key: _said(_whole(each, parts), is_needed=key in required)
            for key, each in schema["properties"].items()
        }
        made["additionalProperties"] = _UNREAD
    elif "additionalProperties" in schema:
        inner = _whole(schema["additionalProperties"], parts)
        made["additionalProperties"] = _said(inner, is_needed=True)
    elif "items" in schema:
        made["items"] = _whole(schema["items"], parts)
    return made


def _said(schema: _Schema, *, is_needed: bool) -> _Schema:
    """The schema of a value, which may not be empty where it is needed."""
    if is_needed and schema.get("type") == "string" and not {"pattern", "format"} & schema.keys():
        return {**schema, "pattern": _SAID}
    return schema


def _with_facts(article: _Schema, kinds: Sequence[FactKind]) -> _Schema:
    """The schema of an article's head, with the facts of this book and no others."""
    facts = article["properties"]["facts"]
    of_any = facts.pop("additionalProperties")
    own = {**facts, "properties": {each.key: _fact(each, of_any) for each in kinds}}
    own["additionalProperties"] = _UNREAD
    return {**article, "properties": {**article["properties"], "facts": own}}


def _fact(kind: FactKind, of_any: _Schema) -> _Schema:
    """The schema of one fact: its values, each with its meaning, and a source."""
    keys = of_any["properties"]
    value = {**keys["value"], "description": kind.about}
    if kind.values:
        del value["pattern"]
        value["enum"] = [*kind.values]
        value["x-taplo"] = {"docs": {"enumValues": [*kind.values.values()]}}
    return {
        **of_any,
        "description": f"{kind.label}. {kind.about}",
        "required": ["value", "source"],
        "properties": {**keys, "value": value, "source": _said(keys["source"], is_needed=True)},
    }


def _with_compared(comparison: _Schema, kinds: Sequence[FactKind]) -> _Schema:
    """The schema of a comparison, with the keys of the facts of this book."""
    facts = comparison["properties"]["facts"]
    keys = {**facts["items"], "enum": [each.key for each in kinds]}
    own = {**facts, "items": keys}
    return {**comparison, "properties": {**comparison["properties"], "facts": own}}
