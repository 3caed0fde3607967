"""An assertion about many things that names all that fail it."""

from __future__ import annotations

from collections.abc import Iterable


def assert_none(offenders: Iterable[object]) -> None:
    """Fail with the complete list of offenders; pytest shortens a list that is compared."""
    __tracebackhide__ = True
    found = [str(offender) for offender in offenders]
    assert not found, "\n".join([f"{len(found)} offenders", *found])
