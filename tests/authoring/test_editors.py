"""JSON Schemas for front matter and settings: editors accept what the program accepts."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from types import UnionType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest
from jsonschema import Draft7Validator, FormatChecker

from codebook.authoring import schemas
from codebook.book.layout import FACTS
from codebook.book.parse import toml_types
from codebook.book.parse.settings import parse_fact_kinds
from codebook.build.pipeline import build_site
from codebook.diagnostics.diagnostic import Severity
from codebook.diagnostics.source import Folder, Source
from codebook.io.sources import read_folder
from tests.in_process import run_main
from tests.offenders import assert_none

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "docs" / "schemas"
TAPLO = Path(sys.executable).parent / "taplo"
SECOND_BOOK = ROOT / "tests" / "fixtures" / "second-book"

Schema = Mapping[str, Any]
NOTHING = {"not": {"description": "an unknown key"}}
"""The schema of the value of an unknown key."""
Run = Callable[..., subprocess.CompletedProcess[str]]
FindErrors = Callable[[Folder], list[str]]
Kind = Literal["book", "facts", "article", "class", "guide", "table", "compare"]

HELD: Mapping[Kind, type[msgspec.Struct]] = {
    "book": toml_types.BookToml,
    "facts": toml_types.FactKindToml,
    "article": toml_types.ArticleHead,
    "class": toml_types.ClassTextHead,
    "guide": toml_types.GuideHead,
    "table": toml_types.TableHead,
    "compare": toml_types.ComparisonHead,
}
"""The type that each schema is made from."""
FILES: Mapping[Kind, str] = {
    "book": "book.toml",
    "facts": "facts.toml",
    "article": "codes/11.md",
    "class": "classes/1x.md",
    "guide": "guides/in.md",
    "table": "tables/lamps.md",
    "compare": "guides/all.md",
}
"""Where the TOML of each kind is in the book below."""
GOOD: Mapping[Kind, str] = {
    "book": """
title = "Signals"
description = "What the harbor says."
language = "en-GB"
path = "signals"
url = "https://example.org/signals/"
repository = "https://example.org/harbor/signals"
branch = "trunk"
names = { table = "lamps", column = "call" }
search = [{ table = "lamps", column = "call" }]
stop_words = ["the"]
suggestions = [12]
headings = ["Before"]
moved = { "guides/none/" = "guides/all.md" }

[exchange]
language = "talk"
client = "Ship"
server = "Harbor"
request = '^(?P<label>.+)\\?$'
response = '^(?P<label>.+)!$'
fields = "^: "

[[references]]
pattern = 'Rule (?P<rule>[0-9]+)'
url = "https://example.org/rules#{rule}"

[[credits]]
documents = ["signals.md"]
text = "By the pilots."

[security]
contact = ["mailto:pilot@example.org", "https://example.org/tell"]
expires = 2099-01-31
policy = "https://example.org/policy"
""",
    "facts": """
[speed]
label = "Speed"
about = "How fast."
values = { slow = "Not fast.", stopped = "No way." }
marked = ["stopped"]

[range]
label = "Seen from"
about = "From how far off."
""",
    "article": """
name = "Open"
spec = "Rule 1"
formerly = [{ name = "Free", source = "Rule 2" }]
see_also = [12]
keywords = ["mouth"]
aliases = ["open"]

[facts]
speed = { value = "slow", source = "Rule 3", note = "In fog.", uncertain = "The ink is wet." }
range = { value = "three miles", source = "Rule 4" }
""",
    "class": 'unassigned = "{number} means nothing."\n',
    "guide": 'keywords = ["fog"]\n',
    "table": """
title = "Lamps"
source = "The harbor"
read = 2026-01-31
license = "MIT"

[columns]
code = "Signal"
call = "Call"
""",
    "compare": 'codes = [11, 12]\nfacts = ["speed"]\n',
}
"""The TOML of a small book that uses every key."""


@dataclass(frozen=True)
class Case:
    """A change to a TOML document of one kind."""

    kind: Kind
    old: str
    """What is replaced; at the end, where it is empty."""
    new: str
    id: str


REFUSED = [
    Case("book", "title =", "titel =", "a key that is not read"),
    Case("book", '"Signals"', "1", "a number for words"),
    Case("book", '"en-GB"', '"en GB"', "no language tag"),
    Case("book", 'path = "signals"', 'path = "Signals"', "no part of an address"),
    Case("book", 'path = "signals"', 'path = ""', "an empty path"),
    Case("book", 'path = "signals"', 'path = "tables"', "a path that is taken"),
    Case("book", "https://example.org/signals/", "example.org", "no whole address"),
    Case("book", "https://example.org/signals/", "ftp://example.org/", "no web address"),
    Case("book", "https://example.org/signals/", "https://example.org/a b/", "a blank"),
    Case("book", "https://example.org/harbor", "http:harbor", "no host"),
    Case("book", 'column = "call" }\nsearch', 'row = "call" }\nsearch', "a key inside"),
    Case("book", ', column = "call" }\nsearch', " }\nsearch", "a key is missing inside"),
    Case("book", '[{ table = "lamps"', '[{ table = " "', "only spaces"),
    Case("book", '[{ table = "lamps", column = "call" }]', '["lamps"]', "words for a table"),
    Case("book", '["Before"]', '"Before"', "words for a list"),
    Case("book", '["Before"]', "[1]", "a number in a list of words"),
    Case("book", '"guides/none/" =', '"guides/none" =', "an address without a slash"),
    Case("book", '"guides/none/" =', '"/guides/none/" =', "an address from the root"),
    Case("book", '= "guides/all.md"', '= ""', "an address that leads nowhere"),
    Case("book", "(?P<label>.+)\\?", "(.+)\\?", "a request without a label"),
    Case("book", "(?P<label>.+)!", ".+!", "a response without a label"),
    Case("book", 'server = "Harbor"\n', "", "an exchange of one"),
    Case("book", "pattern =", "patern =", "a misspelled key in a list"),
    Case("book", "https://example.org/rules#{rule}", "/rules#{rule}", "a citation to a path"),
    Case("book", '["signals.md"]', '"signals.md"', "one document without its list"),
    Case("book", 'text = "By the pilots."', "", "a credit without words"),
    Case("book", "2099-01-31", '"soon"', "no date"),
    Case("book", "2099-01-31", "2099-01-31T00:00:00", "a time for a day"),
    Case("book", '["mailto:pilot@example.org", "https://example.org/tell"]', "[]", "no contact"),
    Case("book", "https://example.org/tell", "http://example.org/tell", "not encrypted"),
    Case("book", "https://example.org/tell", "HTTP://example.org/tell", "nor in capitals"),
    Case("book", "https://example.org/tell", "", "an empty contact"),
    Case("book", "https://example.org/policy", "policy.md", "a policy that is no address"),
    Case("facts", 'label = "Speed"\n', "", "a fact without a label"),
    Case("facts", 'about = "How fast."', 'about = ""', "a fact that says nothing"),
    Case("facts", '"Not fast."', '""', "a value without a meaning"),
    Case("facts", '{ slow = "Not fast.", stopped = "No way." }', '["slow"]', "a list of values"),
    Case("facts", 'marked = ["stopped"]', 'marked = "stopped"', "one mark without its list"),
    Case("facts", "marked =", "mark =", "a fact with an unknown key"),
    Case("facts", "", "title = 1\n", "a number for a fact"),
    Case("article", "spec =", "specification =", "an unknown key"),
    Case("article", '"Open"', "true", "a truth value for words"),
    Case("article", "[12]", '["12"]', "words for a code"),
    Case("article", "[12]", "[12.5]", "half a code"),
    Case("article", "[12]", "[-1]", "a code with a sign"),
    Case("article", "[12]", "12", "one code without its list"),
    Case("article", ', source = "Rule 2"', "", "a former name without a source"),
    Case("article", '["open"]', '["Open"]', "no part of an address"),
    Case("article", "speed =", "sped =", "a fact that is not declared"),
    Case("article", '"slow"', '"fast"', "a value that is not declared"),
    Case("article", '"slow"', '""', "no value"),
    Case("article", '"three miles"', '" "', "spaces for a value"),
    Case("article", ', source = "Rule 3"', "", "a fact without a source"),
    Case("article", '"Rule 3"', '""', "an empty source"),
    Case("article", "note =", "notice =", "an unknown key of a fact"),
    Case("article", '{ value = "three miles", source = "Rule 4" }', '"far"', "words for a fact"),
    Case("class", "unassigned =", "unasigned =", "an unknown key of a class"),
    Case("class", '"{number} means nothing."', "[]", "a list for words"),
    Case("guide", "keywords =", "keyword =", "an unknown key of a guide"),
    Case("guide", '["fog"]', '"fog"', "a word for a list of words"),
    Case("table", 'license = "MIT"\n', "", "a table without a license"),
    Case("table", "2026-01-31", '"yesterday"', "no day"),
    Case("table", "2026-01-31", "2026", "a year for a day"),
    Case("table", 'code = "Signal"\n', "", "no column of codes"),
    Case("table", '"Call"', '""', "a column without a label"),
    Case("table", "title =", "name =", "an unknown key of a table"),
    Case("compare", '"speed"', '"sped"', "a comparison of what is no fact"),
    Case("compare", "[11, 12]", "11", "one code"),
    Case("compare", "codes", "code", "an unknown key of a comparison"),
]
"""What both the schema and the program refuse."""
BY_SCHEMA_ALONE = {"no column of codes"}
"""The program reports these in another file."""
TAKEN = [
    *(Case(kind, "", "", f"as it is, {kind}") for kind in HELD),
    Case("book", 'title = "Signals"\n', "", "a key is left out"),
    Case("book", "https://example.org/signals/", "", "no public address"),
    Case("book", "https://example.org/signals/", "HTTPS://EXAMPLE.org", "capitals"),
    Case("book", 'policy = "https://example.org/policy"', 'policy = ""', "no policy"),
    Case("book", "2099-01-31", '"2099-01-31"', "a date in quotes"),
    Case("book", '"en-GB"', '"de"', "another language"),
    Case("facts", 'values = { slow = "Not fast.", stopped = "No way." }\nmarked = ["stopped"]\n',
         'values = { slow = "Not fast." }\n', "fewer values"),
    Case("article", 'name = "Open"\n', "", "no name of its own"),
    Case("article", '["open"]', "[]", "no alias"),
    Case("article", '"three miles"', '"as far as you like"', "free words"),
    Case("article", ', note = "In fog."', "", "no note"),
    Case("class", '"{number} means nothing."', '""', "nothing to say"),
    Case("guide", 'keywords = ["fog"]\n', "", "no keywords"),
    Case("table", "2026-01-31", '"2026-01-31"', "a date in quotes, of a table"),
    Case("compare", "codes = [11, 12]\n", "", "all codes"),
]  # fmt: skip
"""What both take."""


def changed(case: Case) -> Mapping[Kind, str]:
    """The TOML of the small book with one change."""
    old = GOOD[case.kind]
    assert case.old in old, case.id
    new = old.replace(case.old, case.new, 1) if case.old else case.new + old
    return {**GOOD, case.kind: new}


def book(toml: Mapping[Kind, str]) -> Folder:
    """The small book."""
    texts = {
        **{FILES[kind]: toml[kind] for kind in ("book", "facts")},
        FILES["article"]: f"```toml\n{toml['article']}```\n\n## Before\n\nSlowly.\n",
        FILES["class"]: f"```toml\n{toml['class']}```\n\nThe lanterns.\n",
        FILES["table"]: f"```toml\n{toml['table']}```\n\nThe lamps.\n",
        FILES["guide"]: f"```toml\n{toml['guide']}```\n\n# In\n\nSlowly.\n",
        FILES["compare"]: f"# All\n\n```compare\n{toml['compare']}```\n",
        "tables/lamps.csv": "code,call\n11,Come in\n12,Keep out\n",
        "codes/12.md": "```toml\nsee_also = [11]\n```\n\n## Before\n\nNever.\n",
        "signals.md": "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11\nIn.\n- 12\nOut.\n",
    }
    encoded = {PurePosixPath(path): text.encode() for path, text in texts.items()}
    return Folder("content", dict(sorted(encoded.items())))


@pytest.fixture(scope="module")
def errors_in(templates_without_fonts: Folder) -> FindErrors:
    """Find the files of a book in which the program sees an error."""

    def errors_in(folder: Folder) -> list[str]:
        diagnostics = build_site(folder, templates_without_fonts, "site", "").diagnostics
        return [error.span.path for error in diagnostics if error.severity is Severity.ERROR]

    return errors_in


def files(folder: Folder) -> Mapping[PurePosixPath, bytes]:
    """The schemas of a book as files."""
    facts = Source.of(FACTS, folder.show(FACTS), folder.files[FACTS].decode())
    kinds = parse_fact_kinds(facts)
    assert kinds.value is not None, kinds.diagnostics
    return schemas.schemas(kinds.value)


def schemas_of(folder: Folder) -> Mapping[str, Schema]:
    """The schemas of a book by their names."""
    return {path.stem: json.loads(data) for path, data in files(folder).items()}


@pytest.fixture(scope="module")
def small() -> Mapping[str, Schema]:
    """The schemas of the small book."""
    return schemas_of(book(GOOD))


def as_json(value: object) -> object:
    """TOML as JSON Schema validators process it: dates become strings."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def misfits(schema: Schema, toml: str) -> list[str]:
    """The errors according to the schema."""
    validator = Draft7Validator(schema, format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(as_json(tomllib.loads(toml)))]


def taplo(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The output of the linter behind Even Better TOML."""
    return subprocess.run(
        [TAPLO, "lint", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        check=False,
        timeout=60,
    )


def heads(folder: Folder) -> Iterator[tuple[str, Kind, str]]:
    """All front matter and comparisons of a book, with their files and schemas."""
    kinds: Mapping[str, Kind] = {
        "codes": "article",
        "classes": "class",
        "guides": "guide",
        "tables": "table",
    }
    for path, data in folder.files.items():
        if path.suffix == ".md":
            text = data.decode()
            head = re.match(r"```toml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
            if head:
                yield path.as_posix(), kinds[path.parts[0]], head[1]
            for inside in re.findall(r"^```compare\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
                yield path.as_posix(), "compare", inside


def toml_schemas() -> list[Path]:
    """The schemas for TOML, without the schema for reports."""
    return [path for path in SCHEMAS.iterdir() if path.name != "problems.json"]


def test_the_checked_in_schemas_are_current(content: Folder) -> None:
    """Run `make schemas` after changing `facts.toml` or a key."""
    fresh = files(content)
    committed = {PurePosixPath(path.name): path.read_bytes() for path in toml_schemas()}
    stale = sorted(path for path in {*fresh, *committed} if fresh.get(path) != committed.get(path))
    assert stale == [], "run `make schemas` and commit what it writes"


def test_a_schema_is_a_valid_json_schema() -> None:
    """Each schema is valid in its declared dialect, which all editors support."""
    for name in HELD:
        schema = json.loads((SCHEMAS / f"{name}.json").read_bytes())
        assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
        Draft7Validator.check_schema(schema)
        # Some programs ignore the keys next to a reference, so schemas contain no references.
        assert "$ref" not in json.dumps(schema)


def test_every_kind_of_toml_has_a_schema() -> None:
    """There is exactly one schema for each kind of TOML in a book."""
    assert {path.name for path in toml_schemas()} == {f"{name}.json" for name in HELD}


def test_every_key_has_a_schema_and_a_description(small: Mapping[str, Schema]) -> None:
    """The schemas declare exactly the keys that the program reads."""
    for kind in HELD:
        schema = small[kind]
        if kind == "facts":
            schema = schema["additionalProperties"]
        assert list(described(HELD[kind], schema)) != []


def described(shape: Any, schema: Schema) -> Iterator[str]:  # noqa: ANN401 - any type of a key
    """The keys of a type, after checking each against the schema."""
    while get_origin(shape) is Annotated:
        shape = get_args(shape)[0]
    if get_origin(shape) is UnionType:
        shape = get_args(shape)[0]
        yield from described(shape, schema)
    elif isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
        hints = get_type_hints(shape, include_extras=True)
        assert schema["properties"].keys() == fields.keys()
        assert schema["additionalProperties"] == NOTHING
        needed = {name for name, field in fields.items() if field.required}
        assert needed <= set(schema.get("required", []))
        for name, field in fields.items():
            assert len(schema["properties"][name]["description"]) > len(name), name
            yield name
            yield from described(hints[field.name], schema["properties"][name])
    elif get_origin(shape) is list:
        yield from described(get_args(shape)[0], schema["items"])
    elif get_origin(shape) is dict:
        inside = schema["additionalProperties"]
        for inner in schema.get("properties", {}).values() if inside == NOTHING else [inside]:
            yield from described(get_args(shape)[1], inner)


def test_a_fact_and_its_values_have_descriptions(small: Mapping[str, Schema]) -> None:
    """The descriptions come from `facts.toml`, and a source is required."""
    facts = small["article"]["properties"]["facts"]
    assert facts["properties"].keys() == {"speed", "range"}
    speed = facts["properties"]["speed"]
    assert speed["description"] == "Speed. How fast."
    assert speed["required"] == ["value", "source"]
    value = speed["properties"]["value"]
    assert value["enum"] == ["slow", "stopped"]
    assert value["x-taplo"] == {"docs": {"enumValues": ["Not fast.", "No way."]}}
    assert "enum" not in facts["properties"]["range"]["properties"]["value"]


@pytest.mark.slow
def test_the_schema_rejects_what_the_program_rejects(
    small: Mapping[str, Schema], errors_in: FindErrors
) -> None:
    """Editors report errors before a build, as far as JSON Schema can express them."""
    errors = []
    for case in REFUSED:
        toml = changed(case)
        reported = f"content/{FILES[case.kind]}" in errors_in(book(toml))
        if not reported and case.id not in BY_SCHEMA_ALONE:
            errors.append(f"{case.id}: the program takes it")
        if not misfits(small[case.kind], toml[case.kind]):
            errors.append(f"{case.id}: the schema takes it")
    assert_none(errors)


@pytest.mark.slow
def test_the_schema_accepts_what_the_program_accepts(
    small: Mapping[str, Schema], errors_in: FindErrors
) -> None:
    """Editors must not report errors in valid files."""
    errors = []
    for case in TAKEN:
        toml = changed(case)
        found = [*errors_in(book(toml)), *misfits(small[case.kind], toml[case.kind])]
        errors += [f"{case.id}: {error}" for error in found]
    assert_none(errors)


def test_all_front_matter_of_the_book_is_valid(content: Folder) -> None:
    """Editors don't check TOML inside Markdown, so this test does."""
    all_heads = list(heads(content))
    assert {kind for _, kind, _ in all_heads} == {*HELD} - {"book", "facts"}
    schemas = schemas_of(content)
    wrong = {path: misfits(schemas[kind], toml) for path, kind, toml in all_heads}
    assert {path: errors for path, errors in wrong.items() if errors} == {}


def test_the_schemas_of_a_book_contain_its_facts() -> None:
    """Front matter of another book is valid only with the schemas of that book."""
    folder = read_folder(SECOND_BOOK, "content")
    schemas = schemas_of(folder)
    assert schemas["article"]["properties"]["facts"]["properties"].keys() == {
        "hail",
        "speed",
        "range",
    }
    for path, kind, toml in heads(folder):
        assert misfits(schemas[kind], toml) == [], path
    assert misfits(schemas["article"], '[facts]\ncacheable = { value = "x", source = "y" }\n')


@pytest.mark.slow
def test_taplo_finds_the_schemas_and_no_error() -> None:
    """`.taplo.toml` maps files to schemas. Even Better TOML reads it too."""
    verdict = taplo("content/book.toml", "content/facts.toml")
    assert verdict.returncode == 0, verdict.stderr
    assert "found configuration file" in verdict.stderr


@pytest.mark.slow
def test_taplo_rejects_what_the_program_rejects(
    small: Mapping[str, Schema], tmp_path: Path
) -> None:
    """Taplo's validator has a different regular expression engine."""
    shutil.copy(ROOT / ".taplo.toml", tmp_path)
    for folder in ("content", "docs/schemas"):
        (tmp_path / folder).mkdir(parents=True)
    for name, schema in small.items():
        (tmp_path / "docs" / "schemas" / f"{name}.json").write_text(json.dumps(schema), "utf-8")
    cases = [case for case in REFUSED if FILES[case.kind].endswith(".toml")]
    assert {case.kind for case in cases} == {"book", "facts"}
    taken = []
    for case in cases:
        name = f"content/{FILES[case.kind]}"
        for toml, is_good in ((GOOD, True), (changed(case), False)):
            (tmp_path / name).write_text(toml[case.kind], encoding="utf-8")
            if (taplo(name, cwd=tmp_path).returncode == 0) != is_good:
                taken.append(f"{case.id}: {'refused' if is_good else 'taken'}")
    assert_none(taken)


@pytest.mark.slow
def test_the_command_writes_the_schemas(tmp_path: Path, run_codebook: Run) -> None:
    """It accepts any book and any folder, creates the folder, and replaces existing files."""
    into = tmp_path / "docs" / "schemas"
    for _ in ("create", "replace"):
        result = run_codebook("schemas", "--content", SECOND_BOOK, "--into", into)
        assert (result.returncode, result.stdout) == (0, "")
        assert result.stderr == f"wrote {len(HELD) + 1} schemas to {into}/\n"
        (into / "book.json").write_text("old", encoding="utf-8")
    run_codebook("schemas", "--content", SECOND_BOOK, "--into", into)
    written = {path.stem: json.loads(path.read_bytes()) for path in into.iterdir()}
    assert written.pop("problems")["type"] == "array"
    assert written == schemas_of(read_folder(SECOND_BOOK, "content"))


def test_the_command_reports_errors_in_facts(tmp_path: Path) -> None:
    """Without all facts, the schemas would reject valid files."""
    content, into = tmp_path / "content", tmp_path / "schemas"
    content.mkdir()
    into.mkdir()
    (content / "facts.toml").write_text("[speed]\nlabel = 1\n", encoding="utf-8")
    result = run_main("--format", "concise", "schemas", "--content", content, "--into", into)
    assert result.returncode == 1
    assert "facts.toml:2:1" in result.stdout
    assert list(into.iterdir()) == []


def test_the_command_reports_a_file_that_it_cannot_replace(tmp_path: Path) -> None:
    """The error is one line that names the file."""
    (tmp_path / "article.json").mkdir()
    result = run_main("schemas", "--content", SECOND_BOOK, "--into", tmp_path)
    assert result.returncode == 2
    assert result.stderr == f"error: {tmp_path}/article.json is a folder\n"


def test_the_command_reports_a_folder_that_it_cannot_create(tmp_path: Path) -> None:
    """A file is in the way."""
    (tmp_path / "schemas").touch()
    result = run_main("schemas", "--content", SECOND_BOOK, "--into", tmp_path / "schemas")
    assert result.returncode == 2
    assert result.stderr == f"error: {tmp_path}/schemas: file exists\n"
