"""The schemas of the records: a JSON schema for each kind, and an OpenAPI description of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from pathlib import PurePosixPath

import msgspec

from codebook.book import urls
from codebook.book.summary import BookSummary
from codebook.site.api.records import ClassRecord, CodeRecord, IndexRecord, TableRecord, encode

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_KINDS: Mapping[str, type[msgspec.Struct]] = {
    "index": IndexRecord,
    "code": CodeRecord,
    "class": ClassRecord,
    "table": TableRecord,
}
"""The type of records that each schema describes, by name."""

_Object = dict[str, object]


SCHEMAS = tuple(_KINDS)
"""The names of all schemas."""


def schema_file(name: str, book: BookSummary) -> bytes:
    """The schema of a kind of record."""
    return encode(_schema(name, _KINDS[name], book))


def openapi_file(book: BookSummary) -> bytes:
    """The OpenAPI description."""
    return encode(_openapi(book))


def _schema(name: str, record_type: type[msgspec.Struct], book: BookSummary) -> _Object:
    base = book.settings.url
    identity = {"$id": base + urls.schema(name)} if base else {}
    return {"$schema": _DIALECT, **identity, **_json_schema(record_type)}


@cache
def _json_schema(record_type: type[msgspec.Struct]) -> Mapping[str, object]:
    return msgspec.json.schema(record_type)


def _openapi(book: BookSummary) -> _Object:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": book.title,
            "version": "1",
            "description": " ".join(filter(None, [book.settings.description, _PROMISE])),
        },
        "jsonSchemaDialect": _DIALECT,
        "servers": [{"url": _server(book)}],
        "paths": dict(_paths(book)),
        "components": {"schemas": _components()},
    }


@cache
def _components() -> Mapping[str, object]:
    _, components = msgspec.json.schema_components(
        _KINDS.values(), ref_template="#/components/schemas/{name}"
    )
    return components


_PROMISE = (
    "Each record is a static file, generated together with the pages of the site. Records of this "
    "version can get new keys, but no key is renamed or removed."
)


def _server(book: BookSummary) -> str:
    """The URL that clients append paths to, without a trailing slash: paths start with one."""
    base = book.settings.url
    return base + urls.API if base else f"../{PurePosixPath(urls.API).name}"


def _paths(book: BookSummary) -> Iterator[tuple[str, _Object]]:
    """A path for each kind of record in the book."""
    prefix = book.settings.codes_path
    codes = PurePosixPath(urls.code_json(prefix, 0)).parent
    labels = [code_class.label for code_class in book.classes]
    slugs = [table.slug for table in book.tables]
    yield _path(urls.API_INDEX), _operation("index", "The index of all records.")
    yield (
        _path(f"{codes}/{{number}}.json"),
        _operation("code", "Everything about a code.", "number", "integer", [*book.codes]),
    )
    yield (
        _path(urls.class_json("{label}")),
        _operation("class", "A class and its codes.", "label", "string", labels),
    )
    if slugs:
        yield (
            _path(urls.table_json("{slug}")),
            _operation("table", "A table.", "slug", "string", slugs),
        )


def _path(url: str) -> str:
    return url.removeprefix(urls.API)


def _operation(
    kind: str, summary: str, key: str = "", of_type: str = "", values: Sequence[int | str] = ()
) -> _Object:
    """The operation for a path. If it has a parameter, only these values have a record."""
    schema = {"$ref": f"#/components/schemas/{_KINDS[kind].__name__}"}
    responses: _Object = {
        str(HTTPStatus.OK.value): {
            "description": "The record.",
            "content": {"application/json": {"schema": schema}},
        }
    }
    operation: _Object = {"operationId": f"get{kind.capitalize()}", "summary": summary}
    if key:
        responses[str(HTTPStatus.NOT_FOUND.value)] = {
            "description": "The record doesn't exist. The response is the site's error page.",
            "content": {"text/html": {"schema": {"type": "string"}}},
        }
        allowed = {"type": of_type, "enum": [*values]}
        operation["parameters"] = [{"name": key, "in": "path", "required": True, "schema": allowed}]
    return {"get": {**operation, "responses": responses}}
