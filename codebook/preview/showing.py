"""What the preview shows at a moment. It is never changed, only replaced as a whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import PurePosixPath

from codebook.preview.overlay import OverlayItem

_MOST = 50
"""Problems that are shown at once: one slip in a template can make thousands."""


@dataclass(frozen=True, slots=True)
class PreviewState:
    """The last good site, and what the newest build says."""

    version: int
    """Of the site. None comes twice, not even after a new start."""
    build: int
    """Of the newest build, which may have failed."""
    files: Mapping[PurePosixPath, bytes] | None = None
    """The site of the last good build; nothing before there was one."""
    base: str = "/"
    """The path that the site is published below: the error page has links that begin with it."""
    sheets: tuple[str, ...] = ()
    """The addresses of the style sheets that are new in this version."""
    is_good: bool = False
    """Whether the newest build made a site."""
    faults: tuple[OverlayItem, ...] = ()
    """What the newest build found, errors first."""
    more: int = 0
    """How many problems are not among them."""


def next_state(
    showing: PreviewState,
    files: Mapping[PurePosixPath, bytes] | None,
    faults: Sequence[OverlayItem],
    base: str = "/",
) -> PreviewState:
    """What is shown after one more build; without files it has failed."""
    ordered = sorted(faults, key=lambda each: each.severity)
    after = replace(
        showing,
        build=showing.build + 1,
        is_good=files is not None,
        faults=tuple(ordered[:_MOST]),
        more=len(ordered[_MOST:]),
    )
    if files is None or files == showing.files:
        return after
    new = files.keys() - showing.files.keys() if showing.files else frozenset[PurePosixPath]()
    sheets = tuple(sorted(f"/{path}" for path in new if path.suffix == ".css"))
    return replace(after, files=files, version=showing.version + 1, sheets=sheets, base=base)


def changed_files(before: PreviewState, after: PreviewState) -> tuple[PurePosixPath, ...]:
    """The files that another build has changed, added or removed."""
    old, new = before.files or {}, after.files or {}
    if old is new:
        return ()
    return tuple(path for path in sorted(old.keys() | new.keys()) if old.get(path) != new.get(path))


def news(showing: PreviewState) -> str:
    """What an open page is told, as JSON on one line."""
    told = {
        "version": str(showing.version),
        "build": str(showing.build),
        "isGood": showing.is_good,
        "hasSite": showing.files is not None,
        "sheets": showing.sheets,
        "faults": [asdict(each) for each in showing.faults],
        "more": showing.more,
    }
    return json.dumps(told)
