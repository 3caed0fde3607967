"""Any text and any bytes as any document of the book: diagnostics, but never an exception.

The examples are the same in every run, so a new failure is caused by a change of the program.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codebook.book.check import assemble
from codebook.book.parse import parse_documents
from codebook.build.pipeline import BuildResult
from codebook.cache import Cache
from codebook.diagnostics.causes import group_by_cause, ungrouped
from codebook.diagnostics.diagnostic import Diagnostic
from codebook.diagnostics.formats import Format
from codebook.diagnostics.reports import report
from codebook.diagnostics.source import Folder, Source
from codebook.syntax.decode import sources_of

pytestmark = pytest.mark.slow

Make = Callable[..., BuildResult]

BOOK = {
    "signals.md": "# Signals\n\n1. Entry signals (10–19)\n\n"
    "## 1. Entry signals\n\n- 11\nCome in.\n",
    "index.md": "# Harbor\n\nCome in.\n",
    "codes/11.md": "```toml\n```\n\n## When to show it\n\nBy day.\n",
    "guides/coming-in.md": "# Coming in\n\nSlowly.\n",
    "tables/flags.md": '```toml\ntitle = "Flags"\nsource = "Rules"\nread = 2026-11-01\n'
    'license = "CC0-1.0"\ncolumns = { code = "Code", flag = "Flag" }\n```\n',
    "tables/flags.csv": "code,flag\n11,green\n",
    "book.toml": 'title = "Harbor"\n',
    "facts.toml": '[safe]\nlabel = "Safe"\nabout = "Whether."\n',
}
"""A whole book: one of its documents is replaced."""
MARKDOWN = [path for path in BOOK if path.endswith(".md")]
CACHE = Cache()
"""Only the replaced document is parsed again."""

# One piece a line would hide what is among them.
# fmt: off
PIECES = (
    "# ", "## ", "### ", "\n", "\n\n", "  \n", "\\\n", "\r", "\r\n", "- ", "* ", "1. ", "2) ",
    "> ", "    ", "\t", "---\n", "===\n", "```", "~~~", "```toml\n", "```compare\n", "```\n", "`",
    "``", "*", "**", "_", "[", "](", ")", "]: ", "![", "<", ">", "<b>", "</", "<!--", "-->", "<?",
    "|", "|-|:-:|--:|\n", "| a | b |\n", "&amp;", "&#0;", "&#x202e;", "\\", "\x00", "\ufeff",
    "\u2028", "\x1b", "Signals", "Entry signals (10–19)", "11", "11.md", "../codes/11.md", "#a",
    "../signals.md#1-entry-signals", "javascript:alert(1)", "https://example.org/", "//a", "%00",
    "word", "é", "🚢", "שלום", "{{ 7*7 }}", "{% raw %}", '"', "'", "=", "codes = [11]\n", "/ ", ",",
)
KEYS = (
    "title", "description", "language", "path", "url", "repository", "branch", "names", "table",
    "column", "headings", "references", "pattern", "credits", "documents", "text", "name", "spec",
    "formerly", "source", "see_also", "facts", "safe", "value", "note", "read", "license",
    "columns", "code", "flag", "label", "about", "values", "codes", "x", "0", "", "a b",
)
# fmt: on
STRINGS = st.sampled_from(
    ("", "11", "safe", "(", "(?P<a>x)", "[[a]", "https://example.org/{a}", "{", "../x", "[a](b)")
) | st.text(max_size=8)


def _inline(values: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f'"{key}" = {value}' for key, value in values.items()) + " }"


ANY_TEXT = st.text(max_size=200)
ANY_MARKDOWN = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
ANY_BYTES = st.binary(max_size=100) | st.tuples(
    st.sampled_from(list(BOOK.values())), st.binary(max_size=5), st.integers(0, 90)
).map(lambda parts: parts[0].encode()[: parts[2]] + parts[1] + parts[0].encode()[parts[2] :])
VALUES = st.recursive(
    st.one_of(
        STRINGS.map(lambda text: json.dumps(text, ensure_ascii=False)),
        st.integers().map(str),
        st.floats().map(str),
        st.sampled_from(("true", "2026-11-01", "2026-11-01T10:00:00Z", "10:00:00", "0x1F", "1e9")),
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3).map(_inline)
    ),
    max_leaves=8,
)
LINES = st.one_of(
    st.tuples(st.sampled_from(KEYS), VALUES).map(lambda pair: f'"{pair[0]}" = {pair[1]}'),
    st.sampled_from(KEYS).map(lambda key: f'["{key}"]'),
    st.sampled_from(KEYS).map(lambda key: f'[["{key}"]]'),
    st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS), VALUES).map(
        lambda parts: f'"{parts[0]}"."{parts[1]}" = {parts[2]}'
    ),
    st.sampled_from(("# a comment", "[", '"""', "'''", "a = [", "]", "\r")),
)
ANY_TOML = st.lists(LINES, max_size=8).map("\n".join)
CELLS = st.sampled_from(
    ("code", "flag", "11", "12", "x", "", '"', '"a,b"', '"a\n', ",", "\r", "=1")
)
ANY_CSV = st.lists(st.lists(CELLS, max_size=4).map(",".join), max_size=6).map("\n".join)

SETTINGS = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    database=None,
    # The fixtures that arrive as arguments are functions and never change.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check(files: Mapping[str, str | bytes]) -> None:
    """Parse the book and check its diagnostics."""
    encoded = {
        PurePosixPath(path): data.encode("utf-8", "surrogatepass")
        if isinstance(data, str)
        else data
        for path, data in sorted(files.items())
    }
    folder = Folder("content", encoded)
    read = parse_documents(CACHE, folder)
    book = assemble(CACHE, read.value)
    diagnostics = [*read.diagnostics, *book.diagnostics]
    check_diagnostics(diagnostics, sources_of(folder, diagnostics))


def check_diagnostics(diagnostics: list[Diagnostic], sources: Mapping[str, Source]) -> None:
    """Check that every span is within its file, and that every report can be created."""
    for diagnostic in diagnostics:
        for span in (diagnostic.span, diagnostic.note.span if diagnostic.note else None):
            if span and span.path in sources:
                assert span == sources[span.path].at(span.line, span.column, span.length)
            elif span:
                assert span.line >= 1 <= span.column
        assert diagnostic.message
        assert diagnostic.help
    for style in Format:
        text = report(group_by_cause(diagnostics), sources, style)
        text.encode()
        assert all(char.isprintable() or char in "\n\u200c\u200d" for char in text)
    listed = ungrouped(group_by_cause(diagnostics))
    assert len(json.loads(report(listed, sources, Format.JSON))) == len(diagnostics)


@pytest.mark.parametrize("path", BOOK)
@SETTINGS
@given(text=ANY_TEXT)
def test_any_text_may_be_any_document(path: str, text: str) -> None:
    """Any text in a file is either parsed or reported."""
    check({**BOOK, path: text})


@pytest.mark.parametrize("path", BOOK)
@SETTINGS
@given(data=ANY_BYTES)
def test_any_bytes_may_be_any_document(path: str, data: bytes) -> None:
    """Including files of other programs, other encodings, and truncated or damaged files."""
    check({**BOOK, path: data})


@pytest.mark.parametrize("path", MARKDOWN)
@SETTINGS
@given(text=ANY_MARKDOWN)
def test_any_markdown_may_be_any_document(path: str, text: str) -> None:
    """Any Markdown syntax in any order, alone and after a valid document."""
    check({**BOOK, path: text})
    check({**BOOK, path: BOOK[path] + "\n" + text})


@pytest.mark.parametrize("path", ["book.toml", "facts.toml"])
@SETTINGS
@given(text=ANY_TOML)
def test_any_toml_may_be_any_setting(path: str, text: str) -> None:
    """Every key with values of every type, in valid and invalid positions."""
    check({**BOOK, path: text})


@pytest.mark.parametrize("path", ["codes/11.md", "tables/flags.md", "guides/coming-in.md"])
@SETTINGS
@given(text=ANY_TOML)
def test_any_toml_may_be_any_front_matter(path: str, text: str) -> None:
    """The same in front matter and in comparisons."""
    check({**BOOK, path: f"```toml\n{text}\n```\n"})
    check({**BOOK, path: f"{BOOK[path]}\n```compare\n{text}\n```\n"})


@SETTINGS
@given(text=ANY_CSV)
def test_any_cells_may_be_any_table(text: str) -> None:
    """Quotes, commas, and line ends in any position."""
    check({**BOOK, "tables/flags.csv": text})
    check({**BOOK, "tables/flags.csv": "code,flag\n" + text})


@pytest.mark.parametrize("path", MARKDOWN)
@settings(SETTINGS, max_examples=25)
@given(text=ANY_MARKDOWN)
def test_no_markdown_breaks_a_page(path: str, text: str, compile_book: Make) -> None:
    """Content that parses can be rendered: no diagnostic is in a built page."""
    result = compile_book({**BOOK, path: BOOK[path] + "\n" + text})
    paths = [diagnostic.span.path for diagnostic in result.diagnostics]
    assert all(path.startswith("content/") for path in paths)
    check_diagnostics(list(result.diagnostics), result.sources)


@settings(SETTINGS, max_examples=25)
@given(cell=ANY_MARKDOWN, title=STRINGS, value=STRINGS)
def test_no_text_of_front_matter_or_a_cell_breaks_a_page(
    cell: str, title: str, value: str, compile_book: Make
) -> None:
    """Names, values, sources, labels, and cells are text, whatever they contain."""
    text = json.dumps(title, ensure_ascii=False)
    fact = f"{{ value = {json.dumps(value, ensure_ascii=False)}, source = {text} }}"
    quoted = cell.replace('"', '""')
    flags = BOOK["tables/flags.md"].replace('"Flags"', text).replace('"Flag"', text)
    result = compile_book(
        {
            **BOOK,
            "codes/11.md": f"```toml\nname = {text}\nspec = {text}\nfacts.safe = {fact}\n```\n",
            "tables/flags.md": flags,
            "tables/flags.csv": f'code,flag\n11,"{quoted}"\n',
            "facts.toml": f"[safe]\nlabel = {text}\nabout = {text}\n",
            "book.toml": f"title = {text}\ndescription = {text}\n",
        }
    )
    paths = [diagnostic.span.path for diagnostic in result.diagnostics]
    assert all(path.startswith("content/") for path in paths)
    check_diagnostics(list(result.diagnostics), result.sources)
