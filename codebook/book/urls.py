"""The address of every page, and how one page names another.

An address is relative to the root of the site: empty for the home page, else ending in a slash,
with an anchor behind it where it leads into a page. Links between pages are relative, so that a
site works under any base path.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import urljoin

HOME = ""
ERROR_PAGE = "404.html"
"""What static hosts call the page for addresses that nobody has; it is served at any depth."""


SITEMAP = "sitemap.xml"
FEED = "feed.xml"
OPENSEARCH = "opensearch.xml"
ROBOTS = "robots.txt"
SECURITY = ".well-known/security.txt"
LLMS = "llms.txt"
LLMS_FULL = "llms-full.txt"
API = "api/v1"
"""What programs read: its addresses and keys never change, only new ones are added."""
API_INDEX = f"{API}/index.json"
OPENAPI = f"{API}/openapi.json"

SEARCH = "search.json"
"""What the search looks through. Not named by its content: all pages would change with it."""
MANIFEST = "site.webmanifest"
ICON = "favicon.ico"


ASSETS = "assets"
"""What pages need, named by its content."""
CARDS = "cards"


def card(address: str) -> str:
    """The picture of the page at an address."""
    return f"{CARDS}/{address.strip('/') or 'home'}.png"


def codes(first: str) -> str:
    """The page of all codes. `first` is the first part of the codes' addresses."""
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
    """What is typed to get to a code; it leads on to the code's page."""
    return f"{number}/"


def name_url(first: str, slug: str) -> str:
    """A name of a code in its place; it leads on to the code's page."""
    return f"{first}/{slug}/"


@cache
def slug(name: str) -> str:
    """A name as a part of an address; empty where nothing of it can be one."""
    plain = unicodedata.normalize("NFKD", name.casefold()).replace("'", "").replace("’", "")
    return "-".join(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not _is_accent(c))))


def _is_accent(character: str) -> bool:
    return unicodedata.combining(character) > 0


def markdown_url(address: str) -> str:
    """The page at an address as Markdown."""
    return f"{address}index.md"


def code_json(first: str, number: int) -> str:
    """Everything about a code, for programs."""
    return f"{API}/{first}/{number}.json"


def class_json(label: str) -> str:
    """Everything about a class, for programs."""
    return f"{API}/classes/{label}.json"


def table_json(slug: str) -> str:
    """A table, for programs."""
    return f"{API}/tables/{slug}.json"


def schema(name: str) -> str:
    """What the records of one kind look like, as JSON Schema."""
    return f"{API}/schemas/{name}.json"


def asset(name: str) -> str:
    """A file that pages need, by its hashed name."""
    return f"{ASSETS}/{name}"


@cache
def output_path(address: str) -> PurePosixPath:
    """The file that a host sends for an address."""
    is_page = not address or address.endswith("/")
    return PurePosixPath(address, "index.html") if is_page else PurePosixPath(address)


@cache
def relative(here: str, there: str) -> str:
    """How the page at `here` names the address `there`."""
    page, mark, anchor = there.partition("#")
    if page == here and mark:
        return f"#{anchor}"
    way = posixpath.relpath(f"/{page}", posixpath.dirname(f"/{here}") or "/")
    slash = "/" if page.endswith("/") or not page else ""
    return f"{way}{slash}{mark}{anchor}"


def resolve(public: str, here: str, url: str) -> str:
    """The whole address of what the page at `here` names `url`."""
    return urljoin(public + here, url)


def absolute_or_relative(public: str, here: str, there: str) -> str:
    """How the file at `here` names the address `there` to whoever may read it elsewhere.

    In full where the public address is known, else relative to the file.
    """
    return public + there if public else relative(here, there)
