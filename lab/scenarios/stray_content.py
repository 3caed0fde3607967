"""What clients do with content where none is allowed, and with the next request after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lab.scenario import (
    NEXT,
    NEXT_OK,
    OK,
    START,
    Record,
    Request,
    Scenario,
    Verbatim,
    head,
)

_TABLE = "clients-stray-content"
_STRAY = b"stray"
_LENGTH = f"Content-Length: {len(_STRAY)}"
_NO_BODY = "RFC 9112, Section 6.3"
_IDLE = 0.4
_CODES = {
    "200": ("OK", "HEAD", _NO_BODY),
    "204": ("No Content", "GET", _NO_BODY),
    "205": ("Reset Content", "GET", "RFC 9110, Section 15.3.6"),
    "304": ("Not Modified", "GET", _NO_BODY),
}


def scenarios() -> Iterator[Scenario]:
    """All questions about content that must not be there."""
    for code, (phrase, method, section) in _CODES.items():
        script = (Verbatim(head(f"{code} {phrase}", _LENGTH) + _STRAY),)
        alone = Scenario(
            id=f"stray-{code}",
            table=_TABLE,
            group="The response itself",
            code=code,
            section=section,
            why="Content that one client ignores, another one delivers.",
            expected=() if code == "205" else ("ignores",),
            request=Request(method),
            steps={START: (script,), NEXT: ((NEXT_OK,),)},
            judge=_itself,
            leaves_bytes=True,
        )
        yield alone
        for name, group, pause in (
            ("next", "The next request, at once", 0.0),
            ("idle", "The next request, 0.4 s later", _IDLE),
        ):
            yield replace(
                alone,
                id=f"stray-{code}-{name}",
                group=group,
                section="RFC 9112, Section 9.2",
                why="Stray bytes can become the beginning of the next response.",
                expected=("own",),
                judge=_next,
                after=Request(step=NEXT),
                pause=pause,
                needs=frozenset({"reuse"}),
            )
    yield Scenario(
        id="reset-without-length",
        table=_TABLE,
        group="Without Content-Length",
        code="205",
        section="RFC 9112, Section 6.3",
        why="A 205 without Content-Length: 0 ends only when the connection does.",
        expected=(),
        request=Request(),
        steps={START: ((head("205 Reset Content"),), (OK,))},
        judge=_itself,
    )


def _itself(record: Record) -> str:
    match record.report.kind:
        case "timeout":
            return "timeout"
        case "raised":
            return "error"
        case _:
            return "delivers" if record.report.text else "ignores"


def _next(record: Record) -> str:
    after = record.after
    if after is None or after.kind == "timeout":
        return "timeout"
    if after.kind == "raised":
        return "error"
    return "own" if after.text == NEXT else "mixed-up"
