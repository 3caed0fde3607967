"""The URL of every page, and how one page names another.

A URL is relative to the root of the site: empty for the home page, else ending in a slash, followed
by an anchor where it leads into a page. Links between pages are relative, so that a site works
under any base path.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from functools import cache
from itertools import filterfalse
from pathlib import PurePosixPath
from urllib.parse import urljoin

HOME = ""
ERROR_PAGE = "404.html"
"""What static hosts call the page for URLs that do not exist; it is served at any depth."""


SITEMAP = "sitemap.xml"
FEED = "feed.xml"
OPENSEARCH = "opensearch.xml"
ROBOTS = "robots.txt"
SECURITY = ".well-known/security.txt"
LLMS = "llms.txt"
LLMS_FULL = "llms-full.txt"
API = "api/v1"
"""What programs read: its URLs and keys never change, only new ones are added."""
API_INDEX = f"{API}/index.json"
OPENAPI = f"{API}/openapi.json"

SEARCH = "search.json"
"""What the search looks through. It has no hash in its name: all pages would change with it."""
MANIFEST = "site.webmanifest"
ICON = "favicon.ico"


ASSETS = "assets"
"""The folder of files that pages need, each with a hash of its content in its name."""
CARDS = "cards"


def card(url: str) -> str:
    """The image for previews of links to a page."""
    return f"{CARDS}/{url.strip('/') or 'home'}.png"


def codes(first: str) -> str:
    """The page of all codes. `first` is the first part of the codes' URLs."""
    return f"{first}/"


def code(first: str, number: int) -> str:
    """The page of one code."""
    return f"{first}/{number}/"


def code_class(first: str, label: str) -> str:
    """The page of one class."""
    return f"{first}/{label}/"


def guide(slug: str) -> str:
    """The page of one guide."""
    return f"guides/{slug}/"


def table(slug: str) -> str:
    """The page of one table."""
    return f"tables/{slug}/"


def short_url(number: int) -> str:
    """The short URL of a code, which redirects to its page."""
    return f"{number}/"


def name_url(first: str, slug: str) -> str:
    """The URL made of a name of a code, which redirects to its page."""
    return f"{first}/{slug}/"


@cache
def slug(name: str) -> str:
    """A name as a part of a URL; empty where nothing of it can be one."""
    plain = unicodedata.normalize("NFKD", name.casefold()).replace("'", "").replace("’", "")
    return "-".join(re.findall(r"[a-z0-9]+", "".join(filterfalse(unicodedata.combining, plain))))


def markdown_url(url: str) -> str:
    """The Markdown version of the page at a URL."""
    return f"{url}index.md"


def code_json(first: str, number: int) -> str:
    """The record of a code."""
    return f"{API}/{first}/{number}.json"


def class_json(label: str) -> str:
    """The record of a class."""
    return f"{API}/classes/{label}.json"


def table_json(slug: str) -> str:
    """The record of a table."""
    return f"{API}/tables/{slug}.json"


def schema(name: str) -> str:
    """The JSON Schema of one kind of record."""
    return f"{API}/schemas/{name}.json"


def asset(name: str) -> str:
    """A file that pages need, by its hashed name."""
    return f"{ASSETS}/{name}"


@cache
def output_path(url: str) -> PurePosixPath:
    """The file that a host sends for a URL."""
    is_page = not url or url.endswith("/")
    return PurePosixPath(url, "index.html") if is_page else PurePosixPath(url)


@cache
def relative(page_url: str, url: str) -> str:
    """How the page at one URL names another URL."""
    page, mark, anchor = url.partition("#")
    if page == page_url and mark:
        return f"#{anchor}"
    path = posixpath.relpath(f"/{page}", posixpath.dirname(f"/{page_url}") or "/")
    slash = "/" if page.endswith("/") or not page else ""
    return f"{path}{slash}{mark}{anchor}"


def resolve(base_url: str, page_url: str, link: str) -> str:
    """The absolute URL of a link on the page at a URL."""
    return urljoin(base_url + page_url, link)


def absolute_or_relative(base_url: str, file_url: str, url: str) -> str:
    """How the file at one URL names another URL, where the file may be read elsewhere.

    It is absolute where the base URL is known, else relative to the file.
    """
    return base_url + url if base_url else relative(file_url, url)
