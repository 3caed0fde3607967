"""The seed, which is the original document, is a valid register and a complete book."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest
from bs4 import BeautifulSoup

from codebook.book.documents import Register
from codebook.book.parse import parse_documents
from codebook.build.pipeline import BuildResult
from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Parsed, Rule, Severity
from codebook.diagnostics.source import Folder
from tests.offenders import assert_none

Make = Callable[..., BuildResult]
Pages = Mapping[PurePosixPath, BeautifulSoup]

SHA256 = "52810e1669ba7ad0eb43963a92649013bf29475759a0389e6eee80a572bacbc7"
CODES = {
    "Informational responses": (100, 101, 102, 103),
    "Successful responses": (201, 202, 203, 204, 205, 206, 207, 208, 226),
    "Redirection messages": (300, 301, 302, 303, 305, 306, 307, 308),
    "Client error responses": (*range(400, 419),),
}
NUMBERS = [number for numbers in CODES.values() for number in numbers]


class Change(NamedTuple):
    """The reason for a change to a text of the seed."""

    reason: str
    adapted: bool = False
    """Whether sentences of the seed are left in it; else it is our own."""


CHANGED: Mapping[int, Change] = {
    203: Change("RFC 9110, Section 15.3.4: a transforming proxy changed it; no copy, no mirror"),
    303: Change("RFC 9110, Section 15.4.4: another resource, not the requested one elsewhere"),
    306: Change("RFC 2616, Section 10.3.7: already unused there; only a draft defined it"),
    308: Change("RFC 9110, Section 15.4.9: has no keyword against changing the method"),
    402: Change("RFC 9110, Section 15.5.3: says nothing about the aim, and services use it"),
    403: Change("RFC 9110, Section 15.5.4: need not have to do with the client's identity"),
    406: Change(
        "RFC 9110, Section 15.5.7: only if the server will not send a default", adapted=True
    ),
    407: Change("RFC 9110, Section 15.5.8: the client authenticates, not the proxy"),
    408: Change("RFC 9110, Section 15.5.9: an incomplete request; the browsers named are of 2014"),
    410: Change("RFC 9110, Section 15.5.11: promotional services are one example of two"),
    413: Change("RFC 9110, Section 15.5.14: content, not entity; Retry-After", adapted=True),
    415: Change("RFC 9110, Section 15.5.16: the content coding too, and by this resource"),
    418: Change("RFC 9110, Section 15.5.19: reserved, no status code of HTTP"),
}
VARIANTS: Mapping[str, Callable[[str], str]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "a byte order mark": lambda text: "\ufeff" + text,
    "no trailing spaces": lambda text: re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE),
    "trailing spaces everywhere": lambda text: text.replace("\n", "  \n"),
    "blank lines doubled": lambda text: re.sub(r"^\s*$", "\n", text, flags=re.MULTILINE),
    "no blank lines between codes": lambda text: re.sub(r"\n\s*\n(?=- )", "\n", text),
    "a hyphen in the ranges": lambda text: text.replace("–", "-"),
    "no line end at the end": lambda text: text.rstrip(),
    "stars for dashes": lambda text: re.sub(r"^- ", "* ", text, flags=re.MULTILINE),
}


def parse(text: str) -> Parsed[Register]:
    """The register in a book with only this text."""
    read = parse_documents(Cache(), Folder("content", {PurePosixPath("seed.md"): text.encode()}))
    (register,) = read.value.registers
    return Parsed(register, read.diagnostics)


def texts(seed: str) -> dict[int, str]:
    """The text of each code, read line by line instead of as Markdown."""
    by_number: dict[int, str] = {}
    number = None
    for line in seed.splitlines():
        start = re.fullmatch(r"- ([1-5][0-9]{2}) *", line)
        if start:
            number = int(start[1])
            by_number[number] = ""
        elif line.startswith("#"):
            number = None
        elif number is not None:
            by_number[number] = f"{by_number[number]} {line}".strip()
    return by_number


def shape(register: Register) -> Iterator[object]:
    """The content of a register, without locations."""
    yield register.title
    yield [text.html(lambda target: target.path.as_posix()) for text in register.trail]
    yield [(one.name, one.low, one.high) for one in register.classes]
    for section in register.sections:
        yield section.code_class.name, section.slugs
        for entry in section.entries:
            yield entry.number, entry.name, entry.text.pieces, entry.text.plain
    yield [(text.pieces, text.plain) for text in register.references]


@pytest.fixture(scope="module")
def register(seed_text: str) -> Register:
    """The seed, read."""
    return parse(seed_text).value


@pytest.fixture(scope="module")
def site(seed_text: str, compile_book: Make) -> Pages:
    """The pages of a book of the seed alone."""
    result = compile_book({"seed.md": seed_text})
    assert result.files is not None, result.diagnostics
    return {
        path: BeautifulSoup(data, "html.parser")
        for path, data in result.files.items()
        if path.suffix == ".html"
    }


def page_text(page: BeautifulSoup) -> str:
    """The text of a page, with spaces collapsed."""
    return " ".join(page.get_text().split())


def test_the_seed_is_the_pinned_document(root: Path) -> None:
    """The other tests are about exactly these bytes, so the seed must never be edited."""
    data = (root / "tests" / "fixtures" / "seed.md").read_bytes()
    assert hashlib.sha256(data).hexdigest() == SHA256


def test_the_register_keeps_the_texts_of_the_seed(root: Path, seed_text: str) -> None:
    """Exceptions are texts that contradict the standard; they also change the credit."""
    text = (root / "content" / "http-status-codes.md").read_text(encoding="utf-8")
    ours, theirs = texts(text), texts(seed_text)
    assert [number for number in theirs if ours[number] != theirs[number]] == list(CHANGED)
    assert len(ours) == 64


def test_the_credit_names_the_texts_that_are_kept(root: Path) -> None:
    """The credit lists ranges in numeric order. Update it if a text changes."""
    settings = tomllib.loads((root / "content" / "book.toml").read_text(encoding="utf-8"))
    credit = settings["credits"][0]["text"]
    listed = credit.removeprefix("The short texts of ").partition(" are an excerpt")[0]
    named: list[int] = []
    for part in re.split(r", (?:and )?", listed):
        first, _, last = part.partition(" to ")
        named += [number for number in NUMBERS if int(first) <= number <= int(last or first)]
    adapted = [int(number) for number in re.findall("[0-9]{3}", credit.partition("Those of")[2])]
    assert adapted == [number for number, change in CHANGED.items() if change.adapted]
    rewritten = [number for number, change in CHANGED.items() if not change.adapted]
    assert named == [number for number in NUMBERS if number not in rewritten]


def test_the_seed_has_forty_codes_in_four_sections_in_order(register: Register) -> None:
    """Every code is in its original section and order."""
    sections = {
        section.code_class.name: tuple(entry.number for entry in section.entries)
        for section in register.sections
    }
    assert list(sections.items()) == list(CODES.items())
    assert len(NUMBERS) == 40


def test_the_seed_lists_five_classes(register: Register) -> None:
    """The classes are the hundreds, including the fifth."""
    assert [(one.name, one.low, one.high, one.label) for one in register.classes] == [
        ("Informational responses", 100, 199, "1xx"),
        ("Successful responses", 200, 299, "2xx"),
        ("Redirection messages", 300, 399, "3xx"),
        ("Client error responses", 400, 499, "4xx"),
        ("Server error responses", 500, 599, "5xx"),
    ]


def test_every_code_has_its_complete_text_and_no_name(register: Register, seed_text: str) -> None:
    """No word is lost or added, and the seed has no names of codes."""
    entries = {e.number: e for section in register.sections for e in section.entries}
    expected = texts(seed_text)
    assert list(expected) == NUMBERS
    assert all(len(text.split()) > 8 for text in expected.values())
    assert {number: entry.text.plain for number, entry in entries.items()} == expected
    assert {entry.name for entry in entries.values()} == {""}
    lines = seed_text.split("\n")
    assert_none(
        number
        for number, entry in entries.items()
        if not lines[entry.span.line - 1].startswith(str(number), entry.span.column - 1)
    )


def test_the_soft_break_of_205_is_a_break_like_any_other(
    register: Register, seed_text: str
) -> None:
    """Only 205 has no spaces after its number, which makes no difference."""
    assert "- 205\n" in seed_text
    (entry,) = (e for section in register.sections for e in section.entries if e.number == 205)
    html = "<p>Tells the user agent to reset the document which sent this request.</p>\n"
    assert entry.text.pieces == (html,)


def test_the_angle_brackets_of_208_are_text(register: Register) -> None:
    """`<dav:propstat>` is neither a link nor a tag, and it isn't dropped."""
    (entry,) = (e for section in register.sections for e in section.entries if e.number == 208)
    (html,) = entry.text.pieces
    assert isinstance(html, str)
    assert html.startswith("<p>Used inside a &lt;dav:propstat&gt; response element to avoid")
    assert "<a" not in html


def test_the_only_diagnostic_of_the_seed_is_its_missing_fifth_section(seed_text: str) -> None:
    """The warning is at the line that lists the class."""
    (diagnostic,) = parse(seed_text).diagnostics
    assert diagnostic.rule is Rule.MISSING_SECTION
    assert diagnostic.severity is Severity.WARNING
    assert (diagnostic.span.line, diagnostic.span.column) == (9, 1)


def test_the_breadcrumb_and_the_reference_of_the_seed_are_links(register: Register) -> None:
    """The first line links to the home page, and the last one to the source of the texts."""
    (home,) = register.trail
    assert home.html(lambda target: target.path.as_posix()) == '<a href="index.md">Home</a>'
    assert [target.path for target in register.targets] == [PurePosixPath("index.md")]
    (reference,) = register.references
    assert reference.plain == "http-response-status-reference"
    url = "https://developer.mozilla.org/en-US/docs/Web/HTTP/Status#client_error_responses"
    assert f'href="{url}"' in reference.html(str)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_seed_can_be_saved_with_other_whitespace(
    variant: str, seed_text: str, register: Register
) -> None:
    """Line endings, spaces, empty lines, and a byte order mark have no meaning."""
    changed = VARIANTS[variant](seed_text)
    assert changed != seed_text
    parsed = parse(changed)
    assert list(shape(parsed.value)) == list(shape(register))
    assert [diagnostic.rule for diagnostic in parsed.diagnostics] == [Rule.MISSING_SECTION]


def test_the_seed_builds_a_complete_site(site: Pages) -> None:
    """The site has pages for codes, classes, and all codes, a home page, and an error page."""
    codes = {PurePosixPath("status", str(number), "index.html") for number in NUMBERS}
    classes = {PurePosixPath("status", f"{first}xx", "index.html") for first in range(1, 6)}
    others = {"index.html", "status/index.html", "404.html"}
    assert codes | classes | set(map(PurePosixPath, others)) <= set(site)


def test_the_text_of_a_code_is_on_its_page_and_on_the_page_of_all_codes(
    seed_text: str, site: Pages
) -> None:
    """Both pages contain the complete text."""
    pages = {number: site[PurePosixPath("status", str(number), "index.html")] for number in NUMBERS}
    everything = page_text(site[PurePosixPath("status/index.html")])
    assert_none(
        number
        for number, text in texts(seed_text).items()
        if text not in page_text(pages[number]) or text not in everything
    )
    assert_none(number for number in NUMBERS if str(number) not in str(pages[number].h1))


def test_208_shows_its_angle_brackets(site: Pages) -> None:
    """The page shows `<dav:propstat>` as text, not as an element or a link."""
    page = site[PurePosixPath("status/208/index.html")]
    assert "Used inside a <dav:propstat> response element" in page_text(page)
    assert page.find("dav:propstat") is None
    assert not page.find_all("a", href=re.compile("^dav:"))
