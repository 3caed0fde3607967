"""Documents made to break parsers are reported or shown, without lost text or exceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath

import pytest
from bs4 import BeautifulSoup

from codebook.book.documents import Documents
from codebook.book.parse import parse_documents
from codebook.build.pipeline import BuildResult
from codebook.cache import Cache
from codebook.diagnostics.causes import group_by_cause
from codebook.diagnostics.diagnostic import Parsed, Rule, Severity
from codebook.diagnostics.formats import Format
from codebook.diagnostics.reports import report
from codebook.diagnostics.source import Folder
from codebook.syntax.decode import sources_of
from tests.offenders import assert_none

Make = Callable[..., BuildResult]

REGISTER = "# Signals\n\n1. Entry signals (10–19)\n\n## 1. Entry signals\n\n- 11\nCome in.\n"
TABLE = (
    '```toml\ntitle = "Flags"\nsource = "Rules"\nread = 2026-11-01\nlicense = "CC0-1.0"\n'
    'columns = { code = "Code" }\n```\n'
)
GROWING_TABLE = "|".join("x" * 500) + "\n" + "|".join("-" * 500) + "\n"
"""The head of a table: each row below it is padded to five hundred cells."""
MARKDOWN: Mapping[str, str] = {
    "quotes in quotes": ">" * 20_000 + " haven",
    "lists in lists": "- " * 5_000 + "haven",
    "numbered lists in lists": "1. " * 5_000 + "haven",
    "lists in quotes in lists": "> - " * 3_000 + "haven",
    "brackets that open": "[" * 20_000 + "haven",
    "brackets that close": "[" * 5_000 + "haven" + "](index.md)" * 5_000,
    "images that open": "![" * 5_000 + "haven",
    "round brackets that open": "[haven](" + "(" * 20_000,
    "backticks": "`" * 10_000 + " haven",
    "runs of backticks of every length": " ".join("`" * n for n in range(1, 300)) + " haven",
    "stars": "*" * 20_000 + "haven",
    "every emphasis": "*a **b _c " * 3_000 + "haven",
    "marked sections": "<![" * 1_500 + " haven",
    "declarations": "<!" * 3_000 + " haven",
    "comments that open": "<!--" * 3_000 + " haven",
    "instructions that open": "<?" * 3_000 + " haven",
    "less-than signs": "<" * 5_000 + " haven",
    "an element with many attributes": "<a " + "b='c' " * 10_000 + "haven",
    "elements": "<b>haven</b>" * 1_000,
    "ampersands": "&" * 20_000 + " haven",
    "backslashes": "\\" * 20_001 + " haven",
    "hashes": "#" * 20_000 + " haven",
    "headings of one name": "## haven\n" * 1_000,
    "a thematic break": "* " * 20_000 + "\nhaven",
    "fences": "```\n" * 4_999 + "haven",
    "link definitions": "".join(f"[a{n}]: b\n" for n in range(1_000)) + "haven",
    "control characters": "\0" * 200 + "haven",
    "an encoded control character": "<https://example.org/%00> haven",
    "spaces": " " * 50_000 + "haven",
    "empty lines": "\n" * 100_000 + "haven",
    "a table that grows": GROWING_TABLE + "haven\n" * 300,
}
TOML: Mapping[str, str] = {
    "lists in lists": "title = " + "[" * 5_000 + "]" * 5_000,
    "lists as deep as Python reads": "title = " + "[" * 300 + "]" * 300,
    "tables in tables": "title = " + "{a=" * 5_000 + "1" + "}" * 5_000,
    "a key of many parts": ".".join("a" * 2_000) + " = 1",
    "a header of many parts": "[" + ".".join("a" * 2_000) + "]\nb = 1",
    "tables of one name": "[[titles]]\n" * 500,
    "many keys": "\n".join(f"key{n} = 1" for n in range(500)),
    "many values": "aliases = [" + ", ".join(f"'a {n}'" for n in range(500)) + "]",
    "many digits": "title = " + "9" * 5_000,
    "a number beyond all": "title = 1e999",
    "a date that is none": "title = 2026-02-31",
    "half a character": 'title = "\\ud800"',
    "a list that never ends": "title = " + "[" * 100_000,
}
SETTINGS: Mapping[str, str] = {
    "groups in groups": "pattern = '" + "(" * 3_000 + ")" * 3_000 + "'\nurl = 'https://a.example/'",
    "a repetition without bounds": "pattern = 'a{99999999999}'\nurl = 'https://a.example/'",
    "a set in a set": "pattern = '[[a]'\nurl = 'https://a.example/'",
    "braces": "pattern = 'a'\nurl = 'https://a.example/" + "{" * 5_000 + "'",
    "attributes of a group": "pattern = '(?P<a>b)'\nurl = 'https://a.example/{a.__class__}'",
    "a width of a group": "pattern = '(?P<a>b)'\nurl = 'https://a.example/{a:>999999999}'",
}


def parse(files: Mapping[str, str]) -> Parsed[Documents]:
    """The documents. Their diagnostics must also be reportable in every format."""
    encoded = {PurePosixPath(path): text.encode() for path, text in sorted(files.items())}
    folder = Folder("content", encoded)
    parsed = parse_documents(Cache(), folder)
    sources = sources_of(folder, parsed.diagnostics)
    for style in Format:
        assert (
            report(group_by_cause(parsed.diagnostics), sources, style).endswith("\n")
            or not parsed.diagnostics
        )
    return parsed


def has_error(parsed: Parsed[Documents]) -> bool:
    """Whether a diagnostic prevents a build."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in parsed.diagnostics)


def lost(name: str, files: Mapping[str, str], is_kept: Callable[[Documents], bool]) -> str:
    """Texts that are neither reported nor shown, with the reason."""
    try:
        parsed = parse({"signals.md": REGISTER, **files})
    except Exception as error:  # noqa: BLE001 - another text may raise another one
        return f"{name}: {error!r}"
    return "" if has_error(parsed) or is_kept(parsed.value) else f"{name} is lost"


def losses(
    files_of: Mapping[str, Mapping[str, str]], is_kept: Callable[[Documents], bool]
) -> Iterator[str]:
    """The texts of several documents that are neither reported nor shown."""
    for name, files in files_of.items():
        if loss := lost(name, files, is_kept):
            yield loss


def is_shown(documents: Documents) -> bool:
    """Whether the page contains the last word of the text."""
    return any("haven" in str(part) for body in documents.bodies for part in body.parts())


def is_never_shown(_: Documents) -> bool:
    """For documents that must be reported."""
    return False


@pytest.mark.slow
def test_hostile_markdown_in_a_guide_is_reported_or_shown() -> None:
    """No nesting and no unclosed syntax silently drops text."""
    files = {name: {"guides/a.md": f"# Title\n\n{text}\n"} for name, text in MARKDOWN.items()}
    assert_none(losses(files, is_shown))


@pytest.mark.slow
def test_hostile_markdown_in_an_article_is_reported_or_shown() -> None:
    """The same is true after front matter."""
    files = {name: {"codes/11.md": f"```toml\n```\n\n{text}\n"} for name, text in MARKDOWN.items()}
    assert_none(losses(files, is_shown))


@pytest.mark.slow
def test_hostile_markdown_in_a_register_is_an_error() -> None:
    """Nothing but codes is allowed between codes, and code 11 is still read."""
    offenders = []
    for name, text in MARKDOWN.items():
        parsed = parse({"signals.md": f"{REGISTER}\n{text}\n"})
        codes = [
            entry.number
            for register in parsed.value.registers
            for section in register.sections
            for entry in section.entries
        ]
        if not has_error(parsed) or codes not in ([], [11]):
            offenders.append(f"{name}: {codes}")
    assert_none(offenders)


@pytest.mark.slow
def test_hostile_markdown_in_a_credit_is_reported_or_shown() -> None:
    """Credits are Markdown within TOML, with the same rules."""

    def is_credited(documents: Documents) -> bool:
        return any("haven" in credit.text.plain for credit in documents.settings.credits)

    # TOML allows no control characters; the other tests cover those.
    book = "[[credits]]\ndocuments = []\ntext = '''\n{}'''\n"
    files = {
        name: {"book.toml": book.format(text.replace("\0", ""))} for name, text in MARKDOWN.items()
    }
    assert_none(losses(files, is_credited))


def test_nesting_that_is_too_deep_has_a_separate_rule() -> None:
    """The Markdown parser silently drops such blocks."""
    for name in ("quotes in quotes", "lists in lists", "lists in quotes in lists"):
        parsed = parse({"signals.md": REGISTER, "guides/a.md": f"# Title\n\n{MARKDOWN[name]}\n"})
        assert [diagnostic.rule for diagnostic in parsed.diagnostics] == [Rule.TOO_DEEP]


@pytest.mark.slow
def test_a_small_table_that_becomes_a_large_page_has_a_separate_rule() -> None:
    """Rows are padded with empty cells: 20 kB can become a million characters."""
    table = GROWING_TABLE + "haven\n" * 1_500
    text = f"# Title\n\n{table}\n# Again\n\n{table}"
    assert len(text) < 25_000
    parsed = parse({"signals.md": REGISTER, "guides/a.md": text})
    assert [diagnostic.rule for diagnostic in parsed.diagnostics] == [Rule.TOO_LARGE]


def test_hostile_toml_in_a_setting_is_reported() -> None:
    """No depth or size raises an exception."""
    files = {
        f"{name} in {path}": {path: text + "\n"}
        for name, text in TOML.items()
        for path in ("book.toml", "facts.toml")
    }
    assert_none(losses(files, is_never_shown))


@pytest.mark.slow
def test_hostile_toml_in_front_matter_is_reported() -> None:
    """Articles, tables, and comparisons behave like the settings."""
    files = {
        f"{name} in {next(iter(documents))}": documents
        for name, toml in TOML.items()
        for documents in (
            {"codes/11.md": f"```toml\n{toml}\n```\n"},
            {"guides/a.md": f"# Title\n\n```compare\n{toml}\n```\n"},
            {"tables/flags.md": f"```toml\n{toml}\n```\n", "tables/flags.csv": "code\n11\n"},
        )
    }
    assert_none(losses(files, is_never_shown))


@pytest.mark.parametrize("name", SETTINGS)
def test_a_hostile_reference_is_reported_or_read(name: str) -> None:
    """An invalid pattern is an error, and no pattern is executed as code."""
    book = f"[[references]]\n{SETTINGS[name]}\n"
    parsed = parse({"signals.md": REGISTER, "book.toml": book})
    assert has_error(parsed) != bool(parsed.value.settings.citations)


@pytest.mark.parametrize("cell", ['"' * 4_999, "," * 20_000, '"' + "\n" * 20_000, "9" * 200_000])
def test_a_hostile_table_is_reported(cell: str) -> None:
    """The input has quotes, commas, endless lines, and a cell that the CSV reader rejects."""
    files = {"tables/flags.md": TABLE, "tables/flags.csv": f"code\n{cell}\n"}
    assert has_error(parse({"signals.md": REGISTER, **files}))


MARKUP = '{{ 7*7 }} {% raw %} {# no #} ${7+7} <b onclick="x">&amp;\''
"""Text that a template, or a page that forgot to escape, would change."""
PLAIN = "{{ 7*7 }} {% raw %} {# no #} ${7+7}"
"""The same for the names of Markdown, which hold no markup."""


@pytest.fixture(scope="module")
def result(compile_book: Make) -> BuildResult:
    """A book with this text in every field, each after the name of the field."""

    def field(name: str, text: str = MARKUP) -> str:
        return f"'''{name}: {text}.'''"

    return compile_book(
        {
            "signals.md": f"# register: {PLAIN}.\n\n"
            f"1. class: {PLAIN}. (10–19)\n\n## 1. class: {PLAIN}.\n\n"
            f"- 11 entry: {PLAIN}.\nshort: `{MARKUP}`.\n\n- 12\nClosed.\n\n"
            f"### Ref:\n\n- [reference: {PLAIN}.](https://example.org/)\n",
            "index.md": f"# home: {PLAIN}.\n\nhometext: `{MARKUP}`.\n",
            "codes/12.md": f"```toml\nname = {field('name')}\nspec = {field('spec')}\n"
            f"formerly = [{{ name = {field('formerly')}, source = {field('formersource')} }}]\n"
            f"facts.safe = {{ value = {field('value')}, source = {field('source')}, "
            f"note = {field('note')} }}\n```\n\n## heading: {PLAIN}.\n\n"
            f"```text\nfence: {MARKUP}.\n```\n\n"
            f'[link: {PLAIN}.](11.md "titled {PLAIN}")\n\n| head: {PLAIN}. |\n|---|\n| a |\n',
            "guides/a.md": f"# guide: {PLAIN}.\n\n"
            "```compare\ncodes = [12]\nfacts = ['safe']\n```\n",
            "tables/flags.md": f"```toml\ntitle = {field('table')}\nread = 2026-11-01\n"
            f"source = {field('tablesource')}\nlicense = {field('license')}\n"
            f"columns = {{ code = {field('codes')}, flag = {field('column')} }}\n```\n",
            "tables/flags.csv": 'code,flag\n11,"cell: ' + MARKUP.replace('"', '""') + '."\n',
            "facts.toml": f"[safe]\nlabel = {field('label')}\nabout = {field('about')}\n",
            "book.toml": f"title = {field('book')}\ndescription = {field('description')}\n"
            f"[[credits]]\ndocuments = ['signals.md']\ntext = '''credit: `{MARKUP}`.'''\n",
        }
    )


# fmt: off
MARKED = ("register", "class", "entry", "reference", "home", "heading", "link", "head", "guide")
UNMARKED = (
    "short", "hometext", "name", "spec", "formerly", "formersource", "value", "source", "note",
    "fence", "table", "tablesource", "license", "codes", "column", "cell", "label", "about",
    "book", "credit",
)
# fmt: on


@pytest.fixture(scope="module")
def pages(result: BuildResult) -> Mapping[PurePosixPath, BeautifulSoup]:
    """The pages of that book."""
    assert result.files is not None, result.diagnostics
    return {
        path: BeautifulSoup(data, "html.parser")
        for path, data in result.files.items()
        if path.suffix == ".html"
    }


def test_text_that_looks_like_a_template_is_not_evaluated(
    pages: Mapping[PurePosixPath, BeautifulSoup],
) -> None:
    """Content is never evaluated as a template, and plain text is never parsed as markup."""
    texts = [" ".join(page.get_text().split()) for page in pages.values()]
    expected = {name: f"{name}: {PLAIN}." for name in MARKED}
    expected |= {name: f"{name}: {MARKUP}." for name in UNMARKED}
    assert_none(
        name for name, text in expected.items() if not any(text in shown for shown in texts)
    )
    assert_none(name for name in expected for shown in texts if f"{name}: 49" in shown)
    assert_none(path for path, page in pages.items() if page.find_all(onclick=True))
