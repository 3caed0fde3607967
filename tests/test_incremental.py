"""A build after an edit, which makes anew only what it must, against a build from nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import pytest
from jinja2 import Template

from codebook import io
from codebook.build.options import Options
from codebook.build.pipeline import BuildResult, build_site
from codebook.build.rebuild import Rebuild
from codebook.diagnostics.reports import Format
from codebook.publish.hosts import Host
from codebook.site.html.contexts import CONTEXTS
from tests.edits import Editor

ROOT = Path(__file__).resolve().parent.parent
SECOND = ROOT / "tests" / "fixtures" / "second-book"

Place = Callable[..., Options]
FRAMED = {*CONTEXTS} - {"redirect.html"}
"""The templates that are made with `base.html`."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Copy a book and the templates, for edits; what the command would be told of them."""

    def place(book: Path, url: str = "") -> Options:
        shutil.copytree(book, tmp_path / "content")
        # Without fonts no cards are drawn, which take most of the time of a build.
        fontless = shutil.ignore_patterns("*.ttf")
        shutil.copytree(ROOT / "templates", tmp_path / "templates", ignore=fontless)
        monkeypatch.chdir(tmp_path)
        return Options(
            tmp_path / "content",
            tmp_path / "templates",
            tmp_path / "site",
            url=url,
            host=Host.PLAIN,
            strict=False,
            report_format=Format.FULL,
            quiet=False,
            verbose=False,
        )

    return place


def from_nothing(told: Options) -> BuildResult:
    """What a build makes that remembers nothing."""
    content = io.read_folder(told.content, "content")
    return build_site(content, io.read_folder(told.templates, "templates"), "site", told.url)


def assert_same(told: Options, found: BuildResult, what: str) -> None:
    """Hold an outcome against that of a build from nothing."""
    whole = from_nothing(told)
    assert found.diagnostics == whole.diagnostics, what
    assert found.published_urls == whole.published_urls, what
    assert (found.files is None) == (whole.files is None), what
    mine, theirs = found.files or {}, whole.files or {}
    assert list(mine) == list(theirs), what
    assert [path for path in mine if mine[path] != theirs[path]] == [], what


@pytest.mark.parametrize(("seed", "url"), [(1, ""), (2, ""), (3, "https://harbour.example/x/")])
def test_after_each_of_a_hundred_edits_the_site_is_that_of_a_full_build(
    place: Place, tmp_path: Path, seed: int, url: str
) -> None:
    """Byte for byte, and so are the problems; three hundred edits in all, of every kind."""
    good = followed(place(SECOND, url), tmp_path, seed, 100)
    assert 20 < good < 80, "edits that build, and edits that do not"


def test_the_whole_book_is_built_the_same_after_each_edit(place: Place, tmp_path: Path) -> None:
    """Fewer edits, because a full build of it takes a second."""
    assert followed(place(ROOT / "content"), tmp_path, 4, 5)


def followed(told: Options, place: Path, seed: int, count: int) -> int:
    """Hold the book against a full build after each of so many edits; how many states built."""
    random = Random(seed)  # noqa: S311 - no secret
    editor = Editor(random, place)
    rebuild = Rebuild(told)
    outcome = rebuild(frozenset())
    assert_same(told, outcome, "at the start")
    good = 0
    for number in range(count):
        is_bad = outcome.files is None
        edit = editor.undo_all() if is_bad and random.random() < 0.6 else editor.edit()
        outcome = rebuild(frozenset(edit.paths))
        assert_same(told, outcome, f"{number}: {edit}")
        good += outcome.files is not None
    return good


def test_an_edit_of_a_text_makes_only_what_shows_it(place: Place) -> None:
    """Whatever else the site holds is the very object that it was before."""
    told = place(SECOND)
    rebuild = Rebuild(told)
    before = rebuild(frozenset()).files
    article = told.content / "codes" / "1010.md"
    text = article.read_text(encoding="utf-8")
    article.write_text(text.replace("one ship at a time", "one boat at a time"), encoding="utf-8")
    after = rebuild(frozenset({article})).files
    assert before
    assert after
    assert {str(path) for path in after if after[path] is not before[path]} == {
        "api/v1/signals/1010.json",
        "llms-full.txt",
        "signals/1010/index.html",
        "signals/1010/index.md",
    }


def test_an_edit_of_a_template_fills_only_those_that_are_made_with_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A template of one kind of page leaves the others; one that all are made with leaves none."""
    told = place(SECOND)
    rebuild = Rebuild(told)
    rebuild(frozenset())
    filled: list[str] = []
    render = Template.render

    def noted(template: Template, values: Mapping[str, object]) -> str:
        filled.append(str(template.name))
        return render(template, values)

    monkeypatch.setattr(Template, "render", noted)
    for name, expected in (("guide.html", {"guide.html"}), ("base.html", FRAMED)):
        edited = told.templates / name
        text = edited.read_text(encoding="utf-8")
        edited.write_text(text.replace("</", "\n</", 1), encoding="utf-8")
        rebuild(frozenset({edited}))
        assert {*filled} == expected
        filled.clear()


def test_what_cannot_be_read_is_read_with_the_next_change(place: Place) -> None:
    """So a file that was locked for a moment is not left as it was."""
    told = place(SECOND)
    rebuild = Rebuild(told)
    rebuild(frozenset())
    article, index = told.content / "codes" / "1010.md", told.content / "index.md"
    text = article.read_bytes().replace(b"one ship", b"one boat")
    article.unlink()
    os.mkfifo(article)
    with pytest.raises(io.AccessError, match="neither a file nor a folder"):
        rebuild(frozenset({article}))
    article.unlink()
    article.write_bytes(text)
    assert_same(told, rebuild(frozenset({index})), "after the trouble")
