"""All words of the interface come from one file, so translating it translates the interface."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from msgspec.structs import replace

from codebook.book import urls
from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.source import Folder, Source
from codebook.io.sources import read_folder
from codebook.site.parse_words import parse_words
from codebook.site.words import PATH, counted, direction, fill, keys, script_words
from tests import bracketed_words
from tests.bracketed_words import BOOK, ROOT, bracketed, large_book, outside, seen
from tests.sample_books import WORDS, change, history_of

Files = Mapping[PurePosixPath, bytes]

TEXT = (ROOT / "templates" / PATH).read_text(encoding="utf-8")
ATTRIBUTES = ("aria-label", "title", "alt", "placeholder")
MACHINE = re.compile(
    r"\[[\w-]+\.(?:json|txt)\]\([^)]*\)|\]\([^)]*\)|<https?:[^>]*>"
    r"|^## Optional$|^```.*$|^> \[!\w+\]$",
    re.MULTILINE,
)
"""In Markdown: link targets, names of files, kinds of alerts, and a heading from llmstxt.org."""


@cache
def templates() -> Folder:
    """The templates without fonts, so that no cards are drawn."""
    folder = read_folder(ROOT / "templates", "templates")
    files = {path: data for path, data in folder.files.items() if path.suffix != ".ttf"}
    return replace(folder, files=files)


def build(folder: Folder) -> BuildResult:
    """Build the book with these templates and with more changed pages than the feed lists."""
    changes = [change(0, "book.toml", subject="Αλλαγή"), change(1, "index.md", subject="Αρχή")]
    history = history_of(*changes)
    return build_site(large_book(), folder, "site", "https://codes.example/", history=history)


@cache
def site() -> Files:
    """The site with its words in brackets."""
    result = build(bracketed(templates()))
    assert result.files, result.diagnostics
    return result.files


def texts(path: PurePosixPath, data: bytes) -> Iterator[str]:  # noqa: C901 - one for each kind
    """Return the texts in a file that users see."""
    match path.suffix:
        case ".html":
            page = BeautifulSoup(data, "html.parser")
            for tag in page(["script", "style"]):
                tag.decompose()
            yield from page.find_all(string=lambda text: text != "html")
            for name in ATTRIBUTES:
                yield from (str(tag[name]) for tag in page.select(f"[{name}]"))
            described = "[name=description], [property='og:title'], [property='og:description']"
            yield from (str(tag["content"]) for tag in page.select(described))
        case ".md" | ".txt":
            yield from MACHINE.sub("", data.decode()).splitlines()
        case ".xml" if path.name == urls.FEED:
            for element in ET.fromstring(data).iter():  # noqa: S314 - our own bytes
                if not element.tag.endswith(("}id", "}updated")):
                    yield element.text or ""
        case ".xml" if path.name == urls.OPENSEARCH:
            for element in ET.fromstring(data).iter():  # noqa: S314 - our own bytes
                if element.tag.endswith("}Description"):
                    yield element.text or ""
        case ".json" if path.name == urls.SEARCH:
            index = json.loads(data)
            yield from (kind for _, _, kind, *_ in index["pages"])
            yield json.dumps(index["words"], ensure_ascii=False)
        case _:
            pass


FOR_PEOPLE = (".html", ".md", "llms.txt", "llms-full.txt", urls.FEED, urls.OPENSEARCH)


@pytest.mark.parametrize("kind", FOR_PEOPLE)
def test_every_word_outside_the_book_is_in_the_file(kind: str) -> None:
    """Literals in templates and in the program are listed by the failure."""
    files = {path: data for path, data in site().items() if path.as_posix().endswith(kind)}
    assert files
    found = {str(path): outside(texts(path, data)) for path, data in files.items()}
    assert {path: literals for path, literals in found.items() if literals} == {}


def test_a_literal_in_a_template_is_found() -> None:
    """Otherwise, the test above would prove nothing."""
    path = PurePosixPath("guide.html")
    files = bracketed(templates()).files
    text = files[path].replace(b"<h1>", b'<img src="" alt="Wave"><p>Hello</p><h1>')
    result = build_site(
        read_folder(BOOK, "content"), replace(templates(), files={**files, path: text}), "s", ""
    )
    page = PurePosixPath("guides/facts/index.html")
    assert result.files
    assert outside(texts(page, result.files[page])) == ["Hello", "Wave"]


def test_every_entry_is_used() -> None:
    """`tests/browser/test_words.py` checks the entries for scripts and the preview."""
    found = seen(text for path, data in site().items() for text in texts(path, data))
    scripts = {f"{table}." for table in (*script_words(WORDS), "rows", "preview")}
    every = set(bracketed_words.keys(tomllib.loads(TEXT)))
    assert {key for key in every - found if not key.startswith(tuple(scripts))} == set()
    assert found <= every


def parse(text: str) -> list[str]:
    """Return the diagnostics of a file with this text, each with its position and help."""
    parsed = parse_words(Source.of(PATH, "words.toml", text))
    assert (parsed.value is None) == bool(parsed.diagnostics)
    return [
        f"{each.span.line}:{each.span.column}: {each.message}: {each.help}"
        for each in parsed.diagnostics
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('skip = "', 'skp = "', '"skp"'),
        ('home = "Home"\n', "", 'add it: home = "…"'),
        ('home = "Home"', "home = 1", 'write home = "1"'),
        (
            "Edit {title}",
            "Edit {tilte}",
            '"register" cannot contain the placeholder {tilte}: did you mean',
        ),
        ('home = "Home"', 'home = "{x}"', '"home" cannot contain the placeholder {x}: remove it'),
        ('{ one = "1 row",', "{", 'add it: one = "…"'),
        ('language = "en"', 'language = "e n"', '"e n" is not a language tag: write a BCP 47'),
    ],
)
def test_an_error_in_the_file_is_reported_at_its_position(
    old: str, new: str, expected: str
) -> None:
    """The diagnostic has help, like those of errors in the content."""
    assert old in TEXT
    (diagnostic,) = parse(TEXT.replace(old, new, 1))
    assert re.fullmatch(r"\d+:\d+: .*", diagnostic)
    assert expected in diagnostic


def test_a_file_that_is_not_toml_is_reported() -> None:
    """The diagnostic is at the syntax error."""
    (diagnostic,) = parse("[header]\nskip = Skip\n")
    assert diagnostic.startswith("2:8:")


@pytest.mark.parametrize("data", [None, b"\xff", b"language = 1"])
def test_a_build_without_valid_words_fails_with_diagnostics(data: bytes | None) -> None:
    """The file is missing, isn't UTF-8, or has no words."""
    files = {path: text for path, text in templates().files.items() if path != PATH}
    result = build(replace(templates(), files=files if data is None else {**files, PATH: data}))
    assert result.files is None
    assert result.words is None
    assert {each.span.path for each in result.diagnostics} == {"templates/words.toml"}


def test_the_words_of_scripts_cannot_end_their_data_block() -> None:
    """Translations can contain any characters."""
    text = TEXT.replace('copied = "Copied"', 'copied = "</script><!--<b>&"')
    result = build(replace(templates(), files={**templates().files, PATH: text.encode()}))
    assert result.files
    page = BeautifulSoup(result.files[PurePosixPath("index.html")], "html.parser")
    (block,) = page.select("#ui-words")
    assert json.loads(block.get_text())["copy"]["copied"] == "</script><!--<b>&"


def test_placeholders_are_replaced_and_numbers_choose_a_form() -> None:
    """Braces that aren't part of a placeholder stay."""
    assert fill("{b} {a} { }", a=1, b="{a}") == "{a} 1 { }"
    rows = WORDS.rows.count
    assert [counted(rows, number) for number in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]
    assert keys().rows.count.one == "rows.count.one"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        *((tag, "rtl") for tag in ("ar", "he-IL", "fa", "ur-PK", "yi", "ckb", "dv", "AR-eg")),
        *((tag, "rtl") for tag in ("az-Arab", "ku-Arab-IQ", "ff-Adlm", "nqo")),
        *(
            (tag, "ltr")
            for tag in ("en", "el", "ja", "ar-Latn", "he-Latn-IL", "az", "arn", "de-1996")
        ),
    ],
)
def test_the_direction_follows_the_script_of_a_language(language: str, expected: str) -> None:
    """It's the script in the language tag, or else the usual one of the language."""
    assert direction(language) == expected


@pytest.mark.parametrize(
    ("book", "interface", "html", "header"),
    [
        ("el", "el", ("el", "ltr"), (None, None)),
        ("ar", "ar", ("ar", "rtl"), (None, None)),
        ("ar", "en", ("ar", "rtl"), ("en", "ltr")),
        ("en", "he", ("en", "ltr"), ("he", "rtl")),
    ],
)
def test_a_page_has_the_language_of_the_book(
    book: str, interface: str, html: tuple[str, str], header: tuple[str | None, str | None]
) -> None:
    """The interface has a separate language and direction only if they differ."""
    content = read_folder(BOOK, "content")
    path = PurePosixPath("book.toml")
    settings = content.files[path].replace(b'language = "el"', f'language = "{book}"'.encode())
    words = TEXT.replace('language = "en"', f'language = "{interface}"')
    result = build_site(
        replace(content, files={**content.files, path: settings}),
        replace(templates(), files={**templates().files, PATH: words.encode()}),
        "site",
        "",
    )
    assert result.files
    for name in ("index.html", "404.html", "signals/11/index.html", "guides/old/index.html"):
        page = BeautifulSoup(result.files[PurePosixPath(name)], "html.parser")
        (root,) = page.select("html")
        assert (root["lang"], root["dir"]) == html, name
        for part in page.select("header.top, body > footer, .skip"):
            assert (part.get("lang"), part.get("dir")) == header, name
