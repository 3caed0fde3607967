"""The records for programs: what is published validates, has sources, and leads somewhere.

A program that knows nothing but `api/v1/openapi.json` reads every one of them.
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
from codebook.io import read_folder
from tests.api_records import (
    API,
    ELSEWHERE,
    OPENAPI,
    SCHEMAS,
    Files,
    Json,
    Site,
    declared_values,
    walk,
)

Open = Callable[[str], Site]

ROOT = Path(__file__).resolve().parent.parent
SECOND = ROOT / "tests" / "fixtures" / "second-book"
SIGNALS = "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11\nThe harbour is open.\n"

PUBLIC = {"": "", "-at-root": "https://site.invalid/", "-below": "https://site.invalid/a/book/"}
SITES = [book + place for book, place in itertools.product(["own", "second", "bare"], PUBLIC)]
EACH = pytest.mark.parametrize("name", SITES)


@pytest.fixture(scope="module")
def site(built_site: Files, content: Folder, templates: Folder) -> Open:
    """A site by its name: whose book it is, and whether it knows its own address."""
    bare = Folder("content", {PurePosixPath("signals.md"): SIGNALS.encode()})
    books = {"own": content, "second": read_folder(SECOND, "content"), "bare": bare}
    # Cards take long to draw, and no record leads to one.
    files = {path: data for path, data in templates.files.items() if path.name != "card.svg"}

    @cache
    def site(name: str) -> Site:
        book, mark, place = name.partition("-")
        if name == "own":
            return Site(built_site, "")
        url = PUBLIC[mark + place]
        outcome = build_site(books[book], Folder("templates", files), "site", url)
        assert outcome.files is not None, outcome.diagnostics
        return Site(outcome.files, url)

    return site


# --- shape ----------------------------------------------------------------------------------------


@EACH
def test_every_record_validates_against_the_schema_that_it_names(name: str, site: Open) -> None:
    """And each schema is one of JSON Schema 2020-12, and names itself where it knows how."""
    own = site(name)
    assert own.records
    for path, record in own.records.items():
        shape = own.schema_of(path, record)
        Draft202012Validator.check_schema(shape)
        checker = Draft202012Validator.FORMAT_CHECKER
        Draft202012Validator(shape, format_checker=checker).validate(record)
    for path in own.files:
        if path.parent == SCHEMAS:
            shape = own.json(path)
            assert shape["$schema"] == "https://json-schema.org/draft/2020-12/schema"
            assert shape.get("$id", "") == (f"{own.base_url}{path}" if own.base_url else "")


@EACH
def test_every_key_of_every_record_is_declared_and_there(name: str, site: Open) -> None:
    """What is not known is empty: no key comes and goes with the book."""
    assert len([*declared_values(site(name))]) > len(site(name).records)


@EACH
def test_the_index_leads_to_every_record(name: str, site: Open) -> None:
    """All codes, classes and tables; each calls itself what the index calls it."""
    own = site(name)
    index, here = own.json(API / "index.json"), API / "index.json"
    lists = [*index["codes"], *index["classes"], *index["tables"]]
    listed = {own.named(each["links"]["self"], here): each for each in lists}
    assert {*listed} == {*own.records} - {here}
    for path, record in own.records.items():
        assert own.named(record["links"]["self"], path) == path
        for key in {"number", "name", "title", "label", "slug", "marks", "low", "high"} & {*record}:
            assert listed.get(path, record)[key] == record[key]


def test_a_key_that_is_renamed_or_removed_is_noticed(site: Open) -> None:
    """By the schema, wherever the key is; what is added is none of its business."""
    own = site("second")
    path = API / "signals" / "1010.json"
    record, shape = own.json(path), own.schema_of(path, own.json(path))
    validator = Draft202012Validator(shape)
    keys = [each.pointer for each in walk(record, shape, shape) if each.pointer]
    keys = [key for key in keys if not re.search(r"/(\d+|cells/\w+)$", key)]
    assert len(keys) > 100
    for place in keys:
        *above, last = place.strip("/").split("/")
        changed = copy.deepcopy(record)
        inner = changed
        for step in above:
            inner = inner[int(step) if isinstance(inner, list) else step]
        inner[f"{last}-again"] = inner[last]
        assert validator.is_valid(changed), place
        del inner[last]
        assert not validator.is_valid(changed), place


@pytest.mark.parametrize(
    ("name", "path"),
    {
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
    }.items(),
)
def test_records_and_schemas_are_as_they_were_found_right(
    name: str, path: str, site: Open, assert_golden: Callable[[str, str], None]
) -> None:
    """A key that is published stays: what goes from these files goes from programs of others."""
    assert_golden(f"api-{name}.json", site("second").files[API / path].decode())


# --- OpenAPI --------------------------------------------------------------------------------------


@EACH
def test_the_description_of_the_api_keeps_to_its_standard(name: str, site: Open) -> None:
    """It is OpenAPI 3.1, and holds the very schemas that are published beside it."""
    own = site(name)
    described = own.json(OPENAPI)
    OpenAPIV31SpecValidator(described).validate()
    schemas = [own.json(path)["$defs"] for path in own.files if path.parent == SCHEMAS]
    assert len(schemas) == 4
    merged = {key: shape for each in schemas for key, shape in each.items()}
    said = json.dumps(described["components"]["schemas"]).replace("/components/schemas/", "/$defs/")
    assert json.loads(said) == merged


@EACH
def test_the_description_of_the_api_names_every_record(name: str, site: Open) -> None:
    """Each path, with each value of its key, is the address of a record; there are no others."""
    own = site(name)
    described = own.json(OPENAPI)
    (server,) = described["servers"]
    start = urljoin(f"{own.base_url or ELSEWHERE}{OPENAPI}", server["url"])
    found = [
        own.named(start + path.format(**values), OPENAPI)
        for path, item in described["paths"].items()
        for values in choices(item["get"].get("parameters", []))
    ]
    assert sorted(map(str, found)) == sorted(map(str, own.records))


def choices(parameters: Sequence[Json]) -> Iterator[Json]:
    """Every way to fill the keys of a path."""
    values = [each["schema"]["enum"] for each in parameters]
    for chosen in itertools.product(*values):
        yield dict(zip((each["name"] for each in parameters), chosen, strict=True))


@pytest.mark.parametrize("name", ["own", "second"])
def test_a_client_that_knows_only_the_description_reads_every_record(
    name: str, site: Open, tmp_path: Path
) -> None:
    """Over HTTP, below a path; it makes its own types, and loses nothing of what is there."""
    own = site(name)
    sent = {path: data for path, data in own.files.items() if path.is_relative_to(API)}
    error = PurePosixPath("404.html")
    for path, data in {**sent, error: own.files[error]}.items():
        place = tmp_path / "book" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    (tmp_path / error).write_bytes(own.files[error])
    with serve(tmp_path) as origin:
        client = OpenAPI.load_sync(f"{origin}/book/{OPENAPI}")
        # A request of this client is made for one address, so each is a new one.
        found = [
            client.createRequest(item["get"]["operationId"])(parameters=values)
            for item in own.json(OPENAPI)["paths"].values()
            for values in choices(item["get"].get("parameters", []))
        ]
        told = [each.model_dump(mode="json", by_alias=True) for each in found]
        assert by_schema_and_place(told) == by_schema_and_place([*own.records.values()])
        with pytest.raises(HTTPError) as lost:
            urlopen(f"{origin}/book/{API}/classes/none.json")  # noqa: S310 - our own server
        lost.value.close()
        assert (lost.value.code, lost.value.headers.get_content_type()) == (404, "text/html")


def by_schema_and_place(records: Sequence[Json]) -> Mapping[tuple[str, str], Json]:
    """Records by what no two of them share."""
    return {(each["$schema"], each["links"]["self"]): each for each in records}


# --- content --------------------------------------------------------------------------------------


@EACH
def test_every_address_in_every_record_leads_somewhere(name: str, site: Open) -> None:
    """To a file of the site, and an element of the page if it names one, or to another site."""
    own = site(name)
    found = 0
    for path, each in declared_values(own):
        if each.schema.get("format") == "uri-reference":
            own.named(each.value, path)
            found += bool(each.value)
            assert each.value or each.pointer.rpartition("/")[2] in {"url", "page", "record"}
            assert not own.base_url or not each.value or "://" in each.value
    assert found


@EACH
def test_every_link_in_every_markdown_leads_somewhere(name: str, site: Open) -> None:
    """As the record names it, not as the document does that it was written in."""
    own = site(name)
    parser = MarkdownIt("commonmark").enable("table")
    found = {
        (path, str(token.attrs["href"]))
        for path, each in declared_values(own)
        if each.schema.get("contentMediaType") == "text/markdown"
        for block in parser.parse(each.value)
        for token in block.children or ()
        if token.type == "link_open"
    }
    for path, url in sorted(found):
        assert not own.base_url or "://" in url, url
        file = own.named(url, path)
        assert file is None or file.suffix == ".html", url
    assert found or name.startswith("bare")


@EACH
def test_everything_that_is_stated_has_a_source(name: str, site: Open) -> None:
    """Facts, former names and tables; where the source is an address, it can be followed."""
    for _, each in declared_values(site(name)):
        if "source" in each.schema.get("properties", {}):
            source = each.value["source"]
            assert source["text"].strip(), each.pointer
            assert source["url"] == next((link["url"] for link in source["links"]), "")
            assert all(link["text"] in source["text"] for link in source["links"])


def test_the_same_book_gives_the_same_bytes(site: Open, templates: Folder) -> None:
    """In whatever order its files are read."""
    files = dict(reversed([*read_folder(SECOND, "content").files.items()]))
    again = build_site(Folder("content", files), templates, "site", "").files or {}
    for path, data in site("second").files.items():
        if path.is_relative_to(API):
            assert again[path] == data
            assert data.decode().endswith("}\n")
