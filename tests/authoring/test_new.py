"""Documents that `new` creates are valid, and contain the data that the book already has."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import product
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from msgspec.structs import replace

from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.new import TODO, CodeDetails, Draft, new_code, new_page
from codebook.authoring.refusal import RefusalError
from codebook.book.book import Code
from codebook.build.pipeline import build_site
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Folder
from codebook.io.sources import read_folder
from tests.offenders import assert_none

ROOT = Path(__file__).resolve().parents[2]
SECOND = ROOT / "tests" / "fixtures" / "second-book"
EXAMPLES = {
    "readme": "readme-codes",
    "By Day": "by-day",
    "by_day": "by-day",
    "by-day.md": "by-day",
    "../by-day": "by-day",
    "-": "which-code",
    "": "which-code",
    "été": "ete",
    "con": "con-codes",
    "lpt1": "lpt1-codes",
}
"""Names that are refused, and the names that the messages suggest."""
TODAY = date(2026, 11, 26)
SIGNALS = (
    "# Signals\n\n1. Entry (10–19)\n2. Berth (20–29)\n\n"
    "## 1. Entry\n\n- 11\nCome in.\n\n- 15 Wait\nThe pilot is on the way.\n"
)


def folder_of(files: Mapping[str, str]) -> Folder:
    """A content folder of these texts."""
    return Folder("content", {PurePosixPath(path): files[path].encode() for path in sorted(files)})


def with_drafts(folder: Folder, drafts: Iterable[Draft]) -> Folder:
    """The folder after all of them were written."""
    files = dict(folder.files)
    for draft in drafts:
        files |= {**draft.changed, **draft.created}
    return Folder(folder.display_path, dict(sorted(files.items())))


def head(draft: Draft) -> Mapping[str, Any]:
    """The front matter of the only new Markdown file."""
    text = next(data for path, data in draft.created.items() if path.suffix == ".md").decode()
    return tomllib.loads(text.removeprefix("```toml\n").partition("\n```\n")[0])


def bare(content: Folder) -> Folder:
    """The repository's book without articles and guides: only registers, facts, and tables."""
    files = {
        path: data
        for path, data in content.files.items()
        if len(path.parts) == 1 and path.name not in {"addresses.txt", "index.md"}
    }
    for path, data in content.files.items():
        if path.parent.name == "tables":
            fence = b"```\n"
            cut = data.index(fence) + len(fence) if path.suffix == ".md" else len(data)
            files[path] = data[:cut]
    settings = PurePosixPath("book.toml")
    files[settings] = re.sub(
        rb"^guides = \[.*?^\]\n|^\[moved\]\n.*?(?=^\[|\Z)",
        b"",
        files[settings],
        flags=re.MULTILINE | re.DOTALL,
    )
    return Folder(content.display_path, dict(sorted(files.items())))


@pytest.fixture(scope="module")
def checked(content: Folder) -> CheckedContent:
    """The repository's book, parsed and checked."""
    return CheckedContent.of(content)


def name_without_article(code: Code) -> str:
    """The name of a code in the registers and tables."""
    has_known_name = code.article is not None and code.article.known_as.text != ""
    return code.official_name if has_known_name else code.name


def without_article(content: CheckedContent, number: int) -> CheckedContent:
    """The same book without an article. References to the code stay."""
    files = dict(content.folder.files)
    del files[PurePosixPath("codes", f"{number}.md")]
    code = content.book.codes[number]
    summary = replace(code.summary, name=name_without_article(code))
    unwritten = replace(code, summary=summary, official_name="")
    book = replace(content.book, codes={**content.book.codes, number: unwritten})
    return replace(content, book=book, folder=Folder(content.folder.display_path, files))


ARTICLES = sorted(int(path.stem) for path in (ROOT / "content" / "codes").glob("*.md"))


def test_every_article_can_be_created_from_registers_and_tables(
    content: Folder, templates_without_fonts: Folder
) -> None:
    """All new articles together build; each has only a placeholder for its text."""
    empty = bare(content)
    before = CheckedContent.of(empty)
    drafts = [new_code(before, number, CodeDetails()) for number in ARTICLES]
    assert [len(draft.created) for draft in drafts] == [1] * len(ARTICLES)
    result = build_site(with_drafts(empty, drafts), templates_without_fonts, "site", "")
    assert [it.rule for it in result.diagnostics] == [Rule.UNFINISHED_TEXT] * len(drafts)
    assert result.files is not None


def test_a_new_article_contains_data_from_the_book(checked: CheckedContent) -> None:
    """Name, specification, and related codes match the existing article."""
    errors = []
    for number in ARTICLES:
        written = checked.book.codes[number].article
        assert written is not None
        begun = head(new_code(without_article(checked, number), number, CodeDetails()))
        if begun.get("name", "") != name_without_article(checked.book.codes[number]):
            errors.append(f"{number}: name {begun.get('name')}")
        spec = begun.get("spec", "")
        # One of the two may name a whole document, or one revision of it.
        if not written.spec.startswith(spec) and not spec.startswith(written.spec):
            errors.append(f"{number}: spec {spec}, not {written.spec}")
        if sorted(begun["see_also"]) != sorted(code.number for code in written.see_also):
            errors.append(f"{number}: see_also {begun['see_also']}")
        claims = {claim.key.text: claim.value for claim in written.stated_facts}
        errors += [
            f"{number}: {key} {fact['value']}, not {claims.get(key)}"
            for key, fact in begun["facts"].items()
            if fact["value"] != claims.get(key)
        ]
    assert_none(errors)
    assert ARTICLES


def test_facts_in_tables_are_stated_with_their_source(content: Folder) -> None:
    """A column with the key of a fact has its values, and the table names the source."""
    empty = bare(content)
    draft = new_code(CheckedContent.of(empty), 421, CodeDetails())
    assert head(draft) == {
        "name": "Misdirected Request",
        "spec": "RFC 9110, Section 15.5.20",
        "see_also": [],
        "facts": {
            "status": {
                "value": "assigned",
                "source": "https://www.iana.org/assignments/http-status-codes/",
            }
        },
    }


def test_unknown_values_are_comments_to_fill_in(templates_without_fonts: Folder) -> None:
    """Each comment is a line of front matter that is valid when uncommented and filled in."""
    folder = read_folder(SECOND, "content")
    draft = new_code(CheckedContent.of(folder), 4700, CodeDetails())
    ((path, data),) = draft.created.items()
    text = data.decode()
    for key, value in {"hail": "by horn", "speed": "stopped", "range": "one mile"}.items():
        statement = f'{key} = {{ value = "{value}", source = "Harbor Rules, Chapter 1" }}'
        assert f'# {key} = {{ value = "", source = "" }}\n' in text
        text = text.replace(f'# {key} = {{ value = "", source = "" }}', statement)
    text = text.replace('# spec = ""', 'spec = "Harbor Rules, Chapter 1"')
    text = text.replace(
        '# formerly = [{ name = "", source = "" }]',
        'formerly = [{ name = "Mist", source = "Harbor Rules, Chapter 1" }]',
    )
    text = text.replace('# keywords = [""]', 'keywords = ["haze"]')
    assert "= [" not in "".join(line for line in text.splitlines() if line[:1] == "#")
    result = build_site(
        Folder("content", {**folder.files, path: text.encode()}),
        templates_without_fonts,
        "site",
        "",
    )
    assert [it.rule for it in result.diagnostics] == [Rule.UNFINISHED_TEXT]
    page = (result.files or {})[PurePosixPath("signals/4700/index.html")].decode()
    assert all(value in page for value in ("by horn", "one mile", "Mist", "Fog"))


def test_the_front_matter_lists_the_allowed_values_and_sections() -> None:
    """No line is longer than 100 characters."""
    folder = read_folder(SECOND, "content")
    ((_, data),) = new_code(CheckedContent.of(folder), 4700, CodeDetails()).created.items()
    text = data.decode()
    assert '# Answer: "by lantern", "by horn", "none"\n' in text
    assert "# Seen from: any text\n" in text
    assert "# Sections, in this order: When it is shown, What a ship does, How it differs\n" in text
    assert max(map(len, text.splitlines())) <= 100


def test_a_new_article_has_the_first_section_of_its_neighbors(checked: CheckedContent) -> None:
    """Articles of another class or register may have a different first section."""
    texts = {
        number: next(
            iter(new_code(without_article(checked, number), number, CodeDetails()).created.values())
        )
        for number in (202, 218, 404)
    }
    assert b"\n## When to send it\n\n" + TODO.encode() in texts[202]
    assert b"\n## Who sends it\n\n" + TODO.encode() in texts[218]
    assert b"\n## If you see this\n\n" + TODO.encode() in texts[404]


def test_new_works_in_a_book_with_only_a_register(
    seed_text: str, templates_without_fonts: Folder
) -> None:
    """Any article, a guide, and a table can be created."""
    folder = folder_of({"codes.md": seed_text})
    before = CheckedContent.of(folder)
    drafts = [new_code(before, number, CodeDetails()) for number in before.book.codes]
    drafts.append(new_page(before, "guide", "which-one", TODAY))
    drafts.append(new_page(before, "table", "vendors", TODAY))
    result = build_site(with_drafts(folder, drafts), templates_without_fonts, "site", "")
    rules = [diagnostic.rule for diagnostic in result.diagnostics]
    assert [rule for rule in rules if rule is not Rule.UNFINISHED_TEXT] == [
        diagnostic.rule for diagnostic in before.diagnostics
    ]
    assert len(drafts) == 42
    assert result.files is not None


def test_new_works_in_another_book(templates_without_fonts: Folder) -> None:
    """All missing articles, a guide, and a table can be created together."""
    folder = read_folder(SECOND, "content")
    before = CheckedContent.of(folder)
    codes = [code.number for code in before.book.codes.values() if not code.article]
    drafts = [new_code(before, number, CodeDetails()) for number in codes]
    drafts.append(new_page(before, "guide", "by-day", TODAY))
    drafts.append(new_page(before, "table", "flags", TODAY))
    result = build_site(with_drafts(folder, drafts), templates_without_fonts, "site", "")
    assert {diagnostic.rule for diagnostic in result.diagnostics} == {Rule.UNFINISHED_TEXT}
    for path in ("signals/4700", "guides/by-day", "tables/flags"):
        page = (result.files or {})[PurePosixPath(path, "index.html")]
        assert TODO.encode() in page


def test_a_new_guide_has_a_title_and_a_link_to_a_code() -> None:
    """The link is an example of the syntax."""
    created = new_page(
        CheckedContent.of(folder_of({"s.md": SIGNALS})), "guide", "by-day", TODAY
    ).created
    assert {path.as_posix(): data.decode() for path, data in created.items()} == {
        "guides/by-day.md": "# By day\n\nTODO: introduce the topic in a paragraph, with links "
        "to codes: [11](../codes/11.md).\n"
    }


def test_a_new_table_has_front_matter_and_a_row() -> None:
    """Its source is marked as checked on the current date."""
    created = new_page(
        CheckedContent.of(folder_of({"s.md": SIGNALS})), "table", "flags", TODAY
    ).created
    texts = {path.as_posix(): data.decode() for path, data in created.items()}
    assert texts["tables/flags.csv"] == "code,note\n11,TODO\n"
    read_head = tomllib.loads(texts["tables/flags.md"].split("```toml\n")[1].split("```")[0])
    assert read_head == {
        "title": "Flags",
        "source": "TODO: the source of the rows",
        "read": TODAY,
        "license": "TODO: the license of the source",
        "columns": {"code": "Code", "note": "Note"},
    }


def test_a_name_that_is_invalid_in_a_url_is_rejected() -> None:
    """The message suggests a valid name."""
    content = CheckedContent.of(folder_of({"s.md": SIGNALS}))
    suggestions = {}
    for kind, name in product(("guide", "table"), EXAMPLES):
        with pytest.raises(RefusalError) as refusal:
            new_page(content, kind, name, TODAY)
        suggestions[kind, name] = re.findall(r"help: .*, as in (.+)$", str(refusal.value))
    assert suggestions == {
        (kind, name): [example] for kind in ("guide", "table") for name, example in EXAMPLES.items()
    }


@pytest.mark.parametrize("taken", ["guides/by-day.md", "guides/By-Day.md", "Guides/by-day.MD"])
def test_an_existing_file_is_never_overwritten(taken: str) -> None:
    """Names that differ only in case are rejected, and symbolic links count as files."""
    files = {"s.md": SIGNALS, taken: "# By day\n\nWords.\n"}
    with pytest.raises(RefusalError, match="already exists"):
        new_page(CheckedContent.of(folder_of(files)), "guide", "by-day", TODAY)
    linked = Folder("content", folder_of({"s.md": SIGNALS}).files, (PurePosixPath(taken),))
    with pytest.raises(RefusalError, match="already exists"):
        new_page(CheckedContent.of(linked), "guide", "by-day", TODAY)


def test_one_of_several_registers_can_be_chosen() -> None:
    """The user names the file, with or without its folder."""
    others = SIGNALS.replace("11", "12").replace("15", "16").replace("Signals", "Others")
    content = CheckedContent.of(folder_of({"others.md": others, "signals.md": SIGNALS}))
    for text in ("", "Words."):
        with pytest.raises(RefusalError, match=r"--register FILE, where FILE is others\.md or sig"):
            new_code(content, 13, CodeDetails(text=text))
    with pytest.raises(RefusalError, match=r'did you mean "signals\.md"'):
        new_code(content, 13, CodeDetails("Words.", register="signal.md"))
    for register in ("signals.md", "content/signals.md"):
        draft = new_code(content, 13, CodeDetails("Words.", register=register))
        assert [*draft.changed] == [PurePosixPath("signals.md")]
