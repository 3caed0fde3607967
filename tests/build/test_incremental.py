"""An incremental build after an edit, compared with a full build."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from jinja2 import Template

from codebook.book.book import Code
from codebook.book.check import codes
from codebook.build.options import Options
from codebook.build.pipeline import BuildResult, build_site
from codebook.build.rebuild import Rebuild
from codebook.diagnostics.formats import Format
from codebook.io.disk import AccessError
from codebook.io.sources import read_folder
from codebook.publish.host import Host
from codebook.site.html.contexts import CONTEXTS
from tests.cache.cached_book import replace_text
from tests.cache.work import count
from tests.edits import Editor
from tests.templates import copy_templates_without_fonts

ROOT = Path(__file__).resolve().parents[2]
SECOND = ROOT / "tests" / "fixtures" / "second-book"

EDITS = int(os.environ.get("CODEBOOK_EDITS", "20"))
"""The number of edits of the second book with each seed; the audit makes more."""

CopyBook = Callable[..., Options]
FRAMED = {*CONTEXTS} - {"redirect.html"}
"""The templates that extend `base.html`."""


@pytest.fixture
def copy_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CopyBook:
    """Copy a book and the templates, for edits; returns the options of the command."""

    def copy_book(book: Path, url: str = "") -> Options:
        shutil.copytree(book, tmp_path / "content")
        copy_templates_without_fonts(tmp_path / "templates")
        monkeypatch.chdir(tmp_path)
        return Options(
            tmp_path / "content",
            tmp_path / "templates",
            tmp_path / "site",
            url=url,
            host=Host.PLAIN,
            strict=False,
            shows_all=False,
            report_format=Format.FULL,
            cache=tmp_path / "cache",
            uses_cache=True,
            quiet=False,
            verbose=False,
        )

    return copy_book


def full_build(options: Options) -> BuildResult:
    """The result of a build without cached results."""
    content = read_folder(options.content, "content")
    return build_site(content, read_folder(options.templates, "templates"), "site", options.url)


def assert_same(options: Options, result: BuildResult, when: str) -> None:
    """Compare a result with that of a full build."""
    full = full_build(options)
    assert result.diagnostics == full.diagnostics, when
    assert result.published_urls == full.published_urls, when
    assert (result.files is None) == (full.files is None), when
    files, full_files = result.files or {}, full.files or {}
    assert list(files) == list(full_files), when
    assert [path for path in files if files[path] != full_files[path]] == [], when


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "url"), [(1, ""), (2, ""), (3, "https://harbor.example/x/")])
def test_after_each_edit_the_site_is_that_of_a_full_build(
    copy_book: CopyBook, tmp_path: Path, seed: int, url: str
) -> None:
    """The bytes and the diagnostics are the same after edits of every kind."""
    good = count_good_builds(copy_book(SECOND, url), tmp_path, seed, EDITS)
    assert 0.2 < good / EDITS < 0.8, "edits that build, and edits that do not"


@pytest.mark.slow
def test_the_whole_book_is_the_same_after_each_edit(copy_book: CopyBook, tmp_path: Path) -> None:
    """There are fewer edits, because a full build of the book takes a second."""
    assert count_good_builds(copy_book(ROOT / "content"), tmp_path, 6, 1 + EDITS // 40)


def count_good_builds(options: Options, folder: Path, seed: int, count: int) -> int:
    """Compare the book with a full build after each edit; returns how many states built."""
    random = Random(seed)  # noqa: S311 - no secret
    editor = Editor(random, folder)
    rebuild = Rebuild(options)
    result = rebuild(frozenset())
    assert_same(options, result, "at the start")
    good = 0
    for number in range(count):
        is_bad = result.files is None
        edit = editor.undo_all() if is_bad and random.random() < 0.6 else editor.edit()
        result = rebuild(frozenset(edit.paths))
        assert_same(options, result, f"{number}: {edit}")
        good += result.files is not None
    return good


def test_an_edit_of_a_text_rebuilds_only_the_files_that_show_it(copy_book: CopyBook) -> None:
    """Everything else in the site is the same object as before."""
    options = copy_book(SECOND)
    rebuild = Rebuild(options)
    before = rebuild(frozenset()).files
    article = options.content / "codes" / "1010.md"
    replace_text(article, "one ship at a time", "one boat at a time")
    result, work = count(lambda: rebuild(frozenset({article})))
    after = result.files
    assert before
    assert after
    changed = {
        "api/v1/signals/1010.json",
        "llms-full.txt",
        "signals/1010/index.html",
        "signals/1010/index.md",
    }
    assert {str(path) for path in after if after[path] is not before[path]} == changed
    assert {*work.made} == changed
    assert work.parsed == ["codes/1010.md"]


def test_an_edit_of_a_text_joins_only_its_code(
    copy_book: CopyBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The records of the other codes are kept."""
    options = copy_book(SECOND)
    rebuild = Rebuild(options)
    rebuild(frozenset())
    made: list[str] = []

    def record(**fields: Any) -> Code:  # noqa: ANN401 - those of a code
        made.append(fields["summary"].title)
        return Code(**fields)

    monkeypatch.setattr(codes, "Code", record)
    article = options.content / "codes" / "1010.md"
    replace_text(article, "one ship at a time", "one boat at a time")
    rebuild(frozenset({article}))
    assert made == ["1010 Come in"]


def test_an_edit_of_a_template_renders_only_its_pages(
    copy_book: CopyBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A template for a kind of page affects that kind, and the base template affects all pages."""
    options = copy_book(SECOND)
    rebuild = Rebuild(options)
    rebuild(frozenset())
    filled: list[str] = []
    render = Template.render

    def record(template: Template, values: Mapping[str, object]) -> str:
        filled.append(str(template.name))
        return render(template, values)

    monkeypatch.setattr(Template, "render", record)
    for name, expected in (("guide.html", {"guide.html"}), ("base.html", FRAMED)):
        edited = options.templates / name
        replace_text(edited, "</", "\n</")
        rebuild(frozenset({edited}))
        assert {*filled} == expected
        filled.clear()


def test_an_unreadable_file_is_read_at_the_next_change(copy_book: CopyBook) -> None:
    """A file that was locked for a moment must not stay outdated."""
    options = copy_book(SECOND)
    rebuild = Rebuild(options)
    rebuild(frozenset())
    article, index = options.content / "codes" / "1010.md", options.content / "index.md"
    text = article.read_bytes().replace(b"one ship", b"one boat")
    article.unlink()
    os.mkfifo(article)
    with pytest.raises(AccessError, match="not a regular file or a folder"):
        rebuild(frozenset({article}))
    article.unlink()
    article.write_bytes(text)
    assert_same(options, rebuild(frozenset({index})), "after the trouble")
