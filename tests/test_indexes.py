"""What leads programs to the pages of a site: a site map, a feed, a search, and two notices.

Each file is read by a program that was made for it; that of the search, by the letter of
OpenSearch 1.1, Draft 6, and by Firefox in `test_opensearch_in_firefox.py`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped]
import pytest
import sectxt  # type: ignore[import-untyped]
import xmlschema
from bs4 import BeautifulSoup

from codebook import addresses, git
from codebook.book import Book
from codebook.catalogue import catalogue
from codebook.check import assemble
from codebook.files import read
from codebook.history import Change, History
from codebook.machines.feed import feed
from codebook.machines.notices import robots, security
from codebook.machines.opensearch import opensearch
from codebook.machines.sitemap import sitemap
from codebook.parse import documents
from codebook.settings import Security
from codebook.source import Folder

Files = Mapping[PurePosixPath, bytes]

ROOT = Path(__file__).resolve().parent.parent
BASES = ("https://codes.example/", "https://codes.example/a/b/")
START = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
OWN = frozenset(
    {
        addresses.SITEMAP,
        addresses.FEED,
        addresses.OPENSEARCH,
        addresses.ROBOTS,
        addresses.SECURITY,
        addresses.ICON,
    }
)
"""The addresses of what is tested here, and of the icon."""
HOSTILE = "]]></title> \x00\x08\x1b\x0b\ufffe\ud800 <b>&amp; \"x\" 'y'\r\n é"
"""What no XML holds, what ends some of it, and what has to be escaped."""
TOLD = "]]></title> \ufffd\ufffd\ufffd\ufffd\ufffd\ufffd <b>&amp; \"x\" 'y' é"
"""The same as far as it can be said."""

schema = xmlschema.XMLSchema(ROOT / "tests" / "fixtures" / "sitemap-0.9.xsd")


def whole(folder: Folder) -> Book:
    """The book in a folder, with no public address."""
    return assemble(documents(folder).value.documents).value


def published(book: Book, url: str, **settings: Any) -> Book:  # noqa: ANN401 - of any kind
    """The book under a public address."""
    return replace(book, settings=replace(book.settings, url=url, **settings))


@pytest.fixture(scope="module")
def plain(content: Folder) -> Book:
    """The book of the repository."""
    return whole(content)


@pytest.fixture(scope="module", params=BASES)
def book(request: pytest.FixtureRequest, plain: Book) -> Book:
    """The same under a public address, at the root of a host and below a path."""
    return published(plain, request.param)


@pytest.fixture(scope="module")
def small() -> Book:
    """A book with all kinds of documents that one can count."""
    return whole(read(ROOT / "tests" / "fixtures" / "second-book", "content"))


@pytest.fixture(scope="module")
def pages(built: Files) -> frozenset[str]:
    """The addresses of all pages of the repository's book, as its files show them."""
    return frozenset(
        path.as_posix().removesuffix("index.html")
        for path, data in built.items()
        if path.suffix == ".html"
        and path.as_posix() != addresses.ERROR_PAGE
        and b'http-equiv="refresh"' not in data
    )


def change(number: int, *paths: str | PurePosixPath, subject: str = "") -> Change:
    """The change of a day, counted backwards, that touched these files."""
    when = START - timedelta(days=number)
    return Change(f"{number:040x}", when, subject, tuple(map(PurePosixPath, paths)))


def remembered(*changes: Change) -> History:
    """The history of these changes, with the dates that follow from them."""
    dates = {path: each.when for each in reversed(changes) for path in each.paths}
    return History(changes, dates)


def everything(book: Book) -> History:
    """A history in which everything was written at once."""
    paths = {path for page in catalogue(book) for path in page.documents}
    return remembered(change(0, *sorted(paths), subject="Write the book"))


# --- the site map ----------------------------------------------------------------------------


def mapped(data: bytes) -> dict[str, str | None]:
    """What a site map says of each address, once the schema allows it."""
    schema.validate(data.decode())
    names = {"": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    urls = ET.fromstring(data).findall("url", names)  # noqa: S314 - our own bytes
    found = {url.findtext("loc", "", names): url.findtext("lastmod", None, names) for url in urls}
    assert len(found) == len(urls)
    return found


def test_every_page_is_mapped_once_under_its_one_address(book: Book, pages: frozenset[str]) -> None:
    """No page is missing; neither the error page nor what only leads on is there."""
    found = mapped(sitemap(book, None))
    assert set(found) == {book.settings.url + address for address in pages}
    assert not {book.settings.url + each.address for each in book.redirects} & set(found)


@pytest.mark.parametrize(
    "fault",
    [
        ("<loc>https:", "<loc>ftp:"),
        ("<loc>https://codes.example/</loc>", ""),
        ("2026-02-03T04:05:06+00:00", "2026-02-03T04:05:06"),
        ("2026-02-03T04:05:06+00:00", "3 February 2026"),
        ("2026-02-03T04:05:06+00:00", "2026-02-30"),
        ("<loc>https://codes.example/", f"<loc>https://codes.example/{'x' * 2048}"),
        ("/sitemap/0.9", "/sitemap/0.8"),
        ("signals/</loc>", "</loc>"),
        ("lastmod", "modified"),
    ],
)
def test_the_schema_of_site_maps_finds_faults(small: Book, fault: tuple[str, str]) -> None:
    """What it allows is therefore worth something."""
    data = sitemap(published(small, BASES[0]), everything(small)).decode()
    assert fault[0] in data
    schema.validate(data)
    with pytest.raises(xmlschema.XMLSchemaException):
        schema.validate(data.replace(*fault))


def test_a_page_changed_when_the_newest_of_its_documents_did(small: Book) -> None:
    """A code's page is made from its register, its article, the facts and tables.

    What sets the facts of codes side by side, as classes and some guides do, is made from theirs.
    """
    book = published(small, BASES[0])
    history = remembered(
        change(1, "codes/1010.md"),
        change(2, "guides/in-or-out.md", "facts.toml"),
        change(3, "codes/1020.md", "tables/lanterns.csv", "tables/lanterns.md"),
        change(4, "index.md"),
        change(5, "harbour-signals.md", "codes/6660.md"),
    )
    days = {
        "": 4,
        "signals/": 5,
        "signals/1010/": 1,
        "signals/1020/": 2,
        "signals/1xxx/": 1,
        "signals/2xxx/": 5,
        "guides/in-or-out/": 1,
        "tables/lanterns/": 3,
    }
    found = mapped(sitemap(book, history))
    for address, day in days.items():
        assert found[BASES[0] + address] == (START - timedelta(days=day)).isoformat(), address


def test_a_date_that_is_not_known_is_left_out(small: Book) -> None:
    """It is not known where that of one of the documents is not, however new the others are."""
    book = published(small, BASES[0])
    history = everything(book)
    lacking = replace(
        history,
        dates={path: when for path, when in history.dates.items() if path.stem != "1010"},
    )
    found = mapped(sitemap(book, lacking))
    assert {address.removeprefix(BASES[0]) for address, when in found.items() if when is None} == {
        "signals/1xxx/",
        "signals/1010/",
        "guides/in-or-out/",
    }
    assert set(mapped(sitemap(book, None)).values()) == {None}


# --- the feed --------------------------------------------------------------------------------


def taken(data: bytes) -> Any:  # noqa: ANN401 - feedparser has no types
    """What a feed reader makes of the feed, in which it finds nothing to mend."""
    found = feedparser.parse(data)
    assert found.bozo == 0, found.bozo_exception
    assert found.version == "atom10"
    return found


def linked(entry: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - as above
    """The addresses and the titles that an entry lists."""
    soup = BeautifulSoup(entry.content[0].value, "html.parser")
    return [(str(link["href"]), link.get_text()) for link in soup.find_all("a")]


def test_a_feed_reader_reads_the_feed(book: Book) -> None:
    """What it is, whose it is, where it is, and what changed, the newest first."""
    changes = (
        change(1, "codes/404.md", subject="Say more of 404"),
        change(2, "guides/which-code.md", "index.md", subject="Help to choose"),
    )
    url = book.settings.url
    found = taken(feed(book, remembered(*changes)))
    assert (found.feed.title, found.feed.author) == (book.title, book.title)
    assert found.feed.subtitle == book.settings.description
    assert found.feed.language == "en"
    assert found.feed.updated == "2026-02-02T04:05:06+00:00"
    assert {(link.rel, link.type, link.href) for link in found.feed.links} == {
        ("self", "application/atom+xml", f"{url}feed.xml"),
        ("alternate", "text/html", url),
    }
    assert [(each.title, each.updated) for each in found.entries] == [
        ("Say more of 404", "2026-02-02T04:05:06+00:00"),
        ("Help to choose", "2026-02-01T04:05:06+00:00"),
    ]
    assert linked(found.entries[0]) == [(f"{url}status/404/", "404 Not Found")]
    assert found.entries[0].link == f"{url}status/404/"
    assert found.entries[0].content[0].type == "application/xhtml+xml"
    assert [address for address, _ in linked(found.entries[1])][:1] == [url]


def test_every_address_in_the_feed_is_one_of_a_page(
    book: Book, pages: frozenset[str], plain: Book
) -> None:
    """Whatever was changed: each document by itself, and all of them."""
    paths = sorted({path for page in catalogue(plain) for path in page.documents})
    changes = (change(0, *paths), *(change(1, path) for path in paths))
    found: set[str] = set()
    for start in range(0, len(changes), 50):
        read_back = taken(feed(book, remembered(*changes[start : start + 50])))
        found |= {each.link for each in read_back.entries}
        found |= {address for each in read_back.entries for address, _ in linked(each)}
    assert found <= {book.settings.url + address for address in pages}
    assert len(found) == len(pages)


def test_ids_stay_when_the_feed_is_made_again_and_when_the_site_moves(small: Book) -> None:
    """A reader that has read an entry must not be shown it once more; no two are the same."""
    history = remembered(*(change(number, "codes/1010.md") for number in range(3)))
    later = remembered(change(-1, "index.md"), *history.changes)
    made = [feed(published(small, base), history) for base in (*BASES, BASES[0])]
    assert made[0] == made[2] != made[1]
    ids = [[found.feed.id, *(each.id for each in found.entries)] for found in map(taken, made)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 4
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", each) for each in ids[0])
    after = taken(feed(published(small, BASES[0]), later))
    assert [after.feed.id, *(each.id for each in after.entries[1:])] == ids[0]


def test_ids_are_those_that_were_published(small: Book) -> None:
    """If this test has to be changed, every reader will take every entry for a new one."""
    found = taken(feed(published(small, BASES[0]), remembered(change(1, "index.md"))))
    assert (found.feed.id, found.entries[0].id) == (
        "urn:uuid:11684314-f733-528a-9fae-58d9ab27f879",
        "urn:uuid:5ea52859-2148-552c-ad56-224bf506319c",
    )


def pages_of(book: Book, *paths: str) -> list[str]:
    """The addresses that a change of these files leads to, as its entry lists them."""
    url = BASES[0]
    found = taken(feed(published(book, url), remembered(change(0, *paths))))
    return [address.removeprefix(url) for each in found.entries for address, _ in linked(each)]


def test_a_change_leads_to_the_pages_that_are_made_from_it(small: Book) -> None:
    """A table is on its own page, and on those of the codes that it names."""
    assert pages_of(small, "index.md") == [""]
    assert pages_of(small, "guides/in-or-out.md") == ["guides/in-or-out/"]
    assert pages_of(small, "tables/lanterns.md") == ["tables/lanterns/"]
    rows = {row.code.number for row in small.tables[0].rows}
    assert pages_of(small, "tables/lanterns.csv") == [
        *(f"signals/{number}/" for number in small.codes if number in rows),
        "tables/lanterns/",
    ]


def test_what_is_shared_leads_to_all_pages_made_from_it(small: Book) -> None:
    """Where nothing else was touched, that is: what belongs to fewer pages tells more."""
    listed = [page.address for page in catalogue(small)]
    assert pages_of(small, "harbour-signals.md") == [
        address for address in listed if not address.startswith(("guides/", "tables/"))
    ]
    assert pages_of(small, "facts.toml") == [f"signals/{n}/" for n in (1010, 1020, 6660)]
    assert pages_of(small, "book.toml") == listed[:20]
    assert pages_of(small, "harbour-signals.md", "facts.toml", "book.toml") == listed[:20]
    assert pages_of(small, "book.toml", "harbour-signals.md", "codes/1010.md") == ["signals/1010/"]


def test_a_change_of_what_is_on_no_page_is_not_told(small: Book) -> None:
    """A licence, a list of addresses, a page that is gone."""
    assert pages_of(small, "LICENSE", "addresses.txt", "codes/1999.md", "guides/gone.md") == []
    found = taken(feed(published(small, BASES[0]), remembered(change(0, "LICENSE"))))
    assert (found.entries, found.feed.updated) == ([], START.isoformat())


def test_an_entry_names_some_pages_and_says_how_many_more(book: Book) -> None:
    """As many as somebody may read."""
    listed = list(catalogue(book))
    found = taken(feed(book, remembered(change(0, "book.toml"))))
    assert linked(found.entries[0]) == [
        (book.settings.url + page.address, page.title) for page in listed[:20]
    ]
    assert f"and {len(listed) - 20} more" in found.entries[0].content[0].value


def test_the_feed_holds_the_newest_changes_alone(small: Book) -> None:
    """Fifty that touched pages, however many lie between them."""
    changes = [
        change(number, "codes/1010.md" if number % 2 else "LICENSE", subject=str(number))
        for number in range(200)
    ]
    found = taken(feed(published(small, BASES[0]), remembered(*changes)))
    assert [each.title for each in found.entries] == [str(n) for n in range(1, 100, 2)]
    assert found.feed.updated == changes[1].when.isoformat()


def test_no_title_and_no_subject_breaks_the_feed(small: Book) -> None:
    """What cannot be said is marked; markup is text; an entry without a subject has a title."""
    book = published(replace(small, title=HOSTILE), BASES[0], description=HOSTILE)
    changes = (change(0, "index.md", subject=HOSTILE), change(1, "codes/1010.md"))
    data = feed(book, remembered(*changes))
    # Read as XML: feed readers clean what they take for markup.
    root = ET.fromstring(data)  # noqa: S314 - our own bytes
    atom = "{http://www.w3.org/2005/Atom}"
    titles = [title.text for title in root.iter(f"{atom}title")]
    assert titles == [TOLD, TOLD, "1010 Come in"]
    assert root.findtext(f"{atom}subtitle") == TOLD
    assert root.findtext(f"{atom}author/{atom}name") == TOLD
    assert [link.text for link in root.iter("{http://www.w3.org/1999/xhtml}a")][:1] == [TOLD]
    assert len(taken(data).entries) == 2


def test_what_git_remembers_is_what_readers_are_told(tmp_path: Path) -> None:
    """From a repository to the feed and the site map, with nothing made up between them."""
    content = tmp_path / "book"
    shutil.copytree(ROOT / "tests" / "fixtures" / "second-book", content)
    article = content / "codes" / "1010.md"
    # Whoever tests in a hook has variables that lead to the repository of the hook.
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    for day, words in enumerate(("Write the book", "Say more <of> 1010 & its “fog”")):
        article.write_bytes(article.read_bytes() + b"\n" * day)
        when = f"{int(START.timestamp()) + day * 86_400} +0200"
        for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", words]):
            subprocess.run(
                ["git", "-C", str(content), "-c", "core.autocrlf=false", *command],  # noqa: S607 - of this machine
                env={
                    **own,
                    "GIT_CONFIG_GLOBAL": os.devnull,
                    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "codebook"),
                    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "-"),
                    **dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), when),
                },
                check=True,
            )
    history = git.history(content)
    assert history is not None
    book = published(whole(read(content, "content")), BASES[0])
    found = taken(feed(book, history))
    assert [(each.title, each.updated) for each in found.entries] == [
        ("Say more <of> 1010 & its “fog”", "2026-02-04T04:05:06+00:00"),
        ("Write the book", "2026-02-03T04:05:06+00:00"),
    ]
    modified = mapped(sitemap(book, history))
    for address in ("signals/1010/", "signals/1xxx/", "guides/in-or-out/"):
        assert modified.pop(BASES[0] + address) == "2026-02-04T04:05:06+00:00"
    assert set(modified.values()) == {"2026-02-03T04:05:06+00:00"}


# --- the search ------------------------------------------------------------------------------

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
PARAMETER = re.compile(r"\{([A-Za-z]+)(\??)\}")
OCCURRENCES: Mapping[str, tuple[int, int | None, int | None]] = {
    "ShortName": (1, 1, 16),
    "Description": (1, 1, 1024),
    "Url": (1, None, None),
    "Contact": (0, 1, None),
    "Tags": (0, 1, 256),
    "LongName": (0, 1, 48),
    "Image": (0, None, None),
    "Query": (0, None, None),
    "Developer": (0, 1, 64),
    "Attribution": (0, 1, 256),
    "SyndicationRight": (0, 1, None),
    "AdultContent": (0, 1, None),
    "Language": (0, None, None),
    "InputEncoding": (0, None, None),
    "OutputEncoding": (0, None, None),
}
"""How often each element may be there, and how many characters it may have."""


def described(data: bytes) -> ET.Element:
    """A description of a search that keeps the rules of OpenSearch 1.1, Draft 6."""
    root = ET.fromstring(data)  # noqa: S314 - our own bytes
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    names = [child.tag.removeprefix(OPENSEARCH) for child in root]
    assert set(names) <= set(OCCURRENCES)
    for name, (least, most, characters) in OCCURRENCES.items():
        assert least <= names.count(name) <= (most or len(names)), name
        for element in root.iter(f"{OPENSEARCH}{name}"):
            assert len(element) == 0
            assert len(element.text or "") <= (characters or 2048), name
    for url in root.iter(f"{OPENSEARCH}Url"):
        assert set(url.attrib) <= {"template", "type", "rel", "indexOffset", "pageOffset"}
        assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", url.attrib["type"])
        assert url.get("rel", "results") in {"results", "suggestions", "self", "collection"}
        assert urlsplit(url.attrib["template"]).scheme == "https"
        parameters = PARAMETER.findall(url.attrib["template"])
        assert {name for name, _ in parameters} <= {"searchTerms", "count", "startIndex"}
        assert url.attrib["template"].count("{") == len(parameters)
    for query in root.iter(f"{OPENSEARCH}Query"):
        assert query.attrib["role"] in {"request", "example", "related"}
    return root


def asked(root: ET.Element, words: str, kind: str = "text/html") -> Iterator[str]:
    """The addresses of results of a kind, as a client would ask for them."""
    for url in root.iter(f"{OPENSEARCH}Url"):
        if url.get("rel", "results") == "results" and url.attrib["type"] == kind:
            yield url.attrib["template"].replace("{searchTerms}", quote_plus(words))


def test_a_client_finds_the_search(book: Book, pages: frozenset[str]) -> None:
    """It asks the page of all codes, with what is looked for as the page's own search sends it."""
    root = described(opensearch(book, addresses.ICON))
    (address,) = asked(root, 'not "found" & 100 % é')
    parts = urlsplit(address)
    page = f"{parts.scheme}://{parts.netloc}{parts.path}".removeprefix(book.settings.url)
    assert page in pages
    assert page == "status/"
    assert parse_qs(parts.query) == {"q": ['not "found" & 100 % é']}
    texts = {child.tag.removeprefix(OPENSEARCH): child.text for child in root}
    assert texts["ShortName"] == "HTTP response"
    assert texts["LongName"] == "HTTP response status codes"
    assert texts["Description"] == book.settings.description
    assert (texts["Language"], texts["InputEncoding"]) == ("en", "UTF-8")
    assert texts["Image"] == f"{book.settings.url}favicon.ico"


def test_the_form_of_a_page_asks_the_same_way(book: Book, built: Files) -> None:
    """The address of a search is one, whoever asks."""
    soup = BeautifulSoup(built[PurePosixPath("status/index.html")], "html.parser")
    (form,) = {str(each["action"]) for each in soup.select("form[role=search]")}
    (field,) = {str(each["name"]) for each in soup.select("form[role=search] input[name]")}
    (address,) = asked(described(opensearch(book)), "x")
    assert address == addresses.joined(book.settings.url, "status/", form) + f"?{field}=x"


def test_a_search_says_where_its_description_is(book: Book) -> None:
    """A client that keeps it can look there for a newer one."""
    root = described(opensearch(book))
    own = [url for url in root.iter(f"{OPENSEARCH}Url") if url.get("rel") == "self"]
    assert [(url.get("type"), url.get("template")) for url in own] == [
        ("application/opensearchdescription+xml", f"{book.settings.url}opensearch.xml")
    ]


def test_a_search_gives_an_example_that_finds_something(small: Book) -> None:
    """A client may try with it whether the search works; without an icon there is no picture."""
    root = described(opensearch(published(small, BASES[0])))
    (query,) = root.iter(f"{OPENSEARCH}Query")
    assert (query.get("role"), query.get("searchTerms")) == ("example", "1010")
    assert list(asked(root, "x")) == [f"{BASES[0]}signals/?q=x"]
    assert not list(root.iter(f"{OPENSEARCH}Image"))


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Codes", "Codes"),
        ("Sixteen letters!", "Sixteen letters!"),
        ("Sixteen letters !", "Sixteen letters"),
        ("Eisenbahnsignalbuch der Länder", "Eisenbahnsignalb"),
        ("Ein Buch " + "x" * 2000, "Ein Buch"),
        (HOSTILE, "]]></title>"),
    ],
)
def test_names_are_cut_to_what_is_allowed(small: Book, title: str, short: str) -> None:
    """Between words, where that leaves any."""
    book = published(replace(small, title=title), BASES[0], description="")
    root = described(opensearch(book))
    assert root.findtext(f"{OPENSEARCH}ShortName") == short
    assert (root.findtext(f"{OPENSEARCH}LongName") or "").startswith(short)


# --- the notices -----------------------------------------------------------------------------


def test_robots_may_read_everything_and_are_told_of_the_map(book: Book) -> None:
    """As Python's own reader of such files understands it."""
    parser = RobotFileParser()
    parser.parse(robots(book).decode("ascii").splitlines())
    assert parser.site_maps() == [f"{book.settings.url}sitemap.xml"]
    for address in ("", "status/404/", "api/v1/index.json", "status/?q=x"):
        assert parser.can_fetch("AnyBot/1.0", book.settings.url + address)


def secured(**settings: Any) -> Security:  # noqa: ANN401 - of any kind
    """Whom to tell, until half a year from today."""
    expires = datetime.now(UTC).date() + timedelta(days=180)
    said = Security(("https://codes.example/tell/", "mailto:tell@codes.example"), expires, "")
    return replace(said, **settings)


def test_a_reader_of_security_notices_accepts_ours(book: Book) -> None:
    """The contacts in their order, a day that is not too far away, and where it is."""
    said = secured(policy="https://codes.example/policy/")
    data = security(replace(book, settings=replace(book.settings, security=said)))
    assert data is not None
    own = book.settings.url + addresses.SECURITY
    found = sectxt.Parser(data, urls=own)
    assert found.errors == []
    # A signature and a key are for a person to add, not for a build.
    assert {each["code"] for each in found.recommendations} <= {"not_signed", "no_encryption"}
    assert found.notifications == []
    assert [(line["field_name"], line["value"]) for line in found.lines if line["value"]] == [
        ("contact", "https://codes.example/tell/"),
        ("contact", "mailto:tell@codes.example"),
        ("expires", f"{said.expires.isoformat()}T00:00:00Z"),
        ("preferred-languages", "en"),
        ("canonical", own),
        ("policy", "https://codes.example/policy/"),
    ]


def test_what_the_settings_do_not_say_is_not_said(plain: Book) -> None:
    """No notice without settings, no policy without an address, nothing that is not https."""
    assert security(published(plain, BASES[0])) is None
    data = security(published(plain, "http://codes.example/", security=secured()))
    assert data is not None
    assert sectxt.Parser(data).errors == []
    assert b"Policy" not in data
    assert b"Canonical" not in data


def test_a_notice_that_expired_is_found_to_be_so(plain: Book) -> None:
    """The reader looks at the day; it begins at midnight, in UTC."""
    said = secured(expires=date(2020, 2, 29))
    data = security(published(plain, BASES[0], security=said))
    assert data is not None
    assert b"\nExpires: 2020-02-29T00:00:00Z\n" in data
    assert [each["code"] for each in sectxt.Parser(data).errors] == ["expired"]


# --- what all of them promise ----------------------------------------------------------------

MAKERS: Sequence[Callable[[Book], bytes | None]] = (
    lambda book: sitemap(book, everything(book)),
    lambda book: feed(book, everything(book)),
    opensearch,
    robots,
    security,
)
EACH = pytest.mark.parametrize(
    "make", MAKERS, ids=["sitemap", "feed", "opensearch", "robots", "security"]
)


@EACH
def test_every_address_below_the_site_leads_somewhere(
    book: Book, pages: frozenset[str], make: Callable[[Book], bytes | None]
) -> None:
    """To a page, or to one of these files; neither to the error page nor to what leads on."""
    data = make(published(book, book.settings.url, security=secured()))
    assert data is not None
    text = data.decode()
    found = set(re.findall(re.escape(book.settings.url) + r"([^\s\"<]*)", text))
    shown = {address.removesuffix("?q={searchTerms}") for address in found} - {"tell/"}
    assert shown
    assert shown <= pages | OWN
    assert not shown & {each.address for each in book.redirects}
    assert addresses.ERROR_PAGE not in text


@EACH
def test_files_are_text_that_ends_with_a_line(
    small: Book, make: Callable[[Book], bytes | None]
) -> None:
    """The same bytes each time, whatever the title holds; XML says that it is."""
    book = published(replace(small, title=HOSTILE), BASES[0], security=secured())
    data = make(book)
    assert data is not None
    assert data == make(book)
    assert data.decode().endswith("\n")
    assert b"\r" not in data
    if data.startswith(b"<"):
        assert data.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n")
        ET.fromstring(data)  # noqa: S314 - our own bytes
