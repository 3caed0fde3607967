"""The corpora of the benchmark: valid books, and the same pages for each generator."""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.corpus import Corpus, Page, real_corpus, synthetic_corpus
from bench.generators import pelican
from bench.generators.codebook import Codebook
from bench.generators.eleventy import Eleventy
from bench.generators.generator import Generator
from bench.generators.hugo import Hugo
from bench.generators.mkdocs import Material, Zensical
from bench.generators.pelican import Pelican
from bench.generators.sphinx import Sphinx
from bench.scenarios import Scenario, Workspace
from bench.synthetic import synthetic_book
from codebook.build.pipeline import build_site
from codebook.diagnostics.source import Folder
from tests.sample_books import ROOT, page_urls, repository_book, table
from tests.templates import templates_without_fonts

CORPORA = (real_corpus(), synthetic_corpus(12))
OURS = Codebook("codebook", ROOT, Path(sys.executable))
GENERATORS = (
    OURS,
    Hugo("hugo"),
    Eleventy("eleventy"),
    Pelican("pelican"),
    Zensical("zensical"),
    Material("material"),
    Sphinx("sphinx"),
)

each_corpus = pytest.mark.parametrize("corpus", CORPORA, ids=lambda corpus: corpus.name)
each_generator = pytest.mark.parametrize("generator", GENERATORS, ids=lambda it: it.name)


@pytest.fixture(autouse=True)
def _theme_of_pelican(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of Pelican's theme that edits change, so that nothing is installed."""
    theme = tmp_path / "packages" / "pelican" / "themes" / "notmyidea"
    for path in (Pelican.style_sheet, Pelican.template):
        file = theme / Path(path).relative_to("theme")
        file.parent.mkdir(parents=True)
        file.write_text("<footer></footer>", encoding="utf-8")
    monkeypatch.setattr(pelican, "packages", lambda _: tmp_path / "packages")


@pytest.mark.parametrize("codes", [12, 600])
def test_a_synthetic_book_has_no_diagnostic(codes: int) -> None:
    """Its site has a page for each code."""
    content = {path: text.encode() for path, text in synthetic_book(codes).items()}
    result = build_site(Folder("content", content), templates_without_fonts(), "site", "")
    assert result.diagnostics == ()
    assert result.files is not None
    pages = [url for url in page_urls(result.files) if re.fullmatch(r"status/\d+/", url)]
    assert len(pages) == codes


def test_the_same_number_of_codes_gives_the_same_book() -> None:
    """Otherwise runs on different days couldn't be compared."""
    assert synthetic_book(12) == synthetic_book(12)


def test_the_real_corpus_has_the_pages_of_the_book() -> None:
    """Only the page of all codes is missing."""
    routes = table(repository_book()).indexed
    corpus = real_corpus()
    ours = {OURS.html(page) for page in corpus.pages}
    assert ours == {f"{route.url}index.html" for route in routes} - {"status/index.html"}
    titles = {route.title for route in routes}
    assert [page.title for page in corpus.articles if page.title not in titles] == []


@each_corpus
def test_every_link_between_pages_leads_to_a_page(corpus: Corpus) -> None:
    """Links between files of the book are gone."""
    paths = {page.path for page in corpus.pages}
    for page in corpus.pages:
        assert not re.search(r"\]\((?!https?:)[^)]*\.md[#)]", page.body), page.path
        assert set(re.findall(r"\]\(page:([^)]*)\)", page.body)) <= paths, page.path


def test_a_relative_url_leads_from_the_folder_of_a_page() -> None:
    """The same holds for files, which have the names that most generators expect."""
    home, section, page = (Page(path, "", "", "") for path in ("", "4xx", "4xx/404"))
    assert [home.file, section.file, page.file] == ["index.md", "4xx/index.md", "4xx/404.md"]
    for start in (home, section, page):
        for end in (home, section, page):
            url = posixpath.join("/", start.path, "", start.relative_url(end.path))
            assert posixpath.normpath(url) == f"/{end.path}"
            file = posixpath.join(posixpath.dirname(start.file), start.relative_file(end.path))
            assert posixpath.normpath(file) == end.file


def test_the_facts_of_a_page_are_a_table_before_its_text() -> None:
    """Links become those of the generator."""
    (page,) = [page for page in real_corpus().pages if page.name == "404"]
    text = page.markdown(lambda path: f"<{path}>")
    assert text.startswith("| Fact | Value | Source |\n| --- | --- | --- |\n| status | assigned |")
    assert "[403](<4xx/403>)" in text


@each_generator
@each_corpus
def test_every_generator_gets_every_article(
    corpus: Corpus, generator: Generator, tmp_path: Path
) -> None:
    """Its file has the text of the article."""
    generator.write(corpus, tmp_path / "book", "")
    for page in corpus.articles:
        text = (tmp_path / "book" / generator.source(page)).read_text(encoding="utf-8")
        assert last_line(page) in text


def last_line(page: Page) -> str:
    """The end of the text of a page."""
    return page.body.rstrip().rpartition("\n")[2]


@each_generator
@pytest.mark.parametrize(
    "scenario", [it for it in Scenario if it not in {"clean", "nothing changed"}]
)
def test_every_edit_leaves_its_token_in_one_file(
    scenario: Scenario, generator: Generator, tmp_path: Path
) -> None:
    """The built site must contain the token, so a generator can't be fast by missing the edit."""
    corpus = CORPORA[1]
    generator.write(corpus, tmp_path / "book", "")
    workspace = Workspace(generator, corpus, tmp_path / "book", "", 0)
    _, token = workspace.prepare(scenario, 3)
    changed = [path for path in files(tmp_path / "book") if token in path.read_text("utf-8")]
    assert len(changed) == 1


def files(folder: Path) -> Iterator[Path]:
    """The text files of a folder."""
    suffixes = {".css", ".html", ".md", ".njk"}
    return (path for path in folder.rglob("*") if path.suffix in suffixes)
