"""How much work a run does after each kind of edit. A slow step shows up here without a clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from codebook.cli import storage
from codebook.io import bytecode, snapshots
from tests.cache.cached_book import URL, CachedBook, replace_text
from tests.cache.work import Work, count
from tests.repositories import Repository, new_repository

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = ("--verbose", f"--url={URL}")
CODE = "signals/1010"
"""The page that most edits change."""
LISTS = {"llms-full.txt", "sitemap.xml", "feed.xml"}
"""The files that are made of the texts or dates of all pages."""
OF_CODE = {f"{CODE}/index.html", f"{CODE}/index.md", f"api/v1/{CODE}.json"}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository for a book with cards."""
    return new_repository(tmp_path_factory.mktemp("counts") / "repository")


@pytest.fixture(scope="module")
def built(repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CachedBook]:
    """A book in a repository that has been built.

    All sources count as old, and all work is done in one process.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshots, "_COARSEST_TIME", 0)
        patch.setattr(storage, "_PROCESSES", 1)
        patch.setattr(sys, "dont_write_bytecode", False)
        code = tmp_path_factory.mktemp("code") / "templates.pyc"
        patch.setattr(bytecode, "_file", lambda: code)
        book = CachedBook(repository.folder, has_cards=True)
        (book.folder / ".gitignore").write_text("site\n.cache\n", encoding="utf-8")
        repository.commit(1)
        assert book.run(*OPTIONS).returncode == 0
        yield book


def run(book: CachedBook, *options: str) -> tuple[Work, set[str]]:
    """The work of a run, and the files that it wrote."""
    result, work = count(lambda: book.run(*OPTIONS, *options))
    assert result.returncode == 0, result.stdout
    lines = result.stderr.splitlines()
    return work, {line[len("wrote site/") :] for line in lines if line.startswith("wrote site/")}


def edit(book: CachedBook, path: str, old: str, new: str) -> tuple[Work, set[str]]:
    """The work after a replacement in a source, and the files that it changed."""
    replace_text(book.folder / path, old, new)
    work, written = run(book)
    assert work.read == [path], "only the edited source is read"
    assert {*work.rendered} == {*work.verified}, "each page is verified when it is rendered"
    return work, written


def test_nothing_is_done_if_nothing_has_changed(built: CachedBook) -> None:
    """No source is read, and no file of the site."""
    work, written = run(built)
    assert work == Work()
    assert written == set()


def test_the_text_of_an_article_is_on_one_page(built: CachedBook) -> None:
    """And in the files that contain the texts of all pages."""
    work, written = edit(built, "content/codes/1010.md", "As long as", "As soon as")
    assert work.parsed == ["codes/1010.md"]
    assert work.compiled == []
    assert {*work.made} == OF_CODE | LISTS
    assert work.drawn == []
    assert written == OF_CODE | {"llms-full.txt", "sitemap.xml"}


def test_a_fact_can_be_on_any_page(built: CachedBook) -> None:
    """So all pages are rendered again, but only those that show it are written."""
    work, written = edit(built, "content/codes/1010.md", "three miles", "four miles")
    assert work.parsed == ["codes/1010.md"]
    assert {*work.rendered} == pages(built)
    assert work.drawn == []
    guide = {f"guides/in-or-out/index.{suffix}" for suffix in ("html", "md")}
    lists = {"signals/1xxx/index.html", "llms-full.txt", "sitemap.xml"}
    assert OF_CODE <= written <= OF_CODE | guide | lists


def test_a_row_of_a_table_is_on_the_pages_of_its_code_and_the_table(built: CachedBook) -> None:
    """The page of the table is parsed together with its rows."""
    path = "content/tables/lanterns.csv"
    work, written = edit(built, path, 'Fog,"blue, white"', 'Fog,"blue, red"')
    assert {*work.parsed} == {"tables/lanterns.csv", "tables/lanterns.md"}
    assert {*work.rendered} == {"signals/4700/index.html", "tables/lanterns/index.html"}
    assert work.drawn == []
    assert {*work.made} == written | LISTS
    assert len(written) == 9


def test_the_name_of_a_code_is_on_one_card(built: CachedBook) -> None:
    """The other cards aren't drawn again."""
    work, written = edit(built, "content/codes/1010.md", 'name = "Come in"', 'name = "Enter"')
    assert work.drawn == ["Enter"]
    assert {it for it in written if it.endswith(".png")} == {"cards/signals/1010.png"}


def test_a_style_sheet_changes_only_its_url_on_pages(built: CachedBook) -> None:
    """Nothing is parsed, and only pages are made."""
    work, written = edit(built, "templates/assets/style.css", "{", "{ --count: 1;")
    assert work.parsed == work.drawn == []
    assert {*work.made} == {*work.rendered} == pages(built)
    style_sheets = {it for it in written if it.startswith("assets/") and it.endswith(".css")}
    assert style_sheets
    assert written - style_sheets == pages(built) - redirects(built)


def test_the_template_of_all_pages_changes_them(built: CachedBook) -> None:
    """But not the pages that redirect, which have another one."""
    work, written = edit(built, "templates/base.html", "</body>", "<p>More</p></body>")
    assert work.parsed == work.drawn == []
    assert work.compiled == ["base.html"]
    assert {*work.made} == {*work.rendered} == written == pages(built) - redirects(built)


def test_the_template_of_a_kind_of_page_changes_only_that_kind(built: CachedBook) -> None:
    """The book has one guide."""
    work, written = edit(built, "templates/guide.html", "<h1", "<p>More</p><h1")
    assert work.parsed == work.drawn == []
    assert work.compiled == ["guide.html"]
    assert {*work.made} == {*work.rendered} == written == {"guides/in-or-out/index.html"}


def test_a_commit_changes_dates(built: CachedBook, repository: Repository) -> None:
    """Only of the pages whose texts it contains."""
    edit(built, "content/codes/1020.md", "\n## ", "\nNew text.\n\n## ")
    repository.commit(2, "Second")
    work, written = run(built)
    assert work.read == work.parsed == work.drawn == []
    assert "signals/1020/index.html" in work.rendered
    assert {*work.made} == {*work.rendered, "feed.xml", "sitemap.xml"} == written


def test_a_commit_of_other_files_changes_nothing(built: CachedBook, repository: Repository) -> None:
    """The history is read again, but it's the same."""
    repository.commit(3, "Third", README="What the other tests have edited is committed as well")
    run(built)
    repository.commit(4, "Fourth", README="Nothing else is")
    work, written = run(built)
    assert work == Work()
    assert written == set()


@pytest.mark.parametrize("name", [f"{CODE}/index.html", "search.json", "cards/home.png"])
def test_a_file_that_is_removed_from_the_site_is_made_again(built: CachedBook, name: str) -> None:
    """No other file is."""
    (built.site / name).unlink()
    work, written = run(built)
    assert work.read == work.parsed == []
    assert work.made == [name]
    assert written == {name}


def test_a_check_does_the_work_of_a_build(built: CachedBook) -> None:
    """The next run doesn't parse anything again."""
    path = built.content / "codes" / "6660.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\nMore.\n", encoding="utf-8")
    for parsed in (["codes/6660.md"], []):
        work, written = run(built, "check")
        assert work.parsed == parsed
        assert work.rendered == work.verified == ["signals/6660/index.html"]
        assert written == set()
    work, written = run(built)
    assert work.read == work.parsed == []
    assert "signals/6660/index.html" in written


def pages(book: CachedBook) -> set[str]:
    """All pages of the site."""
    return {path.relative_to(book.site).as_posix() for path in book.site.rglob("*.html")}


def redirects(book: CachedBook) -> set[str]:
    """The pages that redirect."""
    start = b'http-equiv="refresh"'
    return {path for path in pages(book) if start in (book.site / path).read_bytes()}


PRINT_MODULES = """
import json, sys
before = {*sys.modules}
from codebook.cli.main import main
code = main(sys.argv[1:])
print(json.dumps(sorted({*sys.modules} - before)))
sys.exit(code)
"""


def imported(book: CachedBook, *options: str) -> set[str]:
    """The modules that a run imports in a process of its own."""
    process = subprocess.run(
        [sys.executable, "-c", PRINT_MODULES, *book.command(f"--url={URL}", *options)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=book.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    modules: list[str] = json.loads(process.stdout.splitlines()[-1])
    return {*modules}


@pytest.mark.slow
def test_each_run_imports_only_what_it_needs(tmp_path: Path) -> None:
    """Without changes, nothing that builds a site; after an edit, nothing that draws images.

    What parses the edited text is imported by another process, at the same time.
    """
    book = CachedBook(tmp_path, has_cards=True)
    drawing = {"resvg", "rjsmin", "rcssmin"}
    assert drawing <= imported(book)
    unchanged = imported(book)
    libraries = {name.partition(".")[0] for name in unchanged} - sys.stdlib_module_names
    assert libraries <= {"codebook", "msgspec"}
    building = (
        "codebook.book.parse",
        "codebook.book.check",
        "codebook.build.pipeline",
        "codebook.site",
    )
    publishing = (
        "codebook.syntax",
        "codebook.preview",
        "codebook.io.site",
        "codebook.cli.building",
    )
    assert not [name for name in unchanged if name.startswith((*building, *publishing))]
    published = {name for name in unchanged if name.startswith("codebook.publish.")}
    assert published == {"codebook.publish.host"}
    processes = {"multiprocessing", "asyncio"}
    assert not unchanged & processes
    replace_text(book.content / "codes" / "1010.md", "As long as", "As soon as")
    others = {"uvicorn", "watchfiles", "filelock", "rich.console"}
    parsing = {"markdown_it", "tomllib"}
    assert not imported(book) & (drawing | processes | others | parsing)
