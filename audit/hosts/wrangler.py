"""Installs wrangler, Cloudflare's tool for developers, into `.servers/wrangler/`."""

from __future__ import annotations

from pathlib import Path

from audit.install import SERVERS_FOLDER, MissingError
from audit.npm import LOCKS, NpmError, install


def wrangler(folder: Path = SERVERS_FOLDER / "wrangler", locked: Path = LOCKS / "hosts") -> Path:
    """Return the program in its locked version; install it if it's missing.

    Raises MissingError if it can't be installed.
    """
    try:
        return install(folder, locked) / "wrangler" / "bin" / "wrangler.js"
    except NpmError as error:
        raise MissingError(
            f"wrangler can't be installed:\n{error}\nThe audit needs it to test the URLs on the "
            "server that Cloudflare provides to developers. Fix the error above, or test only the "
            "other hosts with --only, then run the audit again."
        ) from None
