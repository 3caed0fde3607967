"""The records of the JSON API with their schemas and the files that they link to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin

Files = Mapping[PurePosixPath, bytes]
Json = dict[str, Any]

API = PurePosixPath("api/v1")
OPENAPI = API / "openapi.json"
SCHEMAS = API / "schemas"

DEFAULT_URL = "https://site.invalid/any/path/"
"""The assumed base URL of a site that was built without one."""


@dataclass(frozen=True)
class Site:
    """A built site, and its base URL."""

    files: Files
    base_url: str

    def json(self, path: PurePosixPath) -> Any:  # noqa: ANN401 - whatever is in the file
        """The parsed content of a file."""
        return json.loads(self.files[path])

    def resolve(self, url: str, path: PurePosixPath) -> PurePosixPath | None:
        """The file of the site that a record links to; None for a URL outside the site."""
        origin = self.base_url or DEFAULT_URL
        target, _, anchor = urljoin(f"{origin}{path}", url).partition("#")
        if not target.startswith(origin):
            assert re.match(r"https?://", target), url
            # A relative URL must not leave the site.
            assert not target.startswith(urljoin(origin, "/")), url
            return None
        path_in_site = unquote(target.removeprefix(origin))
        is_page = not path_in_site or path_in_site.endswith("/")
        file = PurePosixPath(path_in_site, "index.html" if is_page else "")
        assert file in self.files, f"{path} names {url}"
        assert not anchor or f'id="{anchor}"' in self.files[file].decode(), url
        return file

    @cached_property
    def records(self) -> Mapping[PurePosixPath, Json]:
        """Every record, by the path of its file."""
        return {
            path: self.json(path)
            for path in self.files
            if path.is_relative_to(API) and path.suffix == ".json"
            if path != OPENAPI and path.parent != SCHEMAS
        }

    def schema_path(self, path: PurePosixPath, record: Json) -> PurePosixPath:
        """The file of the schema that a record names."""
        file = self.resolve(record["$schema"], path)
        assert file is not None
        assert file.parent == SCHEMAS
        return file

    def schema_of(self, path: PurePosixPath, record: Json) -> Json:
        """The schema that a record names."""
        schema: Json = self.json(self.schema_path(path, record))
        return schema

    @cached_property
    def declared_values(self) -> Sequence[tuple[PurePosixPath, DeclaredValue]]:
        """Every value in every record."""
        return [
            (path, value)
            for path, record in self.records.items()
            for schema in [self.schema_of(path, record)]
            for value in walk(record, schema, schema)
        ]


@dataclass(frozen=True)
class DeclaredValue:
    """A value in a record, and its schema."""

    pointer: str
    value: Any
    schema: Json


def walk(value: Any, schema: Json, root: Json, pointer: str = "") -> Iterator[DeclaredValue]:  # noqa: ANN401
    """Every value in a record, in order. The schema must declare exactly its keys."""
    while "$ref" in schema:
        schema = {**schema, **root["$defs"][schema["$ref"].rpartition("/")[2]], "$ref": None}
        schema = {key: value for key, value in schema.items() if value is not None}
    for option in schema.get("anyOf", []):
        if (option.get("type") == "null") == (value is None):
            yield from walk(value, option, root, pointer)
            return
    yield DeclaredValue(pointer, value, schema)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from walk(item, schema["items"], root, f"{pointer}/{index}")
    elif isinstance(value, dict):
        declared = schema.get("properties", {})
        if declared:
            assert [*value] == [*declared], f"{pointer} has other keys than its schema"
        for key, member in value.items():
            inner = declared[key] if declared else schema["additionalProperties"]
            yield from walk(member, inner, root, f"{pointer}/{key}")
