"""Which status codes clients turn into errors."""

from __future__ import annotations

from collections.abc import Iterator

from lab.scenario import (
    FINAL,
    OK,
    START,
    Close,
    Record,
    Request,
    Scenario,
    response,
)

_TABLE = "clients-errors"
_CODES = {
    "400": ("Bad Request", "RFC 9110, Section 15.5.1"),
    "403": ("Forbidden", "RFC 9110, Section 15.5.4"),
    "404": ("Not Found", "RFC 9110, Section 15.5.5"),
    "409": ("Conflict", "RFC 9110, Section 15.5.10"),
    "410": ("Gone", "RFC 9110, Section 15.5.11"),
    "416": ("Range Not Satisfiable", "RFC 9110, Section 15.5.17"),
    "422": ("Unprocessable Content", "RFC 9110, Section 15.5.21"),
    "429": ("Too Many Requests", "RFC 6585, Section 4"),
    "500": ("Internal Server Error", "RFC 9110, Section 15.6.1"),
    "503": ("Service Unavailable", "RFC 9110, Section 15.6.4"),
}
_RETRIES = 8.0
"""Seconds, because some clients retry a few times before they raise an error."""


def scenarios() -> Iterator[Scenario]:
    """All questions about errors."""
    for code, (phrase, section) in _CODES.items():
        yield Scenario(
            id=f"error-{code}",
            table=_TABLE,
            group="GET",
            code=code,
            section=section,
            why="Decides whether code that handles only exceptions notices the error.",
            expected=(),
            request=Request(),
            steps={START: ((response(f"{code} {phrase}", body="error"),),)},
            judge=_raised,
            limit=_RETRIES,
        )
    yield Scenario(
        id="partial-without-range",
        table=_TABLE,
        group="GET without Range",
        code="206",
        section="RFC 9110, Section 15.3.7",
        why="A part of the content can pass for the whole.",
        expected=(),
        request=Request(),
        steps={
            START: ((response("206 Partial Content", "Content-Range: bytes 0-4/10", body=FINAL),),),
        },
        judge=_raised,
    )
    yield Scenario(
        id="expectation-failed",
        table=_TABLE,
        group="POST with Expect: 100-continue",
        code="417",
        section="RFC 9110, Section 10.1.1",
        why="Shows which clients repeat the request without the expectation.",
        expected=("repeats",),
        request=Request("POST", headers=("Expect: 100-continue",)),
        steps={
            START: ((response("417 Expectation Failed", "Connection: close"), Close), (OK,)),
        },
        judge=_expected,
        needs=frozenset({"expect"}),
    )


def _raised(record: Record) -> str:
    return {"returned": "returns", "raised": "raises"}.get(record.report.kind, "timeout")


def _expected(record: Record) -> str:
    if record.seen and "expect" not in record.seen[0].headers:
        return "not-sent"
    if any("expect" not in seen.headers for seen in record.seen):
        return "repeats"
    return _raised(record)
