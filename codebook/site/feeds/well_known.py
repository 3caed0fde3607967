"""What a site tells whoever looks for it by name: robots.txt and security.txt.

The book must know its public address. Robots ask for these files at the root of a host alone, so
below a path they are there for those who know the way.
"""

from __future__ import annotations

from codebook.book import urls
from codebook.book.book import Book


def robots(book: Book) -> bytes:
    """That nobody is kept out, and where the list of pages is: RFC 9309."""
    sitemap = book.settings.url + urls.SITEMAP
    return f"User-agent: *\nDisallow:\n\nSitemap: {sitemap}\n".encode()


def security(book: Book) -> bytes | None:
    """Whom to tell of a weakness of the site: RFC 9116. None where the settings do not say it."""
    settings = book.settings
    if settings.security is None:
        return None
    own = settings.url + urls.SECURITY
    fields = (
        *(("Contact", contact) for contact in settings.security.contacts),
        ("Expires", f"{settings.security.expires.isoformat()}T00:00:00Z"),
        ("Preferred-Languages", settings.language),
        # No web address in this file may begin otherwise.
        ("Canonical", own if own.startswith("https:") else ""),
        ("Policy", settings.security.policy),
    )
    return "".join(f"{name}: {value}\n" for name, value in fields if value).encode()
