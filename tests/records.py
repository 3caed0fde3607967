"""The records for programs as the tests read them: with their schemas, and the files they name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin

Files = Mapping[PurePosixPath, bytes]
Json = dict[str, Any]

API = PurePosixPath("api/v1")
OPENAPI = API / "openapi.json"
SCHEMAS = API / "schemas"

ELSEWHERE = "https://site.invalid/any/path/"
"""Where a site is that does not know its own address."""


@dataclass(frozen=True)
class Site:
    """A built site, and where it is read."""

    files: Files
    public: str

    def json(self, path: PurePosixPath) -> Any:  # noqa: ANN401 - whatever is in the file
        """What a file says."""
        return json.loads(self.files[path])

    def named(self, url: str, path: PurePosixPath) -> PurePosixPath | None:
        """The file of the site that a record names; nothing for what is elsewhere."""
        origin = self.public or ELSEWHERE
        there, _, anchor = urljoin(f"{origin}{path}", url).partition("#")
        if not there.startswith(origin):
            assert re.match(r"https?://", there), url
            # One that climbs out of the site is on its own host, and no file of it.
            assert not there.startswith(urljoin(origin, "/")), url
            return None
        address = unquote(there.removeprefix(origin))
        is_page = not address or address.endswith("/")
        file = PurePosixPath(address, "index.html") if is_page else PurePosixPath(address)
        assert file in self.files, f"{path} names {url}"
        assert not anchor or f'id="{anchor}"' in self.files[file].decode(), url
        return file

    @property
    def records(self) -> Mapping[PurePosixPath, Json]:
        """Every record, by the path of its file."""
        return {
            path: self.json(path)
            for path in self.files
            if path.is_relative_to(API) and path != OPENAPI and path.parent != SCHEMAS
        }

    def shape(self, path: PurePosixPath, record: Json) -> Json:
        """The schema that a record names."""
        file = self.named(record["$schema"], path)
        assert file is not None
        assert file.parent == SCHEMAS
        found: Json = self.json(file)
        return found


@dataclass(frozen=True)
class Said:
    """A value of a record, and what its schema says of it."""

    place: str
    value: Any
    shape: Json


def walk(value: Any, shape: Json, root: Json, place: str = "") -> Iterator[Said]:  # noqa: ANN401
    """Every value of a record, in order. Each must be declared, and nothing declared be missing."""
    while "$ref" in shape:
        shape = {**shape, **root["$defs"][shape["$ref"].rpartition("/")[2]], "$ref": None}
        shape = {key: each for key, each in shape.items() if each is not None}
    for each in shape.get("anyOf", []):
        if (each.get("type") == "null") == (value is None):
            yield from walk(value, each, root, place)
            return
    yield Said(place, value, shape)
    if isinstance(value, list):
        for at, each in enumerate(value):
            yield from walk(each, shape["items"], root, f"{place}/{at}")
    elif isinstance(value, dict):
        declared = shape.get("properties", {})
        if declared:
            assert [*value] == [*declared], f"{place} has other keys than its schema"
        for key, each in value.items():
            inner = declared[key] if declared else shape["additionalProperties"]
            yield from walk(each, inner, root, f"{place}/{key}")


def said(site: Site) -> Iterator[tuple[PurePosixPath, Said]]:
    """Every value of every record."""
    for path, record in site.records.items():
        shape = site.shape(path, record)
        yield from ((path, each) for each in walk(record, shape, shape))
