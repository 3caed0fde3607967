"""The address of every page, and how one page names another.

An address is relative to the root of the site: empty for the home page, else ending in a slash,
with an anchor behind it where it leads into a page. Links between pages are relative, so that a
site works under any base path.
"""

from __future__ import annotations

import posixpath
from pathlib import PurePosixPath
from urllib.parse import urljoin

HOME = ""
ERROR_PAGE = "404.html"
"""What static hosts call the page for addresses that nobody has; it is served at any depth."""


SEARCH = "search.json"
"""What the search looks through. Not named by its content: all pages would change with it."""
MANIFEST = "site.webmanifest"
ICON = "favicon.ico"


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


def asset(name: str) -> str:
    """A file that pages need, by its hashed name."""
    return f"assets/{name}"


def output_path(address: str) -> PurePosixPath:
    """The file that a host sends for an address."""
    is_page = not address or address.endswith("/")
    return PurePosixPath(address, "index.html") if is_page else PurePosixPath(address)


def relative(here: str, there: str) -> str:
    """How the page at `here` names the address `there`."""
    page, mark, anchor = there.partition("#")
    if page == here and mark:
        return f"#{anchor}"
    way = posixpath.relpath(f"/{page}", posixpath.dirname(f"/{here}") or "/")
    slash = "/" if page.endswith("/") or not page else ""
    return f"{way}{slash}{mark}{anchor}"


def joined(public: str, here: str, url: str) -> str:
    """The whole address of what the page at `here` names `url`."""
    return urljoin(public + here, url)
