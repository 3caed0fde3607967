"""Short URLs, names, and former URLs redirect to pages; no published URL is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from subprocess import CompletedProcess
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup

from codebook.book import urls
from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.source import Folder
from codebook.io import read_folder

ROOT = Path(__file__).resolve().parents[2]
Files = Mapping[PurePosixPath, bytes]
Make = Callable[..., BuildResult]
Run = Callable[..., CompletedProcess[str]]

REGISTER = (
    "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n"
    "- 11 Harbour's open\nThe harbour is open.\n"
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
    assert refresh is not None, f"/{url} leads nowhere"
    delay, _, href = str(refresh["content"]).partition("; url=")
    assert delay == "0"
    assert {str(link["href"]) for link in page("a")} == {href}
    return urljoin(f"https://site.invalid/{url}", href).removeprefix("https://site.invalid/")


def test_every_code_has_a_short_url(built_site: Files) -> None:
    """`/404` redirects to the code, and so on for every code with a page."""
    pages = [
        path for path in built_site if path.match("status/*/index.html") and path.parts[1].isdigit()
    ]
    assert len(pages) > 100
    for page in pages:
        number = page.parent.name
        assert redirects_to(built_site, f"{number}/") == f"status/{number}/"


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
    """A name works as a URL as well."""
    assert redirects_to(built_site, f"status/{name}/") == f"status/{code}/"


def test_a_redirect_is_no_page_of_its_own(built_site: Files) -> None:
    """It is not indexed, and names the page that it redirects to as the canonical one."""
    for path, data in built_site.items():
        page = BeautifulSoup(data, "html.parser") if path.suffix == ".html" else None
        if page is None or not page.find("meta", {"http-equiv": "refresh"}):
            continue
        url = path.as_posix().removesuffix("index.html")
        robots, canonical = (
            page.find("meta", {"name": "robots"}),
            page.find("link", rel="canonical"),
        )
        assert robots is not None
        assert robots["content"] == "noindex"
        assert canonical is not None
        target = urljoin(f"https://site.invalid/{url}", str(canonical["href"]))
        assert target == f"https://site.invalid/{redirects_to(built_site, url)}"
        assert not page("script")


def test_a_name_becomes_a_slug(compile_book: Make) -> None:
    """Apostrophes and accents are removed, and other characters become one hyphen."""
    assert urls.slug("Harbour’s  open") == "harbours-open"
    assert urls.slug("Où? (Ici)") == "ou-ici"
    assert urls.slug("港") == ""
    files = built_from(compile_book({"signals.md": REGISTER, "codes/11.md": ARTICLE}))
    assert redirects_to(files, "status/harbours-open/") == "status/11/"
    assert redirects_to(files, "status/come-in/") == "status/11/"


def test_an_article_may_choose_its_names(compile_book: Make) -> None:
    """With `aliases` in its front matter, only those and its number redirect to the code."""
    article = ARTICLE.replace("```toml\n", '```toml\naliases = ["way-in"]\n', 1)
    files = built_from(compile_book({"signals.md": REGISTER, "codes/11.md": article}))
    assert redirects_to(files, "status/way-in/") == "status/11/"
    assert redirects_to(files, "11/") == "status/11/"
    assert PurePosixPath("status/come-in/index.html") not in files


def test_the_canonical_url_is_absolute_with_a_base_url(compile_book: Make) -> None:
    """The redirect names its page by its public URL, below any path."""
    url = "https://example.org/a/b/"
    files = built_from(compile_book({"signals.md": REGISTER}, url))
    page = BeautifulSoup(files[PurePosixPath("11/index.html")], "html.parser")
    canonical = page.find("link", rel="canonical")
    assert canonical is not None
    assert canonical["href"] == f"{url}status/11/"
    assert redirects_to(files, "11/") == "status/11/"


def test_a_moved_page_redirects_from_its_old_url(compile_book: Make) -> None:
    """To a heading as well, and so does its Markdown version."""
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


def test_the_list_of_urls_is_complete(content: Folder, templates: Folder) -> None:
    """Every URL of the book is in `content/urls.txt`: `make site` adds new ones."""
    result = build_site(content, templates, "site", "")
    assert result.published_urls is None, "run `make site` and commit content/urls.txt"


def test_a_build_adds_new_urls_and_keeps_the_rest(
    run_codebook: Run, content_folder: Path, tmp_path: Path
) -> None:
    """Comments stay, URLs are sorted, and the second build changes nothing."""
    listing = content_folder / "urls.txt"
    listing.write_text("# Ours.\n11/\n", encoding="utf-8")
    arguments = ("--content", content_folder, "--site", tmp_path / "site")
    assert run_codebook("check", *arguments).returncode == 0
    assert listing.read_text(encoding="utf-8") == "# Ours.\n11/\n"
    first = run_codebook(*arguments)
    assert first.returncode == 0, first.stdout + first.stderr
    assert f"added the new URLs to {listing}" in first.stderr
    written = listing.read_bytes()
    assert written.decode() == "# Ours.\n11/\nstatus/\nstatus/11/\nstatus/1x/\n"
    assert "urls.txt" not in run_codebook(*arguments).stderr
    assert listing.read_bytes() == written


def test_a_book_without_a_list_gets_none(
    run_codebook: Run, content_folder: Path, tmp_path: Path
) -> None:
    """A build creates no file in the book that no one requested."""
    assert run_codebook("--content", content_folder, "--site", tmp_path / "site").returncode == 0
    assert [path.name for path in content_folder.iterdir()] == ["signals.md"]


def test_a_failing_build_leaves_the_list_alone(
    run_codebook: Run, content_folder: Path, tmp_path: Path
) -> None:
    """What was not published is not listed."""
    (content_folder / "urls.txt").write_text("guides/gone/\n", encoding="utf-8")
    failed = run_codebook("--content", content_folder, "--site", tmp_path / "site")
    assert failed.returncode == 1
    assert "error[lost-url]" in failed.stdout
    assert (content_folder / "urls.txt").read_text(encoding="utf-8") == "guides/gone/\n"


def test_a_renamed_guide_stops_the_build_until_it_redirects(
    run_codebook: Run, tmp_path: Path, templates: Folder
) -> None:
    """In the book itself: following the help to the letter fixes it."""
    book = shutil.copytree(ROOT / "content", tmp_path / "content")
    for path in [*book.rglob("*.md")]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("guides/caching.md", "guides/caches.md"), encoding="utf-8")
        if path.parent.name == "guides":
            path.write_text(text.replace("](caching.md", "](caches.md"), encoding="utf-8")
    (book / "guides" / "caching.md").rename(book / "guides" / "caches.md")
    failed = run_codebook("check", "--content", book)
    assert failed.returncode == 1
    helps = [
        line.partition("book.toml: ")[2].partition(", or")[0]
        for line in failed.stdout.splitlines()
        if line.startswith("help: ")
    ]
    assert helps
    settings = book / "book.toml"
    moved = "\n".join(helps)
    settings.write_text(
        f"{settings.read_text(encoding='utf-8')}\n[moved]\n{moved}\n", encoding="utf-8"
    )
    result = build_site(read_folder(book, "content"), templates, "site", "")
    assert redirects_to(built_from(result), "guides/caching/") == "guides/caches/"
