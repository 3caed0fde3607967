"""Short addresses, names and former addresses lead on to pages; what was published is not lost."""

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

ROOT = Path(__file__).resolve().parent.parent
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


def built_from(outcome: BuildResult) -> Files:
    """The files of a site that was built."""
    assert outcome.files is not None, outcome.diagnostics
    return outcome.files


def leads_to(files: Files, address: str) -> str:
    """The address that the page at this address sends a visitor on to."""
    page = BeautifulSoup(files[urls.output_path(address)], "html.parser")
    refresh = page.find("meta", {"http-equiv": "refresh"})
    assert refresh is not None, f"/{address} leads nowhere"
    delay, _, url = str(refresh["content"]).partition("; url=")
    assert delay == "0"
    assert {str(link["href"]) for link in page("a")} == {url}
    return urljoin(f"https://site.invalid/{address}", url).removeprefix("https://site.invalid/")


def test_every_code_has_a_short_address(built_site: Files) -> None:
    """`/404` and its like lead to the code, for each code that has a page."""
    pages = [
        path for path in built_site if path.match("status/*/index.html") and path.parts[1].isdigit()
    ]
    assert len(pages) > 100
    for page in pages:
        number = page.parent.name
        assert leads_to(built_site, f"{number}/") == f"status/{number}/"


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
def test_a_name_and_a_former_name_lead_to_the_code(built_site: Files, name: str, code: int) -> None:
    """What somebody remembers of a code is an address too."""
    assert leads_to(built_site, f"status/{name}/") == f"status/{code}/"


def test_a_page_that_leads_on_is_no_page_of_its_own(built_site: Files) -> None:
    """It asks not to be indexed, names the page that it leads to as the canonical one, no more."""
    for path, data in built_site.items():
        page = BeautifulSoup(data, "html.parser") if path.suffix == ".html" else None
        if page is None or not page.find("meta", {"http-equiv": "refresh"}):
            continue
        address = path.as_posix().removesuffix("index.html")
        robots, canonical = (
            page.find("meta", {"name": "robots"}),
            page.find("link", rel="canonical"),
        )
        assert robots is not None
        assert robots["content"] == "noindex"
        assert canonical is not None
        there = urljoin(f"https://site.invalid/{address}", str(canonical["href"]))
        assert there == f"https://site.invalid/{leads_to(built_site, address)}"
        assert not page("script")


def test_a_name_is_made_of_what_addresses_are_made_of(compile_book: Make) -> None:
    """Apostrophes vanish, accents too, and all else becomes one hyphen."""
    assert urls.slug("Harbour’s  open") == "harbours-open"
    assert urls.slug("Où? (Ici)") == "ou-ici"
    assert urls.slug("港") == ""
    files = built_from(compile_book({"signals.md": REGISTER, "codes/11.md": ARTICLE}))
    assert leads_to(files, "status/harbours-open/") == "status/11/"
    assert leads_to(files, "status/come-in/") == "status/11/"


def test_an_article_may_choose_its_names(compile_book: Make) -> None:
    """With `aliases` in its head only those lead to the code, and its number."""
    article = ARTICLE.replace("```toml\n", '```toml\naliases = ["way-in"]\n', 1)
    files = built_from(compile_book({"signals.md": REGISTER, "codes/11.md": article}))
    assert leads_to(files, "status/way-in/") == "status/11/"
    assert leads_to(files, "11/") == "status/11/"
    assert PurePosixPath("status/come-in/index.html") not in files


def test_the_canonical_address_is_whole_where_the_public_one_is_known(compile_book: Make) -> None:
    """The page that leads on names the other by its public address, below any path."""
    url = "https://example.org/a/b/"
    files = built_from(compile_book({"signals.md": REGISTER}, url))
    page = BeautifulSoup(files[PurePosixPath("11/index.html")], "html.parser")
    canonical = page.find("link", rel="canonical")
    assert canonical is not None
    assert canonical["href"] == f"{url}status/11/"
    assert leads_to(files, "11/") == "status/11/"


def test_a_page_that_moved_is_found_where_it_was(compile_book: Make) -> None:
    """Its old address leads on, to a heading as well, and so does its Markdown."""
    files = built_from(
        compile_book(
            {
                "signals.md": REGISTER,
                "guides/arriving.md": "# Arriving\n\n## By night\n\nLanterns are lit.\n",
                "book.toml": '[moved]\n"guides/coming-in/" = "guides/arriving.md#by-night"\n',
            }
        )
    )
    assert leads_to(files, "guides/coming-in/") == "guides/arriving/#h-by-night"
    assert (
        b"[Arriving](../arriving/#h-by-night)" in files[PurePosixPath("guides/coming-in/index.md")]
    )


def test_the_list_of_addresses_is_whole(content: Folder, templates: Folder) -> None:
    """Every address of the book is in `content/addresses.txt`: `make site` adds what is new."""
    outcome = build_site(content, templates, "site", "")
    assert outcome.published_urls is None, "run `make site` and commit content/addresses.txt"


def test_a_build_adds_what_is_new_and_keeps_what_was_there(
    run_codebook: Run, content_folder: Path, tmp_path: Path
) -> None:
    """Remarks stay, addresses stand in order, and the second build changes nothing."""
    listing = content_folder / "addresses.txt"
    listing.write_text("# Ours.\n11/\n", encoding="utf-8")
    arguments = ("--content", content_folder, "--site", tmp_path / "site")
    assert run_codebook("check", *arguments).returncode == 0
    assert listing.read_text(encoding="utf-8") == "# Ours.\n11/\n"
    first = run_codebook(*arguments)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "addresses.txt lists the new addresses" in first.stderr
    written = listing.read_bytes()
    assert written.decode() == "# Ours.\n11/\nstatus/\nstatus/11/\nstatus/1x/\n"
    assert "addresses.txt" not in run_codebook(*arguments).stderr
    assert listing.read_bytes() == written


def test_a_book_without_a_list_gets_none(
    run_codebook: Run, content_folder: Path, tmp_path: Path
) -> None:
    """Nobody finds a file in the book that was not asked for."""
    assert run_codebook("--content", content_folder, "--site", tmp_path / "site").returncode == 0
    assert [each.name for each in content_folder.iterdir()] == ["signals.md"]


def test_a_failing_build_leaves_the_list_alone(
    run_codebook: Run, content_folder: Path, tmp_path: Path
) -> None:
    """What was not published is not listed."""
    (content_folder / "addresses.txt").write_text("guides/gone/\n", encoding="utf-8")
    failed = run_codebook("--content", content_folder, "--site", tmp_path / "site")
    assert failed.returncode == 1
    assert "error[lost-address]" in failed.stdout
    assert (content_folder / "addresses.txt").read_text(encoding="utf-8") == "guides/gone/\n"


def test_a_renamed_guide_stops_the_build_until_it_leads_on(
    run_codebook: Run, tmp_path: Path, templates: Folder
) -> None:
    """In the book itself: what the help says, followed to the letter, mends it."""
    own = shutil.copytree(ROOT / "content", tmp_path / "content")
    for path in [*own.rglob("*.md")]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("guides/caching.md", "guides/caches.md"), encoding="utf-8")
        if path.parent.name == "guides":
            path.write_text(text.replace("](caching.md", "](caches.md"), encoding="utf-8")
    (own / "guides" / "caching.md").rename(own / "guides" / "caches.md")
    failed = run_codebook("check", "--content", own)
    assert failed.returncode == 1
    helps = [
        line.partition("book.toml: ")[2].partition(", or")[0]
        for line in failed.stdout.splitlines()
        if line.startswith("help: ")
    ]
    assert helps
    settings = own / "book.toml"
    moved = "\n".join(helps)
    settings.write_text(
        f"{settings.read_text(encoding='utf-8')}\n[moved]\n{moved}\n", encoding="utf-8"
    )
    outcome = build_site(read_folder(own, "content"), templates, "site", "")
    assert leads_to(built_from(outcome), "guides/caching/") == "guides/caches/"
