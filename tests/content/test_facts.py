"""Facts agree with lists that were copied from the standards, independently of the book."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping

from tests.book_files import (
    ARTICLES,
    DOCUMENTS,
    FACTS,
    REGISTERED,
    REGISTRY,
    ROOT,
    facts,
    name,
)
from tests.offenders import assert_none

FIXTURES = ROOT / "tests" / "fixtures"
with (FIXTURES / "semantics.csv").open(encoding="utf-8", newline="") as lines:
    SEMANTICS = {int(row["code"]): row for row in csv.DictReader(lines)}
SECTIONS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    **json.loads((FIXTURES / "rfc-sections.json").read_text(encoding="utf-8")),
    **json.loads((FIXTURES / "rfc-sections-more.json").read_text(encoding="utf-8")),
}
"""The sections of each RFC by number: those of the working group, and older ones as cited."""

HEURISTIC = {200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501}
"""Heuristically cacheable: RFC 9110, Section 15.1."""
BY_DEFAULT = {451}
"""Cacheable by default by the document that defines it: RFC 7725, Section 3."""
NEVER = {428, 429, 431, 511}
"""Must not be stored by a cache: RFC 6585, Sections 3 to 6."""
UPDATES = {304}
"""Updates what is stored: RFC 9111, Section 4.3.4."""

FAMILIES = {
    "core": "core HTTP",
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
    307: "stays the same",
    308: "stays the same",
}
"""RFC 9110, Sections 15.4 and 15.4.2 to 15.4.9."""
REPEATS = {
    **dict.fromkeys([408, 421], "yes"),  # "MAY repeat", "MAY retry"
    425: "yes",  # RFC 8470, Section 5.2: a client can retry, not in early data
    **dict.fromkeys([401, 403, 407, 411, 417, 431], "after fixing the request"),
    **dict.fromkeys([301, 302, 303, 307, 308], "at the URL in Location"),
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


CODES = [int(path.stem) for path in REGISTERED]
"""The registered codes, which are the codes that the standards are about."""
STATED = {int(path.stem): facts(path) for path in ARTICLES}
"""The facts of each article."""


def value(code: int, key: str) -> str:
    """The stated value of a fact about a code, or an empty text."""
    return STATED[code].get(key, {}).get("value", "")


def fields(text: str) -> set[str]:
    """The names of headers in a text."""
    return set(re.findall(r"\b[A-Z][a-zA-Z]*(?:-[A-Z][a-zA-Z]*)*\b", text))


def assert_stated(key: str, expected: Mapping[int, str]) -> None:
    """Check a fact of these codes."""
    assert expected
    assert_none(
        f'{code}: {key} is "{value(code, key)}", not "{wanted}"'
        for code, wanted in expected.items()
        if value(code, key) != wanted
    )


def test_every_registered_code_is_compared_with_the_standards() -> None:
    """Each code has an article and a row in the list."""
    assert set(CODES) == set(REGISTRY) == set(SEMANTICS)


def test_status_matches_the_registry() -> None:
    """The value is assigned, temporary, unused, or obsoleted."""
    assert_stated("status", {code: REGISTRY[code]["status"] for code in CODES})


def test_family_is_that_of_the_defining_document() -> None:
    """Correct the family, or the list in this test with a reason."""
    assert_stated("family", {code: FAMILIES[SEMANTICS[code]["family"]] for code in CODES})


def test_cacheable_matches_the_standards() -> None:
    """The lists are in RFC 9110, Section 15.1; RFC 6585; and RFC 7725."""
    not_applicable = [code for code in CODES if code < 200] + [*UPDATES]
    not_applicable += [208, 306]  # appears in the content of another response; has no meaning
    expected = {
        **dict.fromkeys(CODES, "only if the response says so"),
        **dict.fromkeys(HEURISTIC | BY_DEFAULT, "yes"),
        **dict.fromkeys(NEVER, "never"),
        **dict.fromkeys(not_applicable, "not applicable"),
    }
    assert_stated("cacheable", expected)


def test_cacheable_agrees_with_the_semantics() -> None:
    """This list was written by another author."""
    assert {code for code in CODES if value(code, "cacheable") == "yes"} == {
        code for code in CODES if SEMANTICS[code]["heuristically_cacheable"] == "yes"
    }


def test_content_is_forbidden_where_the_standard_forbids_it() -> None:
    """Interim responses, 204, 205, and 304 have no content."""
    rules = {code: SEMANTICS[code]["content"] for code in CODES}
    forbidden = {
        code
        for code, rule in rules.items()
        if rule.startswith("forbidden") or rule == "MUST NOT be generated"
    }
    assert {code for code in CODES if value(code, "content") == "not allowed"} == forbidden
    required = {code: "required" for code in CODES if rules[code].startswith("required")}
    expected = {
        code: "expected"
        for code in CODES
        if rules[code].startswith(("SHOULD explain", "usually", "expected"))
    }
    assert_stated("content", required | expected)


def test_must_names_the_fields_that_the_standard_demands() -> None:
    """List exactly these. Headers that only some responses need belong in the note."""
    offenders = []
    for code in CODES:
        rule = SEMANTICS[code]["response_must"].partition(":")[0].partition(";")[0]
        demanded = fields(rule.partition("(")[0])
        if code == 206:  # Content-Range for one part; for several it is in the parts
            demanded = {"Content-Range"}
        if code in {303, 304}:  # no keyword; each that a 200 would have had
            demanded = set()
        stated = fields(value(code, "must"))
        allowed = fields(SEMANTICS[code]["response_must"])
        offenders += [f"{code}: {field} is missing" for field in demanded - stated]
        offenders += [f"{code}: {field} is not demanded" for field in stated - allowed]
    assert_none(offenders)


def test_should_names_the_fields_that_the_standard_recommends() -> None:
    """List exactly these, without headers that are required anyway."""
    offenders = []
    for code in CODES:
        recommended = fields(re.split("[(:]", SEMANTICS[code]["response_should"])[0])
        stated, demanded = fields(value(code, "should")), fields(value(code, "must"))
        offenders += [f"{code}: {field} is missing" for field in recommended - stated]
        offenders += [f"{code}: {field} is demanded already" for field in stated & demanded]
    assert_none(offenders)


def test_method_follows_the_standard() -> None:
    """Only codes that make clients send another request have this fact."""
    assert_stated("method", METHODS)
    assert_none(code for code in CODES if value(code, "method") and code // 100 != 3)


def test_repeat_follows_the_text_of_the_standard() -> None:
    """This covers codes about which it says something. Without a request: "not applicable"."""
    without_request = [code for code in CODES if code < 300 and code != 203]
    assert_stated("repeat", {**dict.fromkeys(without_request, "not applicable"), **REPEATS})


def test_sender_is_the_kind_of_server_that_the_standard_names() -> None:
    """Only codes for proxies name a proxy."""
    assert_stated("sender", SENDERS)
    proxies = {role for role in SENDERS.values() if "proxy" in role}
    assert_none(
        f"{code}: {value(code, 'sender')}"
        for code in CODES
        if code not in SENDERS and value(code, "sender") in proxies
    )


def test_versions_follow_the_rules_for_interim_responses_and_upgrades() -> None:
    """RFC 9110, Section 15.2, for HTTP/1.0; RFC 9113, Section 8.6, for HTTP/2."""
    interim = [code for code in CODES if code < 200]
    expected = {
        **dict.fromkeys(CODES, "any"),
        **dict.fromkeys(interim, "HTTP/1.1 and later"),
        **dict.fromkeys([101, 426], "HTTP/1.1 only"),
    }
    assert_stated("versions", expected)


def test_an_uncertain_fact_has_a_reason() -> None:
    """Write a sentence, not a word."""
    reasons = {
        f"{code}: {key}": fact["uncertain"]
        for code, stated in STATED.items()
        for key, fact in stated.items()
        if "uncertain" in fact
    }
    assert reasons
    assert_none(where for where, reason in reasons.items() if len(reason.split()) <= 3)


def test_every_declared_value_is_used() -> None:
    """Remove unused values from facts.toml."""
    used = {(key, fact["value"]) for stated in STATED.values() for key, fact in stated.items()}
    declared = {(key, option) for key, kind in FACTS.items() for option in kind.get("values", {})}
    assert declared - used == set()


def test_every_section_that_is_cited_exists() -> None:
    """Correct the number. If the RFC is missing, add it to tests/fixtures with its source."""
    patterns = (
        r"\bRFC ?([0-9]+), Section ([0-9]+(?:\.[0-9]+)*)",
        r"/rfc([0-9]+)#section-([0-9]+(?:\.[0-9]+)*)",
        r"\bRFC ?([0-9]+), Appendix ([A-Z](?:\.[0-9]+)*)",
        r"/rfc([0-9]+)#appendix-([A-Z](?:\.[0-9]+)*)",
    )
    cited = {
        (path, rfc, section)
        for path in DOCUMENTS
        for pattern in patterns
        for rfc, section in re.findall(pattern, path.read_text(encoding="utf-8"))
    }
    assert cited
    assert_none(
        f"{name(path)}: RFC {rfc}, Section {section}"
        for path, rfc, section in sorted(cited)
        if section not in SECTIONS.get(f"RFC {rfc}", {}).get("sections", {})
    )


def test_the_text_of_a_citation_names_the_section_of_its_link() -> None:
    """Correct the number in the text or in the URL."""
    link = r"\[([^\]]*)\]\(https://www\.rfc-editor\.org/rfc/rfc([0-9]+)(?:#(?:section|appendix)-([^)]+))?\)"
    links = [
        (path, *groups)
        for path in DOCUMENTS
        for groups in re.findall(link, " ".join(path.read_text(encoding="utf-8").split()))
    ]
    assert links
    offenders = []
    for path, label, rfc, section in links:
        named = re.search(r"RFC ([0-9]+)", label)
        cited = re.search(r"(?:Section|Appendix) ([0-9A-Z]+(?:\.[0-9]+)*)", label)
        if (named and named[1] != rfc) or (cited and cited[1] != section):
            offenders.append(f"{name(path)}: [{label}] links to RFC {rfc}, {section}")
    assert_none(offenders)
