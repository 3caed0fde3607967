"""What identifies a request to build a site."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from codebook.build.options import Options
from codebook.io.cache_folder import site_folder
from codebook.io.disk import display_path


def state_folder(options: Options) -> Path:
    """The folder with what is known about the site."""
    return site_folder(options.cache, options.site)


def request_key(options: Options) -> bytes:
    """A key of everything but files that decides what a build writes and prints."""
    folders = (options.content, options.templates, options.site)
    parts = (
        *(str(path.absolute()) for path in folders),
        *map(display_path, folders),
        options.url,
        options.host,
        str(options.strict),
        str(options.shows_all),
        options.report_format,
    )
    return blake2b("\0".join(parts).encode(errors="surrogateescape"), digest_size=16).digest()
