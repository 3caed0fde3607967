"""What programs look for by name: robots.txt and security.txt.

The book must know its base URL. Robots ask for these files only at the root of a host; below a path
they are there for those who know the URL.
"""

from __future__ import annotations

from codebook.book import urls
from codebook.book.summary import BookSummary


def robots(book: BookSummary) -> bytes:
    """That every robot is welcome, and where the sitemap is: RFC 9309."""
    sitemap = book.settings.url + urls.SITEMAP
    return f"User-agent: *\nDisallow:\n\nSitemap: {sitemap}\n".encode()


def security(book: BookSummary) -> bytes | None:
    """Whom to tell of a vulnerability of the site: RFC 9116. None where no one is named."""
    settings = book.settings
    if settings.security is None:
        return None
    url = settings.url + urls.SECURITY
    lines = (
        *(("Contact", contact) for contact in settings.security.contacts),
        ("Expires", f"{settings.security.expires.isoformat()}T00:00:00Z"),
        ("Preferred-Languages", settings.language),
        # No web URL in this file may begin otherwise.
        ("Canonical", url if url.startswith("https:") else ""),
        ("Policy", settings.security.policy),
    )
    return "".join(f"{name}: {value}\n" for name, value in lines if value).encode()
