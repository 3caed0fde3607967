"""The JSON API: its records validate, name their sources, and have no broken links.

A client that has only `api/v1/openapi.json` can read every record.
"""

from __future__ import annotations

import copy
import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePosixPath
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest
from aiopenapi3 import OpenAPI
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from openapi_spec_validator import OpenAPIV31SpecValidator

from audit.hosting import serve
from codebook.build.pipeline import build_site
from codebook.diagnostics.source import Folder
from tests.api_records import (
    API,
    DEFAULT_URL,
    OPENAPI,
    SCHEMAS,
    Files,
    Json,
    Site,
    walk,
)
from tests.offenders import assert_none
from tests.sample_books import second_site
from tests.templates import templates_without_fonts

Build = Callable[[str], Site]

SIGNALS = "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11\nThe harbor is open.\n"

SITES = ("own", "second", "second-at-root", "second-below", "bare-below")
"""The repository's book, the second book, and one without settings; and where each is published."""
PUBLIC = {"-at-root": "https://site.invalid/", "-below": "https://site.invalid/a/book/"}
ALL_SITES = pytest.mark.parametrize("name", SITES)


@pytest.fixture(scope="module")
def build(built_site: Files) -> Build:
    """Build a site by its name."""

    @cache
    def build(name: str) -> Site:
        book, dash, base = name.partition("-")
        url = PUBLIC.get(dash + base, "")
        if book == "own":
            return Site(built_site, url)
        if book == "second":
            return Site(second_site(url), url)
        bare = Folder("content", {PurePosixPath("signals.md"): SIGNALS.encode()})
        result = build_site(bare, templates_without_fonts(), "site", url)
        assert result.files is not None, result.diagnostics
        return Site(result.files, url)

    return build


# --- shape ----------------------------------------------------------------------------------------


@ALL_SITES
def test_every_record_validates_against_the_schema_that_it_names(name: str, build: Build) -> None:
    """Each schema is valid JSON Schema 2020-12, and has an `$id` if the site has a base URL."""
    site = build(name)
    checker = Draft202012Validator.FORMAT_CHECKER
    validators = {}
    for path in site.files:
        if path.parent == SCHEMAS:
            schema = site.json(path)
            Draft202012Validator.check_schema(schema)
            assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
            assert schema.get("$id", "") == (f"{site.base_url}{path}" if site.base_url else "")
            validators[path] = Draft202012Validator(schema, format_checker=checker)
    assert site.records
    assert_none(
        f"{path}: {error.json_path}: {error.message}"
        for path, record in site.records.items()
        for error in validators[site.schema_path(path, record)].iter_errors(record)
    )


@ALL_SITES
def test_every_record_has_exactly_the_declared_keys(name: str, build: Build) -> None:
    """Unknown values are empty: the keys don't depend on the book."""
    site = build(name)
    assert len(site.declared_values) > len(site.records)


@ALL_SITES
def test_the_index_links_to_every_record(name: str, build: Build) -> None:
    """All codes, classes, and tables, by the same names as in the index."""
    site = build(name)
    index, index_path = site.json(API / "index.json"), API / "index.json"
    lists = [*index["codes"], *index["classes"], *index["tables"]]
    listed = {site.resolve(entry["links"]["self"], index_path): entry for entry in lists}
    assert {*listed} == {*site.records} - {index_path}
    for path, record in site.records.items():
        assert site.resolve(record["links"]["self"], path) == path
        for key in {"number", "name", "title", "label", "slug", "marks", "low", "high"} & {*record}:
            assert listed.get(path, record)[key] == record[key]


def test_a_renamed_or_removed_key_is_detected(build: Build) -> None:
    """The schema rejects the record, wherever the key is, but allows added keys."""
    site = build("second")
    path = API / "signals" / "1010.json"
    record, schema = site.json(path), site.schema_of(path, site.json(path))
    validator = Draft202012Validator(schema)
    keys = [value.pointer for value in walk(record, schema, schema) if value.pointer]
    keys = [key for key in keys if not re.search(r"/(\d+|(?:cells|citations)/\w+)$", key)]
    assert len(keys) > 100
    for pointer in keys:
        *above, last = pointer.strip("/").split("/")
        changed = copy.deepcopy(record)
        inner = changed
        for step in above:
            inner = inner[int(step) if isinstance(inner, list) else step]
        inner[f"{last}-again"] = inner[last]
        assert validator.is_valid(changed), pointer
        del inner[last]
        assert not validator.is_valid(changed), pointer


GOLDEN = {
    "index": "index.json",
    "code": "signals/1010.json",
    "code-without-article": "signals/1100.json",
    "class": "classes/1xxx.json",
    "table": "tables/lanterns.json",
    "schema-index": "schemas/index.json",
    "schema-code": "schemas/code.json",
    "schema-class": "schemas/class.json",
    "schema-table": "schemas/table.json",
    "openapi": "openapi.json",
}


@pytest.mark.parametrize("name", GOLDEN)
def test_records_and_schemas_match_the_golden_files(
    name: str, build: Build, assert_golden: Callable[[str, str], None]
) -> None:
    """Published keys stay: removing one breaks clients."""
    assert_golden(f"api-{name}.json", build("second").files[API / GOLDEN[name]].decode())


# --- OpenAPI --------------------------------------------------------------------------------------


@ALL_SITES
def test_the_description_of_the_api_is_valid_openapi(name: str, build: Build) -> None:
    """It has version 3.1, and contains the published schemas."""
    site = build(name)
    described = site.json(OPENAPI)
    OpenAPIV31SpecValidator(described).validate()
    schemas = [site.json(path)["$defs"] for path in site.files if path.parent == SCHEMAS]
    assert len(schemas) == 4
    merged = {key: schema for definitions in schemas for key, schema in definitions.items()}
    text = json.dumps(described["components"]["schemas"]).replace("/components/schemas/", "/$defs/")
    assert json.loads(text) == merged


@ALL_SITES
def test_the_description_of_the_api_names_every_record(name: str, build: Build) -> None:
    """Its paths, with every value of their parameters, are exactly the URLs of the records."""
    site = build(name)
    described = site.json(OPENAPI)
    (server,) = described["servers"]
    start = urljoin(f"{site.base_url or DEFAULT_URL}{OPENAPI}", server["url"])
    files = [
        site.resolve(start + path.format(**values), OPENAPI)
        for path, item in described["paths"].items()
        for values in choices(item["get"].get("parameters", []))
    ]
    assert sorted(map(str, files)) == sorted(map(str, site.records))


def choices(parameters: Sequence[Json]) -> Iterator[Json]:
    """Every combination of values of the parameters."""
    values = [parameter["schema"]["enum"] for parameter in parameters]
    for chosen in itertools.product(*values):
        yield dict(zip((parameter["name"] for parameter in parameters), chosen, strict=True))


@pytest.mark.slow
def test_a_client_that_has_only_the_description_reads_every_record(
    build: Build, tmp_path: Path
) -> None:
    """Over HTTP, below a path; it generates its own types and loses no data."""
    site = build("second")
    sent = {path: data for path, data in site.files.items() if path.is_relative_to(API)}
    error = PurePosixPath("404.html")
    for path, data in {**sent, error: site.files[error]}.items():
        file = tmp_path / "book" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    (tmp_path / error).write_bytes(site.files[error])
    with serve(tmp_path) as origin:
        client = OpenAPI.load_sync(f"{origin}/book/{OPENAPI}")
        # A request of this client is bound to one URL, so each URL needs a new one.
        responses = [
            client.createRequest(item["get"]["operationId"])(parameters=values)
            for item in site.json(OPENAPI)["paths"].values()
            for values in choices(item["get"].get("parameters", []))
        ]
        records = [response.model_dump(mode="json", by_alias=True) for response in responses]
        assert by_schema_and_url(records) == by_schema_and_url([*site.records.values()])
        with pytest.raises(HTTPError) as lost:
            urlopen(f"{origin}/book/{API}/classes/none.json")  # noqa: S310 - our own server
        lost.value.close()
        assert (lost.value.code, lost.value.headers.get_content_type()) == (404, "text/html")


def by_schema_and_url(records: Sequence[Json]) -> Mapping[tuple[str, str], Json]:
    """Records by their schema and URL, which are unique."""
    return {(record["$schema"], record["links"]["self"]): record for record in records}


# --- content --------------------------------------------------------------------------------------


@ALL_SITES
def test_every_url_in_every_record_resolves(name: str, build: Build) -> None:
    """It points to a file or element of the site, or to another site."""
    site = build(name)
    count = 0
    for path, value in site.declared_values:
        if value.schema.get("format") == "uri-reference":
            site.resolve(value.value, path)
            count += bool(value.value)
            assert value.value or value.pointer.rpartition("/")[2] in {"url", "page", "record"}
            assert not site.base_url or not value.value or "://" in value.value
    assert count


@ALL_SITES
def test_every_link_in_every_markdown_resolves(name: str, build: Build) -> None:
    """Relative to the record, not to the document that contains it."""
    site = build(name)
    parser = MarkdownIt("commonmark").enable("table")
    links = {
        (path, str(token.attrs["href"]))
        for path, value in site.declared_values
        if value.schema.get("contentMediaType") == "text/markdown"
        for block in parser.parse(value.value)
        for token in block.children or ()
        if token.type == "link_open"
    }
    for path, url in sorted(links):
        assert not site.base_url or "://" in url, url
        file = site.resolve(url, path)
        assert file is None or file.suffix == ".html", url
    assert links or name.startswith("bare")


@ALL_SITES
def test_everything_that_is_stated_has_a_source(name: str, build: Build) -> None:
    """This includes facts, former names, and tables. A source with a URL links to it."""
    for _, value in build(name).declared_values:
        if "source" in value.schema.get("properties", {}):
            source = value.value["source"]
            assert source["text"].strip(), value.pointer
            assert source["url"] == next((link["url"] for link in source["links"]), "")
            assert all(link["text"] in source["text"] for link in source["links"])
