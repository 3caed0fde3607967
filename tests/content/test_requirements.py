"""What the book says a server or client must, should, or may do is what the cited section says.

`rfc-keywords.json` has the keywords of RFC 2119 that each cited section contains, and
`requirements.csv` the rules about each code: its section, keyword, words that a sentence about it
contains, and the rule in other words. Both were made from the texts of the RFCs.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from markdown_it.token import Token
from msgspec import Struct

from tests.book_files import (
    DOCUMENTS,
    FACTS,
    REGISTERED,
    ROOT,
    facts,
    front_matter,
    inlines,
    name,
)
from tests.offenders import assert_none

FIXTURES = ROOT / "tests" / "fixtures"
KEYWORDS: Mapping[str, Mapping[str, Sequence[str]]] = json.loads(
    (FIXTURES / "rfc-keywords.json").read_text(encoding="utf-8")
)
"""The keywords in each section, by RFC and number."""
WITHOUT_TEXT = {"9457", "9470"}
"""RFCs whose texts weren't available."""

_MODAL = re.compile(r"\b(?P<verb>must|should|may)(?P<negated> not|n't)?\b", re.IGNORECASE)
_CITATION = re.compile(
    r"https://www\.rfc-editor\.org/rfc/rfc(?P<rfc>\d+)#(?:section|appendix)-(?P<section>[\dA-Z.]+)"
)
_CITED = re.compile(r"⟦(?P<rfc>\d+) (?P<section>[^⟧]+)⟧")
"""A citation in a sentence."""
_SENTENCE_END = re.compile(r"(?<=[.!?])[”\")]?\s+(?=[A-Z`“\d])")
_QUOTED = re.compile(r"`[^`]*`|“[^”]*”")

Section = tuple[str, str]
"""The number of an RFC, and that of a section in it."""


class Rule(Struct, frozen=True):
    """A rule about a code, or about all codes of a class, such as 4xx."""

    code: str
    rfc: str
    section: str
    keyword: str
    subject: str
    """Words that a sentence about it contains, one of them, separated by a vertical bar."""
    rule: str

    def is_about(self, sentence: str) -> bool:
        """Whether a sentence contains one of its words."""
        words = "|".join(map(re.escape, self.subject.split("|")))
        return re.search(rf"(?<![\w-])(?:{words})(?![\w-])", sentence, re.IGNORECASE) is not None


class Claim(Struct, frozen=True):
    """A sentence that says what someone must, should, or may do, and the sections it cites."""

    path: Path
    line: int
    sentence: str
    keywords: frozenset[str]
    sections: tuple[Section, ...]

    def __str__(self) -> str:
        """Its location and its text."""
        return f"{name(self.path)}:{self.line}: {self.sentence}"


def rules() -> Iterator[Rule]:
    """All rules of the table."""
    with (FIXTURES / "requirements.csv").open(encoding="utf-8", newline="") as lines:
        yield from (Rule(**row) for row in csv.DictReader(lines))


RULES = tuple(rules())
BY_SECTION: defaultdict[Section, list[Rule]] = defaultdict(list)
for _rule in RULES:
    BY_SECTION[_rule.rfc, _rule.section].append(_rule)


@cache
def claims() -> tuple[Claim, ...]:
    """The claims of all documents."""
    return tuple(claim for path in DOCUMENTS for claim in _claims(path))


def _claims(path: Path) -> Iterator[Claim]:
    for line, sentence in sentences(path):
        sections = tuple((cited["rfc"], cited["section"]) for cited in _CITED.finditer(sentence))
        text = _CITED.sub("", sentence)
        keywords = frozenset(map(_keyword, _MODAL.finditer(_QUOTED.sub("", text))))
        if sections and keywords:
            yield Claim(path, line, text, keywords, sections)


def sentences(path: Path) -> Iterator[tuple[int, str]]:
    """The sentences of a document with their lines; see `_sentences`."""
    for line, inline in inlines(path):
        yield from ((line, sentence) for sentence in _sentences(inline))


def _sentences(inline: Token) -> Sequence[str]:
    """The sentences of a text, with each link to a section followed by its numbers."""
    parts, href = [], ""
    for token in inline.children or []:
        match token.type:
            case "text":
                parts.append(token.content)
            case "code_inline":
                parts.append(f"`{token.content}`")
            case "softbreak" | "hardbreak":
                parts.append(" ")
            case "link_open":
                href = str(token.attrs["href"])
            case "link_close" if cited := _CITATION.match(href):
                parts.append(f"⟦{cited['rfc']} {cited['section']}⟧")
            case _:
                pass
    return _SENTENCE_END.split(" ".join("".join(parts).split()))


def _keyword(match: re.Match[str]) -> str:
    return match["verb"].upper() + (" NOT" if match["negated"] else "")


def test_the_keyword_of_a_claim_is_in_a_section_that_it_cites() -> None:
    """Write "must", "should", or "may" only for MUST, SHOULD, or MAY; otherwise "needs to", "can".

    If a section is missing in rfc-keywords.json, add the keywords that its text contains.
    """
    assert len(claims()) > 100
    offenders = []
    for claim in claims():
        cited = [each for each in claim.sections if each[0] not in WITHOUT_TEXT]
        missing = [each for each in cited if each[1] not in KEYWORDS.get(f"RFC {each[0]}", {})]
        offenders += [f"{name(claim.path)}: RFC {rfc}, {section}" for rfc, section in missing]
        if cited and not missing:
            found = {word for rfc, number in cited for word in KEYWORDS[f"RFC {rfc}"][number]}
            if not claim.keywords <= found:
                offenders.append(f"{sorted(claim.keywords - found)} {claim}")
    assert_none(offenders)


def test_a_claim_about_a_rule_has_the_keyword_of_the_rule() -> None:
    """So two pages that state the same rule state it with the same strength."""
    offenders = []
    for claim in claims():
        about = [
            rule
            for section in claim.sections
            for rule in BY_SECTION[section]
            if rule.is_about(claim.sentence)
        ]
        keywords = {rule.keyword for rule in about}
        if about and len(set(claim.sections)) == 1 and not claim.keywords <= keywords:
            offenders.append(f"{sorted(claim.keywords)}, not {sorted(keywords)}: {claim}")
    assert_none(offenders)


def test_an_article_states_the_rules_of_the_section_that_defines_its_code() -> None:
    """Each MUST and MUST NOT for the code is a fact, or in a sentence with "must"."""
    offenders = []
    for path in REGISTERED:
        sections = re.findall(r"RFC (\d+), Section ([\d.]+)", front_matter(path).get("spec", ""))
        stated = [
            f"{fact['value']} {FACTS[key].get('values', {}).get(fact['value'], '')}"
            for key, fact in facts(path).items()
        ]
        stated += [
            sentence
            for _, sentence in sentences(path)
            if re.search(r"\bmust\b", sentence, re.IGNORECASE)
        ]
        offenders += [
            f"{name(path)}: {rule.keyword}: {rule.rule} ({rule.subject})"
            for section in sections
            for rule in BY_SECTION[section]
            if rule.code == path.stem and rule.keyword.startswith("MUST")
            if not any(map(rule.is_about, stated))
        ]
    assert_none(offenders)


def test_the_rules_are_in_the_sections_that_they_name() -> None:
    """Correct the table: each section contains the keyword of each of its rules."""
    assert len(RULES) > 400
    assert_none(
        rule
        for rule in RULES
        if rule.keyword not in KEYWORDS.get(f"RFC {rule.rfc}", {}).get(rule.section, [rule.keyword])
    )
