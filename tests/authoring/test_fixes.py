"""Fixes resolve diagnostics without changing the site."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.fix import diff, fixed_files, left_files
from codebook.build.pipeline import BuildResult, build_site
from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Rule, Severity
from codebook.diagnostics.source import Folder, Span
from codebook.io.sources import read_folder
from tests.book.test_any_document import ANY_MARKDOWN, ANY_TEXT, BOOK, MARKDOWN, SETTINGS
from tests.offenders import assert_none

ROOT = Path(__file__).resolve().parents[2]
HEAD = "```toml\n```\n\n"
ENTRIES = "# Signals\n\n1. Entry signals (10–19)\n\n## 1. Entry signals\n\n"
GUIDE = "guides/coming-in.md"
TABLE = "tables/flags.csv"
SECOND = {"signals.md": ENTRIES + "- 11\nCome in.\n\n- 12\nStay out.\n", "codes/12.md": HEAD}

SPACES = {
    "a paragraph": ("# A  \n\nOne. \t\n", "# A\n\nOne.\n"),
    "an empty line": ("# A\n   \n\t\nOne.\n", "# A\n\n\nOne.\n"),
    "a list": ("# A\n\n- one  \n  two \n- three \n", "# A\n\n- one  \n  two\n- three\n"),
    "a nested list": ("# A\n\n- one\n\t- two\n", "# A\n\n- one\n    - two\n"),
    "a second paragraph": ("# A\n\n- one\n\n\ttwo\n", "# A\n\n- one\n\n    two\n"),
    "a quote": ("# A\n\n> one  \n> two  \n", "# A\n\n> one  \n> two\n"),
    "a table": ("# A\n\n|a|b|  \n|-|-| \n|c|d|\t\n", "# A\n\n|a|b|\n|-|-|\n|c|d|\n"),
    "a heading": ("# A\n\n## B #  \n\nC  \n---  \n\nD\n", "# A\n\n## B #\n\nC\n---\n\nD\n"),
}
CELLS = {
    "around cells": ("code , flag\t\n 11, green \n", "code,flag\n11,green\n"),
    "around quotes": ('code,flag\n11, "green, white" \n', 'code,flag\n11,"green, white"\n'),
    "in quotes": ('code,flag\n"11 ","\n green "" "\n', 'code,flag\n"11","green """\n'),
    "in a line": ("code,flag\n  \n11,green\n", "code,flag\n\n11,green\n"),
    "of another kind": ("code,flag\n11,\xa0green\u2003\n", "code,flag\n11,green\n"),
}
KEPT = {
    "a hard break": "# A\n\nOne  \ntwo.\n",
    "one blank inside a paragraph": "# A\n\nOne \ntwo `three \nfour`.\n",
    "code": "# A\n\n```text\none  \n\ttwo\n   \n```\n",
    "code in a list": "# A\n\n- one\n\n  ```text\n  two  \n  \tthree\n  ```\n",
    "indented code": "# A\n\n    one  \n   \n    two\n",
    "settings in a comparison": '# A\n\n```compare\nfacts = ["safe"]  \n```\n',
}
ENDS = {
    "a mark": (b"\xef\xbb\xbf# A\n\nOne.\n", b"# A\n\nOne.\n"),
    "line ends of Windows": (b"# A\r\n\r\nOne  \r\ntwo.\r\n", b"# A\n\nOne  \ntwo.\n"),
    "line ends of old": (b"# A\r\rOne.\r", b"# A\n\nOne.\n"),
    "no end": (b"# A\n\nOne.", b"# A\n\nOne.\n"),
    "a fence without an end": (b"# A\n\n```text\na\n```", b"# A\n\n```text\na\n```\n"),
}
LINKS = {
    "/status/11/": "../codes/11.md",
    "/status/11": "../codes/11.md",
    "/status/11/index.html": "../codes/11.md",
    "/status/11/index.md": "../codes/11.md",
    "../../status/11/": "../codes/11.md",
    "/11": "../codes/11.md",
    "/11/": "../codes/11.md",
    "/404.html": "",
    "/11.html": "../codes/11.md",
    "11": "../codes/11.md",
    "11.html": "../codes/11.md",
    "11.md": "../codes/11.md",
    "codes/11.md": "../codes/11.md",
    "/codes/11.md": "../codes/11.md",
    "../status/11/": "",
    "/status/11/#h-when-to-show-it": "../codes/11.md#when-to-show-it",
    "/status/11/#when-to-show-it": "../codes/11.md#when-to-show-it",
    "../codes/11.md#h-when-to-show-it": "../codes/11.md#when-to-show-it",
    "#h-slowly": "#slowly",
    "/guides/coming-in/#h-slowly": "#slowly",
    "/guides/coming-in/": "coming-in.md",
    "/tables/flags/": "../tables/flags.md",
    "tables/flags.md": "../tables/flags.md",
    "/status/": "../signals.md",
    "/status/1x/": "../classes/1x.md",
    "/": "../index.md",
    "/index.html": "../index.md",
    "..": "",
    "../..": "../index.md",
    "/status/12/": "",
    "12": "",
    "../codes/12.md": "",
    "/status/11/#gone": "",
    "nowhere.md": "",
    "/status/011/": "",
}
ORDER = {
    "two": ("- 12\nB.\n\n- 11\nA.\n", "- 11\nA.\n\n- 12\nB.\n"),
    "paragraphs": (
        "- 15 B\nB.\n\n  More.\n\n\n- 11\nA.\n- 13 C\n  C.\n",
        "- 11\nA.\n\n\n- 13 C\n  C.\n- 15 B\nB.\n\n  More.\n",
    ),
    "breaks": ("* 12  \n  B.  \n\n* 11\n  A.\n", "* 11\n  A.\n\n* 12  \n  B.  \n"),
}
UNSORTED = {
    "bullets of two kinds": "- 12\nB.\n\n* 11\nA.\n",
    "a bullet that is indented": "  - 12\n    B.\n\n- 11\nA.\n",
    "a bullet without a code": "- 12\nB.\n\n- x\nX.\n\n- 11\nA.\n",
}


LEFT = {
    "a conflict": (
        "signals.md",
        f"{ENTRIES}- 12\n<<<<<<< HEAD\nB.  \n=======\nC.\n>>>>>>> other\n\n- 11\nA.\n",
        Rule.MERGE_CONFLICT,
    ),
    "a conflict with line ends of Windows": (
        GUIDE,
        "# A\r\n\r\n<<<<<<< HEAD\r\nB.\r\n>>>>>>> other",
        Rule.MERGE_CONFLICT,
    ),
    "a code of another class": (
        "signals.md",
        f"{ENTRIES}- 12\nB.\n\n- 11\nA.\n\n- 99\nC.\n",
        Rule.MISPLACED_CODE,
    ),
    "a paragraph between two codes": (
        "signals.md",
        f"{ENTRIES}- 12\nB.\n\nOf 11?\n\n- 11\nA.\n",
        Rule.UNEXPECTED_BLOCK,
    ),
    "a quote that is never closed": (
        TABLE,
        'code,flag\n11, green\n12,"red \n',
        Rule.INVALID_CSV,
    ),
    "an open code block": (GUIDE, "# A  \n\n```text\n[11](/status/11/)  \n", Rule.UNEXPECTED_BLOCK),
}


def folder_of(files: Mapping[str, str | bytes]) -> Folder:
    """A content folder of these files."""
    encoded = {
        PurePosixPath(path): data.encode() if isinstance(data, str) else data
        for path, data in sorted(files.items())
    }
    return Folder("content", encoded)


def after(folder: Folder) -> Folder:
    """The folder after all fixes."""
    return Folder(folder.display_path, {**folder.files, **fixed_files(CheckedContent.of(folder))})


def text_of(folder: Folder, path: str) -> str:
    """A file of the folder."""
    return folder.files[PurePosixPath(path)].decode()


@pytest.fixture(scope="module")
def built(templates_without_fonts: Folder) -> Callable[[Folder], BuildResult]:
    """Build a folder; builds share what they parse and render."""
    cache = Cache()
    return lambda folder: build_site(folder, templates_without_fonts, "site", "", cache=cache)


Build = Callable[[Folder], BuildResult]


def without_spans(value: object) -> object:
    """The data of a record, without its position in its file."""
    if isinstance(value, Span):
        return None
    if isinstance(value, Struct):
        return tuple(without_spans(getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, tuple):
        return tuple(map(without_spans, value))
    return value


def same(folder: Folder, built: Build) -> None:
    """Check that the folder builds to the same site before and after all fixes."""
    before, now = built(folder), built(after(folder))
    assert before.files is not None, before.diagnostics
    assert before.files == now.files
    assert fixed_files(CheckedContent.of(after(folder))) == {}


def test_the_books_of_the_repository_need_no_fix(content: Folder) -> None:
    """Spaces in registers stay, because they have no meaning there."""
    assert fixed_files(CheckedContent.of(content)) == {}
    assert (
        fixed_files(
            CheckedContent.of(read_folder(ROOT / "tests" / "fixtures" / "second-book", "content"))
        )
        == {}
    )


@pytest.mark.parametrize("case", SPACES)
def test_meaningless_spaces_are_removed(case: str, built: Build) -> None:
    """Spaces at the ends of lines and tabs in lists are removed."""
    before, expected = SPACES[case]
    folder = folder_of({**BOOK, GUIDE: before})
    assert text_of(after(folder), GUIDE) == expected
    same(folder, built)


@pytest.mark.parametrize("case", CELLS)
def test_spaces_around_cells_are_removed(case: str, built: Build) -> None:
    """Quotes stay, with the line breaks and commas in them. The site never had the spaces."""
    before, expected = CELLS[case]
    folder = folder_of({**BOOK, TABLE: before})
    assert text_of(after(folder), TABLE) == expected
    same(folder, built)


@pytest.mark.parametrize("case", KEPT)
def test_meaningful_spaces_stay(case: str, built: Build) -> None:
    """Hard line breaks, fenced code, and indented code keep their spaces."""
    folder = folder_of({**BOOK, GUIDE: KEPT[case]})
    assert fixed_files(CheckedContent.of(folder)) == {}
    same(folder, built)


@pytest.mark.parametrize("case", ENDS)
def test_line_endings_become_line_feeds(case: str, built: Build) -> None:
    """Byte order marks are removed too."""
    before, expected = ENDS[case]
    folder = folder_of({**BOOK, GUIDE: before})
    assert after(folder).files[PurePosixPath(GUIDE)] == expected
    same(folder, built)


def test_all_byte_order_marks_are_removed_at_once() -> None:
    """Otherwise, the next run would have something to fix again."""
    folder = folder_of({**BOOK, GUIDE: b"\xef\xbb\xbf\xef\xbb\xbf# A\n\nOne.\n"})
    assert text_of(after(folder), GUIDE) == "# A\n\nOne.\n"


def test_line_endings_are_fixed_in_every_kind_of_document(built: Build) -> None:
    """Line breaks inside cells stay, and files that aren't documents stay unchanged."""
    files = {path: text.replace("\n", "\r\n")[:-2] for path, text in BOOK.items()}
    files["tables/flags.csv"] = 'code,flag\r\n11,"green,\r\nor white"'
    files["addresses.txt"] = "status/\r\nstatus/11/"
    folder = folder_of({**files, "LICENSE": "Free.\r\n"})
    expected = {path: text.replace("\r\n", "\n") + "\n" for path, text in files.items()}
    assert after(folder).files == folder_of({**expected, "LICENSE": "Free.\r\n"}).files
    same(folder, built)


def test_a_link_to_a_url_or_number_becomes_a_link_to_the_file(built: Build) -> None:
    """A link without a single possible target stays broken and is reported."""
    errors = []
    for link, fixed in LINKS.items():
        text = f"# In\n\nSee [this]({link}), [that](<{link}>).\n\n## Slowly\n\nGo.\n"
        folder = folder_of({**BOOK, "classes/1x.md": HEAD, GUIDE: text})
        assert built(folder).files is None, link
        now = after(folder)
        if text_of(now, GUIDE) != (text.replace(link, fixed) if fixed else text):
            errors.append(f"{link} becomes {text_of(now, GUIDE)}")
        if (built(now).files is not None) != bool(fixed):
            errors.append(f"{link}: the fixed book has {built(now).diagnostics}")
        if fixed_files(CheckedContent.of(now)):
            errors.append(f"{link} is fixed twice")
    assert_none(errors)


def test_a_valid_link_is_left_alone(built: Build) -> None:
    """Links to other sites and to the public URL of this site are valid too."""
    text = (
        "# In\n\n[a](../codes/11.md) [b](https://example.org/status/11/) "
        "[c](#slowly) [d](../index.md)\n\n## Slowly\n\nGo to `[11](/status/11/)`.\n"
    )
    folder = folder_of({**BOOK, GUIDE: text, "book.toml": 'url = "https://example.org/"\n'})
    assert fixed_files(CheckedContent.of(folder)) == {}
    same(folder, built)


def test_each_link_of_a_line_is_fixed_separately() -> None:
    """The position of a link and the text around it don't matter."""
    text = (
        "# In\n\n| a | b |\n|---|---|\n| [é 🚢](11) | [x](/status/11/) [y](12) [z](codes/11.md) |\n"
    )
    folder = folder_of({**BOOK, GUIDE: text})
    assert text_of(after(folder), GUIDE).endswith(
        "| [é 🚢](../codes/11.md) | [x](../codes/11.md) [y](12) [z](../codes/11.md) |\n"
    )


@pytest.mark.parametrize("case", ORDER)
def test_codes_of_a_section_are_sorted(case: str, built: Build) -> None:
    """Codes move with all their paragraphs; the empty lines between them stay in place."""
    before, expected = ORDER[case]
    folder = folder_of({"signals.md": ENTRIES + before})
    assert text_of(after(folder), "signals.md") == ENTRIES + expected
    same(folder, built)


@pytest.mark.parametrize("case", UNSORTED)
def test_codes_are_not_sorted_if_their_text_is_ambiguous(case: str) -> None:
    """Unsorted codes aren't an error: the site sorts them anyway."""
    folder = folder_of({"signals.md": ENTRIES + UNSORTED[case]})
    assert fixed_files(CheckedContent.of(folder)) == {}


def test_the_list_of_urls_is_formatted_like_that_of_a_build(built: Build) -> None:
    """URLs are sorted and unique, and comments come first."""
    listed = "# One.\nstatus/11/\nguides/coming-in/\n\n# Two.\nstatus/\nstatus/11/\n"
    folder = folder_of({**BOOK, "addresses.txt": listed})
    assert text_of(after(folder), "addresses.txt") == (
        "# One.\n# Two.\nguides/coming-in/\nstatus/\nstatus/11/\n"
    )
    same(folder, built)


def test_certain_fixes_are_made_despite_other_errors() -> None:
    """Unreadable files and errors without a fix don't prevent other fixes."""
    broken: dict[str, str | bytes] = {
        **BOOK,
        "guides/bytes.md": b"\xff  \n",
        "book.toml": "title = \n",
        "signals.md": ENTRIES + "- 12\nB.\n\n- 11 [A](nowhere.md)\nA.\n",
        GUIDE: "# In\n\n[a](11) <b>b</b> [c](nowhere.md) \n\n#### Deep  \n",
    }
    fixed = after(folder_of(broken))
    assert text_of(fixed, GUIDE) == (
        "# In\n\n[a](../codes/11.md) <b>b</b> [c](nowhere.md)\n\n#### Deep\n"
    )
    assert text_of(fixed, "signals.md").endswith("- 11 [A](nowhere.md)\nA.\n\n- 12\nB.\n")
    assert fixed.files[PurePosixPath("guides/bytes.md")] == b"\xff  \n"


@pytest.mark.parametrize("case", LEFT)
def test_a_file_whose_structure_is_unclear_is_left_as_it_is(case: str) -> None:
    """A fix could move a text to another code, or into the other version of a conflict."""
    path, text, rule = LEFT[case]
    content = CheckedContent.of(folder_of({**BOOK, path: text.encode()}))
    assert left_files(content) == {PurePosixPath(path): (rule,)}
    assert fixed_files(content) == {}


def test_links_to_a_renamed_document_lead_to_its_new_name() -> None:
    """It is certain if it's the only new document, and has the headings of the only missing one."""
    guide = f"{BOOK[GUIDE]}\n## Slowly\n"
    files: dict[str, str | bytes] = {**BOOK, "guides/arriving.md": guide}
    del files[GUIDE]
    files["index.md"] = "# Home\n\n[a](guides/coming-in.md) [b](guides/coming-in.md#slowly).\n"
    urls = "guides/coming-in/\nguides/coming-in/#h-slowly\n"
    moved = '[moved]\n"guides/coming-in/" = "guides/arriving.md"\n'
    expected = "# Home\n\n[a](guides/arriving.md) [b](guides/arriving.md#slowly).\n"
    for name, text in {"addresses.txt": urls, "book.toml": moved}.items():
        fixed = after(folder_of({**files, name: text}))
        assert text_of(fixed, "index.md") == expected
        assert fixed_files(CheckedContent.of(fixed)) == {}
    uncertain: Mapping[str, Mapping[str, str | bytes]] = {
        "nothing says that it was published": {},
        "another heading": {"addresses.txt": f"{urls}guides/coming-in/#h-fast\n"},
        "two new ones": {"addresses.txt": urls, "guides/landing.md": guide},
        "two missing ones": {"addresses.txt": f"{urls}guides/landing/\n"},
        "published before": {"addresses.txt": f"guides/arriving/\n{urls}"},
        "an unreadable one": {"addresses.txt": urls, "guides/landing.md": b"\xff"},
    }
    for why, more in uncertain.items():
        assert PurePosixPath("index.md") not in fixed_files(
            CheckedContent.of(folder_of({**files, **more}))
        ), why


@pytest.mark.parametrize("path", MARKDOWN)
@settings(SETTINGS, max_examples=25)
@given(text=ANY_MARKDOWN | ANY_TEXT)
def test_a_fix_keeps_the_meaning_of_any_document(path: str, text: str) -> None:
    """A second fix changes nothing, and no fix adds a diagnostic."""
    for whole in (text, BOOK[path] + "\n" + text):
        before = CheckedContent.of(folder_of({**BOOK, path: whole.encode("utf-8", "replace")}))
        now = before.with_files(fixed_files(before))
        assert fixed_files(now) == {}
        rules = {diagnostic.rule for diagnostic in before.diagnostics}
        assert {diagnostic.rule for diagnostic in now.diagnostics} <= rules
        assert len(now.diagnostics) <= len(before.diagnostics)
        if not any(diagnostic.severity is Severity.ERROR for diagnostic in before.diagnostics):
            assert without_spans(now.documents) == without_spans(before.documents)


@pytest.mark.parametrize("path", [path for path in MARKDOWN if path != "signals.md"])
@settings(SETTINGS, max_examples=6)
@given(text=ANY_MARKDOWN)
def test_fixes_never_change_a_site(path: str, text: str, built: Build) -> None:
    """Every page, every Markdown version, and every record stays the same."""
    folder = folder_of({**BOOK, path: BOOK[path] + "\n" + text + "\n\n- a \n\t- b\n  \n"})
    before = built(folder)
    if before.files is not None:
        assert built(after(folder)).files == before.files


LINES = st.tuples(
    st.sampled_from(["", " ", "  ", "\t", "    ", "> ", "- ", "  - ", "\t- ", "1. ", "|"]),
    st.sampled_from(["a", "*a*", "`a", "a`", "# a", "```", "---", "|-|", "", "a|b", "a\\"]),
    st.sampled_from(["", " ", "  ", "   ", "\t", " \t"]),
).map("".join)


@pytest.mark.slow
@settings(SETTINGS, max_examples=300)
@given(lines=st.lists(LINES, max_size=12))
def test_no_meaningful_space_is_removed(lines: list[str]) -> None:
    """Spaces are generated around all syntax whose meaning they can change."""
    before = CheckedContent.of(folder_of({**BOOK, GUIDE: "# In\n\n" + "\n".join(lines) + "\n"}))
    now = before.with_files(fixed_files(before))
    assert without_spans(now.documents.guides) == without_spans(before.documents.guides)
    assert fixed_files(now) == {}


@settings(SETTINGS, max_examples=20)
@given(
    numbers=st.permutations(range(10, 20)),
    count=st.integers(2, 8),
    space=st.sampled_from(["\n", "\n\n", "\n \n\n"]),
    more=st.sampled_from(["", "\n\n  More.", "  \n  More."]),
)
def test_any_order_of_codes_makes_the_same_site(
    numbers: list[int], count: int, space: str, more: str, built: Build
) -> None:
    """Sorting a register doesn't change the site."""
    shuffled = numbers[:count]
    text = ENTRIES + space.join(f"- {number}\nText {number}.{more}" for number in shuffled) + "\n"
    fixed = text_of(after(folder := folder_of({"signals.md": text})), "signals.md")
    assert [int(line[2:]) for line in fixed.split("\n") if line.startswith("- ")] == sorted(
        shuffled
    )
    assert sorted(fixed.split("\n")) == sorted(text.split("\n"))
    same(folder, built)


def test_a_diff_contains_only_printable_characters() -> None:
    """Escape sequences, byte order marks, and other line endings are replaced; tabs stay."""
    folder = folder_of({GUIDE: "\ufeff# \x1b[31mIn\r\n\tTwo\u202e"})
    output = diff(folder, {PurePosixPath(GUIDE): "# \x1b[31mIn\n\tTwo\u202e\n".encode()})
    assert output == (
        f"--- a/content/{GUIDE}\n+++ b/content/{GUIDE}\n@@ -1,2 +1,2 @@\n"
        "-\ufffd# \ufffd[31mIn\ufffd\n-\tTwo\ufffd\n\\ No newline at end of file\n"
        "+# \ufffd[31mIn\n+\tTwo\ufffd\n"
    )
