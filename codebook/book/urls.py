"""The URLs of pages and files, and links between them.

URLs are relative to the root of the site: empty for the home page, otherwise with a trailing slash,
and optionally with an anchor. Links between pages are relative, so a site works under any base
path.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from hashlib import blake2b
from itertools import filterfalse
from pathlib import PurePosixPath

HOME = ""
ERROR_PAGE = "404.html"
"""The file that static hosts serve for URLs that don't exist, at any depth."""
GUIDES = "guides/"
"""The page of all guides."""
TABLES = "tables/"
"""The page of all tables."""

SITEMAP = "sitemap.xml"
FEED = "feed.xml"
OPENSEARCH = "opensearch.xml"
ROBOTS = "robots.txt"
SECURITY = ".well-known/security.txt"
LLMS = "llms.txt"
LLMS_FULL = "llms-full.txt"
API = "api/v1"
"""The folder of the JSON API. URLs and keys may be added, but never change."""
API_INDEX = f"{API}/index.json"
OPENAPI = f"{API}/openapi.json"

SEARCH = "search.json"
"""The search index. Its name has no hash, because every change would affect all pages."""
CONSTANTS = "constants.json"
"""The constants that search finds; most queries don't need them."""
MANIFEST = "site.webmanifest"
ICON = "favicon.ico"


ASSETS = "assets"
"""The folder of files with a content hash in their names."""
CONTENT_HASH_LENGTH = 10
_HASHED_ASSET = re.compile(
    rf"{ASSETS}/(?P<start>.+)\.(?P<hash>[0-9a-f]{{{CONTENT_HASH_LENGTH}}})(?P<suffix>(?:\.\w+)?)"
)
CARDS = "cards"


def card(url: str) -> str:
    """The image for link previews of a page."""
    return f"{CARDS}/{url.strip('/') or 'home'}.png"


def codes(codes_path: str) -> str:
    """The page of all codes. `codes_path` is the first path segment of the URLs of codes."""
    return f"{codes_path}/"


def code(codes_path: str, number: int) -> str:
    """The page of one code."""
    return f"{codes_path}/{number}/"


def code_class(codes_path: str, label: str) -> str:
    """The page of one class."""
    return f"{codes_path}/{label}/"


def guide(slug: str) -> str:
    """The page of one guide."""
    return f"{GUIDES}{slug}/"


def table(slug: str) -> str:
    """The page of one table."""
    return f"{TABLES}{slug}/"


def short_url(number: int) -> str:
    """The short URL of a code, which redirects to its page."""
    return f"{number}/"


def name_url(codes_path: str, slug: str) -> str:
    """A URL with a name of a code, which redirects to its page."""
    return f"{codes_path}/{slug}/"


@cache
def slug(name: str) -> str:
    """Convert a name to a path segment; empty if it has no usable characters."""
    plain = unicodedata.normalize("NFKD", name.casefold()).replace("'", "").replace("’", "")
    return "-".join(re.findall(r"[a-z0-9]+", "".join(filterfalse(unicodedata.combining, plain))))


def markdown_url(url: str) -> str:
    """The Markdown version of a page."""
    return f"{url}index.md"


def code_json(codes_path: str, number: int) -> str:
    """The record of a code."""
    return f"{API}/{codes_path}/{number}.json"


def class_json(label: str) -> str:
    """The record of a class."""
    return f"{API}/classes/{label}.json"


def table_json(slug: str) -> str:
    """The record of a table."""
    return f"{API}/tables/{slug}.json"


def table_csv(slug: str) -> str:
    """The rows of a table as CSV."""
    return f"{API}/tables/{slug}.csv"


def schema(name: str) -> str:
    """The JSON Schema of a type of record."""
    return f"{API}/schemas/{name}.json"


def asset(name: str) -> str:
    """An asset, by its name with the hash."""
    return f"{ASSETS}/{name}"


def content_hash(data: bytes) -> str:
    """The hash in the name of an asset with this content."""
    return blake2b(data, digest_size=CONTENT_HASH_LENGTH // 2).hexdigest()


def split_asset(url: str) -> tuple[str, str]:
    """The name of an asset without its hash, and the hash; both empty for any other file."""
    match = _HASHED_ASSET.fullmatch(url)
    return (f"{match['start']}{match['suffix']}", match["hash"]) if match else ("", "")


@cache
def output_path(url: str) -> PurePosixPath:
    """Return the file that a host serves for a URL."""
    is_page = not url or url.endswith("/")
    return PurePosixPath(url, "index.html") if is_page else PurePosixPath(url)


def relative(page_url: str, url: str) -> str:
    """Return the relative link from a page to a URL."""
    page, mark, anchor = url.partition("#")
    if page == page_url and mark:
        return f"#{anchor}"
    folder, up = page_url[: page_url.rfind("/") + 1], ""
    while not page.startswith(folder):
        folder, up = folder[: folder.rfind("/", 0, -1) + 1], f"../{up}"
    link = up + page[len(folder) :]
    return (link or "./") + mark + anchor


def resolve(base_url: str, page_url: str, link: str) -> str:
    """Return the absolute URL of a relative link on a page."""
    if link.startswith("#"):
        return base_url + page_url + link
    folder = page_url[: page_url.rfind("/") + 1]
    while link.startswith("../"):
        folder, link = folder[: folder.rfind("/", 0, -1) + 1], link.removeprefix("../")
    return base_url + folder + link.removeprefix("./")


def sibling(page_url: str) -> str:
    """Return the URL of another page next to this one.

    Both write the same links to all pages but themselves.
    """
    return f"{page_url[: page_url.rfind('/', 0, -1) + 1]}-/"


def absolute_or_relative(base_url: str, file_url: str, url: str) -> str:
    """Return the link from a file to a URL, for files that can be copied elsewhere.

    The link is absolute if the base URL is known, otherwise relative to the file.
    """
    return base_url + url if base_url else relative(file_url, url)
