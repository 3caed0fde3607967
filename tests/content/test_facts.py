"""Facts agree with lists that were copied from the standards, independently of this book."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.book_files import ARTICLES, DOCUMENTS, FACTS, REGISTRY, ROOT, facts, name

FIXTURES = ROOT / "tests" / "fixtures"
with (FIXTURES / "semantics.csv").open(encoding="utf-8", newline="") as lines:
    SEMANTICS = {int(row["code"]): row for row in csv.DictReader(lines)}
SECTIONS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    **json.loads((FIXTURES / "rfc-sections.json").read_text(encoding="utf-8")),
    **json.loads((FIXTURES / "rfc-sections-more.json").read_text(encoding="utf-8")),
}
"""The sections of each RFC by number: those of the working group, and older ones as cited."""
REGISTERED = pytest.mark.parametrize(
    "path", [path for path in ARTICLES if int(path.stem) in REGISTRY], ids=name
)

HEURISTIC = {200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501}
"""Heuristically cacheable: RFC 9110, Section 15.1."""
BY_DEFAULT = {451}
"""Cacheable by default by the document that defines it: RFC 7725, Section 3."""
NEVER = {428, 429, 431, 511}
"""Must not be stored by a cache: RFC 6585, Sections 3 to 6."""
UPDATES = {304}
"""Updates what is stored: RFC 9111, Section 4.3.4."""

FAMILIES = {
    "core": "core",
    "core-ext": "extension",
    "delta": "delta encoding",
    "draft": "resumable uploads",
    "historic": "extension framework",
    "joke": "joke",
    "legal": "extension",
    "negotiation": "content negotiation",
    "network": "extension",
    "performance": "extension",
    "security": "extension",
    "webdav": "WebDAV",
}
"""The families of the semantics, by their values in this book."""
METHODS = {
    301: "POST may become GET",
    302: "POST may become GET",
    303: "becomes GET or HEAD",
    307: "kept",
    308: "kept",
}
"""RFC 9110, Sections 15.4 and 15.4.2 to 15.4.9."""
REPEATS = {
    **dict.fromkeys([408, 421], "yes"),  # "MAY repeat", "MAY retry"
    425: "yes",  # RFC 8470, Section 5.2: a client can retry, not in early data
    **dict.fromkeys([401, 403, 407, 411, 417, 431], "changed"),
    **dict.fromkeys([301, 302, 303, 307, 308], "elsewhere"),
    507: "no",  # RFC 4918, Section 11.5
}
"""Where the standard has a word such as MAY or SHOULD on repeating the request."""
SENDERS = {
    203: "transforming proxy",
    407: "proxy",
    421: "origin server or gateway",
    425: "origin server or gateway",
    502: "gateway or proxy",
    504: "gateway or proxy",
    511: "intercepting proxy",
}
"""The codes that name a particular kind of server."""


def value(path: Path, key: str) -> str:
    """What an article states, or nothing."""
    return facts(path).get(key, {}).get("value", "")


def fields(text: str) -> set[str]:
    """The names of headers in a text."""
    return set(re.findall(r"\b[A-Z][a-zA-Z]*(?:-[A-Z][a-zA-Z]*)*\b", text))


@REGISTERED
def test_status_is_what_the_registry_says(path: Path) -> None:
    """One of assigned, temporary, unused, obsoleted."""
    assert value(path, "status") == REGISTRY[int(path.stem)]["status"]


@REGISTERED
def test_family_is_that_of_the_defining_document(path: Path) -> None:
    """Correct the family, or the list in this test with a reason."""
    assert value(path, "family") == FAMILIES[SEMANTICS[int(path.stem)]["family"]]


@REGISTERED
def test_cacheable_is_what_the_standards_list(path: Path) -> None:
    """The lists are short: RFC 9110, Section 15.1; RFC 6585; RFC 7725."""
    code = int(path.stem)
    if code < 200 or code in UPDATES:
        expected = "not applicable"
    elif code in HEURISTIC | BY_DEFAULT:
        expected = "heuristically"
    elif code in NEVER:
        expected = "never"
    elif code == 208:  # stands inside the content of another response
        expected = "not applicable"
    else:
        expected = "explicitly"
    assert value(path, "cacheable") == expected


@REGISTERED
def test_cacheable_agrees_with_the_semantics(path: Path) -> None:
    """A second list, by another author."""
    rule = SEMANTICS[int(path.stem)]["heuristically_cacheable"]
    assert (value(path, "cacheable") == "heuristically") == (rule == "yes")


@REGISTERED
def test_content_is_forbidden_where_the_standard_forbids_it(path: Path) -> None:
    """Interim responses, 204, 205 and 304 have none."""
    rule = SEMANTICS[int(path.stem)]["content"]
    forbids = rule.startswith("forbidden") or rule == "MUST NOT be generated"
    assert (value(path, "content") == "forbidden") == forbids
    if rule.startswith("required"):
        assert value(path, "content") == "required"
    if rule.startswith(("SHOULD explain", "usually", "expected")):
        assert value(path, "content") == "expected"


@REGISTERED
def test_must_names_the_fields_that_the_standard_demands(path: Path) -> None:
    """None left out and none added; a field that only some responses need goes into the note."""
    rule = SEMANTICS[int(path.stem)]["response_must"].partition(":")[0].partition(";")[0]
    demanded = fields(rule.partition("(")[0])
    if path.stem == "206":  # Content-Range for one part; for several it stands in the parts
        demanded = {"Content-Range"}
    if path.stem in {"303", "304"}:  # no keyword; each one that a 200 would have had
        demanded = set()
    assert demanded <= fields(value(path, "must"))
    assert not fields(value(path, "must")) - fields(SEMANTICS[int(path.stem)]["response_must"])


@REGISTERED
def test_should_names_the_fields_that_the_standard_recommends(path: Path) -> None:
    """Those of the semantics, and no field that is demanded already."""
    recommended = fields(SEMANTICS[int(path.stem)]["response_should"].partition("(")[0])
    assert recommended <= fields(value(path, "should"))
    assert not fields(value(path, "should")) & fields(value(path, "must"))


@REGISTERED
def test_method_is_what_the_standard_says_of_redirects(path: Path) -> None:
    """Only codes that a client follows have it."""
    assert value(path, "method") == METHODS.get(int(path.stem), value(path, "method"))
    assert bool(value(path, "method")) <= path.stem.startswith("3")


@REGISTERED
def test_repeat_follows_the_text_of_the_standard(path: Path) -> None:
    """Where it says something; a code without a request to repeat is "not applicable"."""
    code = int(path.stem)
    expected = REPEATS.get(code, "not applicable" if code < 300 and code != 203 else None)
    assert expected is None or value(path, "repeat") == expected


@REGISTERED
def test_sender_is_the_kind_of_server_that_the_standard_names(path: Path) -> None:
    """Proxies and gateways have codes of their own."""
    code = int(path.stem)
    if code in SENDERS:
        assert value(path, "sender") == SENDERS[code]
    else:
        assert value(path, "sender") not in {role for role in SENDERS.values() if "proxy" in role}


@REGISTERED
def test_versions_follow_the_rules_for_interim_responses_and_upgrades(path: Path) -> None:
    """RFC 9110, Section 15.2, for HTTP/1.0; RFC 9113, Section 8.6, for HTTP/2."""
    code = int(path.stem)
    expected = "HTTP/1.1 and later" if code < 200 else "every version"
    if code in {101, 426}:
        expected = "HTTP/1.1 only"
    assert value(path, "versions") == expected


@pytest.mark.parametrize("path", ARTICLES, ids=name)
def test_a_fact_that_is_not_certain_says_why(path: Path) -> None:
    """A sentence, not a word."""
    for fact in facts(path).values():
        assert "uncertain" not in fact or len(fact["uncertain"].split()) > 3


def test_every_declared_value_is_used() -> None:
    """A value that no code has is no use to a reader: remove it from facts.toml."""
    used = {(key, fact["value"]) for path in ARTICLES for key, fact in facts(path).items()}
    declared = {(key, option) for key, kind in FACTS.items() for option in kind.get("values", {})}
    assert declared - used == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_section_that_is_cited_exists(path: Path) -> None:
    """Correct the number; an RFC that is missing goes into tests/fixtures with its source."""
    text = path.read_text(encoding="utf-8")
    cited = set(re.findall(r"\bRFC ?([0-9]+), Section ([0-9]+(?:\.[0-9]+)*)", text))
    cited |= set(re.findall(r"/rfc([0-9]+)#section-([0-9]+(?:\.[0-9]+)*)", text))
    cited |= set(re.findall(r"\bRFC ?([0-9]+), Appendix ([A-Z](?:\.[0-9]+)*)", text))
    cited |= set(re.findall(r"/rfc([0-9]+)#appendix-([A-Z](?:\.[0-9]+)*)", text))
    unknown = {
        f"RFC {rfc}, Section {section}"
        for rfc, section in cited
        if section not in SECTIONS.get(f"RFC {rfc}", {}).get("sections", {})
    }
    assert sorted(unknown) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_the_text_of_a_citation_names_the_section_of_its_link(path: Path) -> None:
    """Correct the number in the text or in the URL."""
    text = " ".join(path.read_text(encoding="utf-8").split())
    for label, rfc, section in re.findall(
        r"\[([^\]]*)\]\(https://www\.rfc-editor\.org/rfc/rfc([0-9]+)(?:#(?:section|appendix)-([^)]+))?\)",
        text,
    ):
        named = re.search(r"RFC ([0-9]+)", label)
        assert named is None or named[1] == rfc, label
        cited = re.search(r"(?:Section|Appendix) ([0-9A-Z]+(?:\.[0-9]+)*)", label)
        assert cited is None or cited[1] == section, label
