"""Find the document that a file is a copy of, by their names.

Merge and synchronization tools, file managers, and editors make such copies. They can hold work
that isn't in the document, so they are neither ignored nor published.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import PurePosixPath

from codebook.book.layout import CODES, GUIDES, TABLES

_COPY = re.compile(
    r"(?:copy of (?P<of>.+)|(?P<stem>.+?)(?:"
    r"[ _-]*\((?:[0-9]{1,2}|[^()]*(?:copy|conflict)[^()]*)\)"  # browsers, Dropbox, Nextcloud
    r"| (?:- )?copy(?: \(?[0-9]+\)?)?"  # file managers
    r"|\.(?:sync-)?conflict.*|_conflict-.*"  # Syncthing, rclone, Nextcloud
    r"|[._](?:BACKUP|BASE|LOCAL|REMOTE)(?:[._][0-9]+)?"  # merge tools of Git
    r"))",
    re.IGNORECASE,
)
_NUMBER_AND_MORE = re.compile(r"(?P<number>[0-9]+)[^0-9]")
_SLUG_AND_MORE = re.compile(r"(?P<slug>[a-z0-9-]+)[^a-z0-9-]")


def find_original(path: PurePosixPath, files: Collection[PurePosixPath]) -> PurePosixPath | None:
    """Return the document that the file at `path` is a copy of; None if it isn't a copy.

    Usually it's one of `files`. It can be missing if the name alone shows that the file is a copy;
    the names of registers and classes don't.
    """
    match = _COPY.fullmatch(path.stem)
    original = path.with_name((match["of"] or match["stem"]) + path.suffix) if match else path
    if original != path and (original in files or path.parent.name in {CODES, GUIDES, TABLES}):
        return original
    originals = (path.with_name(name) for name in _names(path))
    return next((it for it in originals if it != path and it in files), None)


def _names(path: PurePosixPath) -> list[str]:
    """The possible names of the original, if it exists."""
    stems = []
    # The names of these documents can't continue like this. Those of registers can.
    if path.parent.name == CODES and (match := _NUMBER_AND_MORE.match(path.stem)):
        stems.append(match["number"])
    if path.parent.name in {GUIDES, TABLES} and (match := _SLUG_AND_MORE.match(path.stem)):
        stems.append(match["slug"])
    # Tools also add to the whole name: 11.md.orig, 11.md.rej, 11.md~HEAD.
    ends = [match.end() for match in re.finditer(r"\.(?:md|csv|toml|txt)(?![a-z0-9])", path.name)]
    return [*(stem + path.suffix for stem in stems), *(path.name[:end] for end in ends)]
