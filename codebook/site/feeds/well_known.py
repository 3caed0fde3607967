"""Files with well-known names: robots.txt and security.txt.

The book must have a base URL. Crawlers request these files only at the root of a host, so they have
no effect if the site is published under a path.
"""

from __future__ import annotations

from codebook.book import urls
from codebook.book.summary import BookSummary


def robots(book: BookSummary) -> bytes:
    """Allow all crawlers, and point to the sitemap: RFC 9309."""
    sitemap = book.settings.url + urls.SITEMAP
    return f"User-agent: *\nDisallow:\n\nSitemap: {sitemap}\n".encode()


def security(book: BookSummary) -> bytes | None:
    """How to report a vulnerability of the site: RFC 9116. None if the book has no contacts."""
    settings = book.settings
    if settings.security is None:
        return None
    url = settings.url + urls.SECURITY
    lines = (
        *(("Contact", contact) for contact in settings.security.contacts),
        ("Expires", f"{settings.security.expires.isoformat()}T00:00:00Z"),
        ("Preferred-Languages", settings.language),
        # RFC 9116 requires https for web URLs.
        ("Canonical", url if url.startswith("https:") else ""),
        ("Policy", settings.security.policy),
    )
    return "".join(f"{name}: {value}\n" for name, value in lines if value).encode()
