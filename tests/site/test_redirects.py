"""Short URLs, names, and former URLs redirect to pages; no published URL is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup

from codebook.book import urls
from codebook.build.pipeline import BuildResult, build_site
from codebook.cache import Cache
from codebook.cli.main import main
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Folder
from tests.book_files import register_by_code
from tests.offenders import assert_none
from tests.sample_books import Files, repository_book, table
from tests.templates import templates_without_fonts

Make = Callable[..., BuildResult]

BASE = "https://site.invalid/"
REGISTER = (
    "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11 Harbor's open\nThe harbor is open.\n"
)
ARTICLE = (
    '```toml\nformerly = [{ name = "Come In", source = "The old book" }]\n```\n\n## When\n\nNow.\n'
)


def built_from(result: BuildResult) -> Files:
    """The files of a site that was built."""
    assert result.files is not None, result.diagnostics
    return result.files


def redirects_to(files: Files, url: str) -> str:
    """The URL that the page at this URL redirects to."""
    page = BeautifulSoup(files[urls.output_path(url)], "html.parser")
    refresh = page.find("meta", {"http-equiv": "refresh"})
    assert refresh is not None, f"/{url} redirects nowhere"
    delay, _, href = str(refresh["content"]).partition("; url=")
    assert delay == "0"
    assert {str(link["href"]) for link in page("a")} == {href}
    return urljoin(BASE + url, href).removeprefix(BASE)


def test_every_code_has_a_short_url(built_site: Files) -> None:
    """For example, `/404` redirects to the page of the code."""
    codes = [str(code) for code in register_by_code()]
    assert len(codes) > 100
    targets = {code: redirects_to(built_site, f"{code}/") for code in codes}
    assert targets == {code: f"status/{code}/" for code in codes}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("not-found", 404),
        ("im-a-teapot", 418),
        ("teapot", 418),
        ("content-too-large", 413),
        ("payload-too-large", 413),
        ("request-entity-too-large", 413),
        ("unprocessable-entity", 422),
        ("moved-temporarily", 302),
        ("unauthorized", 401),
    ],
)
def test_current_and_former_names_redirect(built_site: Files, name: str, code: int) -> None:
    """URLs made from names work too."""
    assert redirects_to(built_site, f"status/{name}/") == f"status/{code}/"


def test_search_engines_ignore_redirect_pages(built_site: Files) -> None:
    """They aren't indexed, and their canonical URL is that of the target."""
    redirects = {
        path.as_posix().removesuffix("index.html"): BeautifulSoup(data, "html.parser")
        for path, data in built_site.items()
        if b'http-equiv="refresh"' in data
    }
    assert len(redirects) > 200
    canonical = {
        url: [str(link["href"]) for link in page.select("link[rel=canonical]")]
        for url, page in redirects.items()
    }
    targets = {url: redirects_to(built_site, url) for url in redirects}
    assert_none(
        f"/{url} has the canonical URL {hrefs}"
        for url, hrefs in canonical.items()
        if [urljoin(BASE + url, href) for href in hrefs] != [BASE + targets[url]]
    )
    robots = {url: page.select("meta[name=robots]") for url, page in redirects.items()}
    assert_none(url for url in robots if [tag["content"] for tag in robots[url]] != ["noindex"])
    assert_none(url for url, page in redirects.items() if page.select("script:not([data-to])"))


def test_a_name_becomes_a_slug(compile_book: Make) -> None:
    """Apostrophes and accents are removed, and other characters become one hyphen."""
    assert urls.slug("Harbor’s  open") == "harbors-open"
    assert urls.slug("Où? (Ici)") == "ou-ici"
    assert urls.slug("港") == ""
    files = built_from(compile_book({"signals.md": REGISTER, "codes/11.md": ARTICLE}))
    assert redirects_to(files, "status/harbors-open/") == "status/11/"
    assert redirects_to(files, "status/come-in/") == "status/11/"


def test_an_article_can_choose_its_aliases(compile_book: Make) -> None:
    """If it has `aliases`, only those and its number redirect to it."""
    article = ARTICLE.replace("```toml\n", '```toml\naliases = ["way-in"]\n', 1)
    files = built_from(compile_book({"signals.md": REGISTER, "codes/11.md": article}))
    assert redirects_to(files, "status/way-in/") == "status/11/"
    assert redirects_to(files, "11/") == "status/11/"
    assert PurePosixPath("status/come-in/index.html") not in files


def test_the_canonical_url_is_absolute_with_a_base_url(compile_book: Make) -> None:
    """It is below the base URL, at any path."""
    url = "https://example.org/a/b/"
    files = built_from(compile_book({"signals.md": REGISTER}, url))
    page = BeautifulSoup(files[PurePosixPath("11/index.html")], "html.parser")
    canonical = page.find("link", rel="canonical")
    assert canonical is not None
    assert canonical["href"] == f"{url}status/11/"
    assert redirects_to(files, "11/") == "status/11/"


def test_a_moved_page_redirects_from_its_old_url(compile_book: Make) -> None:
    """The target can be a heading, and the Markdown version moves too."""
    files = built_from(
        compile_book(
            {
                "signals.md": REGISTER,
                "guides/arriving.md": "# Arriving\n\n## By night\n\nLanterns are lit.\n",
                "book.toml": '[moved]\n"guides/coming-in/" = "guides/arriving.md#by-night"\n',
            }
        )
    )
    assert redirects_to(files, "guides/coming-in/") == "guides/arriving/#h-by-night"
    assert (
        b"[Arriving](../arriving/#h-by-night)" in files[PurePosixPath("guides/coming-in/index.md")]
    )


def test_the_list_of_urls_is_complete(content: Folder) -> None:
    """`content/urls.txt` has every URL of the book: `make site` adds new ones."""
    published = table(repository_book()).published_urls
    listed = content.files[PurePosixPath("addresses.txt")].decode().splitlines()
    assert published
    assert not published - {*listed}, "run `make site` and commit content/addresses.txt"


def test_a_build_adds_new_urls_and_keeps_the_rest(
    content_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Comments stay, URLs are sorted, and a second build changes nothing."""
    listing = content_folder / "addresses.txt"
    listing.write_text("# Ours.\n11/\n", encoding="utf-8")
    arguments = ("--content", str(content_folder), "--site", str(tmp_path / "site"))
    assert main(["check", *arguments]) == 0
    assert listing.read_text(encoding="utf-8") == "# Ours.\n11/\n"
    capsys.readouterr()
    assert main(arguments) == 0
    assert f"updated the list of published URLs, {listing}" in capsys.readouterr().err
    written = listing.read_bytes()
    assert written.decode() == "# Ours.\n11/\nstatus/\nstatus/11/\nstatus/1x/\n"
    assert main(arguments) == 0
    assert "addresses.txt" not in capsys.readouterr().err
    assert listing.read_bytes() == written


def test_a_book_without_a_list_gets_none(content_folder: Path, tmp_path: Path) -> None:
    """Builds don't create files in the book."""
    assert main(["--content", str(content_folder), "--site", str(tmp_path / "site")]) == 0
    assert [path.name for path in content_folder.iterdir()] == ["signals.md"]


def test_a_failing_build_leaves_the_list_alone(
    content_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """URLs are listed when they are published."""
    (content_folder / "addresses.txt").write_text("guides/gone/\n", encoding="utf-8")
    assert main(["--content", str(content_folder), "--site", str(tmp_path / "site")]) == 1
    assert "error[lost-url]" in capsys.readouterr().out
    assert (content_folder / "addresses.txt").read_text(encoding="utf-8") == "guides/gone/\n"


@pytest.mark.slow
def test_a_renamed_guide_stops_the_build_until_it_redirects(content: Folder) -> None:
    """One line in the settings resolves the URL of the page and those of its headings."""
    files = {}
    for path, data in content.files.items():
        folder = b"](" if path.parent.name == "guides" else b"guides/"
        renamed = path.with_name("caches.md") if path.stem == "caching" else path
        is_text = path.suffix == ".md"
        files[renamed] = (
            data.replace(folder + b"caching.md", folder + b"caches.md") if is_text else data
        )
    cache = Cache()
    failed = build_site(
        Folder("content", files), templates_without_fonts(), "site", "", cache=cache
    )
    assert failed.files is None
    # The list of guides has the old name, too.
    rules = {diagnostic.rule for diagnostic in failed.diagnostics}
    assert rules == {Rule.LOST_URL, Rule.INVALID_VALUE}
    assert len(failed.groups) == 1
    book = PurePosixPath("book.toml")
    settings = files[book].replace(b'"caching"', b'"caches"')
    redirect = b'[moved]\n"guides/caching/" = "guides/caches.md"\n'
    moved = {**files, book: settings.replace(b"[moved]\n", redirect)}
    result = build_site(
        Folder("content", moved), templates_without_fonts(), "site", "", cache=cache
    )
    assert redirects_to(built_from(result), "guides/caching/") == "guides/caches/"
