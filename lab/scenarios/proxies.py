"""What proxies respond with when the server behind them fails, or sends what it must not send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lab.scenario import (
    FINAL,
    NEXT,
    NEXT_OK,
    OK,
    START,
    Close,
    Record,
    Request,
    Reset,
    Scenario,
    Script,
    head,
    response,
)

_BAD_GATEWAY = "RFC 9110, Section 15.6.3"
_GATEWAY_TIMEOUT = "RFC 9110, Section 15.6.5"
_STATUS_CODES = "RFC 9110, Section 15"
_LENGTH = "RFC 9112, Section 6.3"
_INCOMPLETE = "RFC 9112, Section 8"
_LIMIT = 5.0
"""Longer than the time limits of the proxies, even if they try again."""
_SILENCE = 10.0
_OK_STATUS = 200
_APART = 0.05
_PAUSE = 0.2
"""So that proxies have sent the start of a response when they notice that it's incomplete."""
_HEADER_SIZES = (5, 9, 17, 33, 65, 129)
"""In KiB. Each is just above what is often a buffer size."""
_INTERIM = {
    "100": ("Continue", "RFC 9110, Section 15.2.1"),
    "102": ("Processing", "RFC 9110, Section 15.2"),
    "103": ("Early Hints", "RFC 8297, Section 2"),
    "199": ("Unassigned", "RFC 9110, Section 15.2"),
}
_BODILESS = {
    "204": ("No Content", "RFC 9110, Section 15.3.5"),
    "205": ("Reset Content", "RFC 9110, Section 15.3.6"),
    "304": ("Not Modified", "RFC 9110, Section 15.4.5"),
}
_INVALID_CODES = ("099", "600", "999", "42", "1000")
_LARGE = 250_000
_UNREQUESTED = response("200 OK", body="unrequested")


def scenarios() -> Iterator[Scenario]:
    """All questions about proxies."""
    yield from _failures()
    yield from _incomplete()
    yield from _headers()
    yield from _invalid()
    yield from _interim()
    yield from _bodiless()
    yield from _unusual()
    yield from _retries()
    yield from _unrequested()


def outcome(record: Record) -> str:
    """The status codes that the client received, and how the response ended if it is incomplete."""
    report = record.report
    if report.kind == "timeout":
        return "no response"
    if report.kind == "raised":
        return report.text
    statuses = report.statuses.split()
    has_content = report.text and statuses[-1] in _BODILESS
    return ", ".join(statuses) + (" with content" if has_content else "")


def _scenario(  # noqa: PLR0913 - named, and most have a default
    name: str,
    behavior: str,
    code: str,
    section: str,
    *scripts: Script,
    expected: tuple[str, ...] | None = None,
    request: Request | None = None,
    refuses: bool = False,
    early: bool = False,
) -> Scenario:
    """`behavior` is what the upstream server does; the proxy should respond with `code`."""
    return Scenario(
        id=f"proxy-{name}",
        table="proxies-failures",
        group=behavior,
        code=code,
        section=section,
        why="Behind a proxy, clients see the code that the proxy chooses.",
        expected=(code,) if expected is None else expected,
        request=request or Request(),
        steps={START: scripts},
        judge=outcome,
        needs=frozenset({"proxy"}),
        refuses=refuses,
        early=early,
        limit=_LIMIT,
    )


def _failures() -> Iterator[Scenario]:
    yield _scenario(
        "refuses", "refuses the connection", "502", _BAD_GATEWAY, (Close,), refuses=True
    )
    yield _scenario("silent", "never responds", "504", _GATEWAY_TIMEOUT, (_SILENCE, Close))
    yield _scenario("closes", "closes the connection", "502", _BAD_GATEWAY, (Close,))
    yield _scenario("resets", "resets the connection", "502", _BAD_GATEWAY, (Reset,))
    yield _scenario(
        "partial-headers",
        "closes the connection in the middle of the headers",
        "502",
        _BAD_GATEWAY,
        (b"HTTP/1.1 200 OK\r\nContent-", Close),
    )
    yield _scenario(
        "garbage",
        "sends text instead of a status line",
        "502",
        _BAD_GATEWAY,
        (b"lab\r\n\r\n", Close),
    )


def _incomplete() -> Iterator[Scenario]:
    # The status line may be gone by the time the proxy notices.
    expected = ("502", "200, incomplete")
    start = head("200 OK", "Content-Length: 10") + b"lab"
    yield _scenario(
        "short-content",
        "closes the connection before all of the content is sent",
        "502",
        _INCOMPLETE,
        (start, _PAUSE, Close),
        expected=expected,
    )
    yield _scenario(
        "stalled-content",
        "stops in the middle of the content",
        "504",
        _INCOMPLETE,
        (start, _SILENCE, Close),
        expected=("504", "200, incomplete"),
    )
    chunked = head("200 OK", "Transfer-Encoding: chunked")
    yield _scenario(
        "bad-chunk",
        "sends a chunk with an invalid size",
        "502",
        "RFC 9112, Section 7.1",
        (chunked + b"3\r\nlab\r\n", _PAUSE, b"lab\r\n", Close),
        expected=expected,
    )
    yield _scenario(
        "missing-last-chunk",
        "closes the connection before the last chunk",
        "502",
        _INCOMPLETE,
        (chunked + b"3\r\nlab\r\n", _PAUSE, Close),
        expected=expected,
    )


def _headers() -> Iterator[Scenario]:
    for size in _HEADER_SIZES:
        header = "X-Lab: " + "x" * (size * 1024)
        yield _scenario(
            f"header-{size}k",
            f"sends a header of {size} KiB",
            "502",
            "RFC 9110, Section 5.4",
            (response("200 OK", header, body=FINAL), Close),
            expected=(),
        )
    for name, lengths in (
        ("invalid", ("lab",)),
        ("differing", ("3", "5")),
    ):
        headers = [f"Content-Length: {length}" for length in lengths]
        yield _scenario(
            f"{name}-length",
            f"sends {' and '.join(headers)}",
            "502",
            _LENGTH,
            (head("200 OK", *headers) + b"final", Close),
        )


def _invalid() -> Iterator[Scenario]:
    for code in _INVALID_CODES:
        yield _scenario(
            f"status-{code}",
            f"sends the status code {code}",
            "502",
            _STATUS_CODES,
            (response(f"{code} Invalid", body=FINAL), Close),
        )


def _interim() -> Iterator[Scenario]:
    yield _scenario(
        "status-101",
        "sends 101 without a request to upgrade",
        "502",
        "RFC 9110, Section 7.8",
        (head("101 Switching Protocols", "Connection: Upgrade", "Upgrade: lab"), Close),
    )
    for code, (phrase, section) in _INTERIM.items():
        yield _scenario(
            f"interim-{code}",
            f"sends {code} before the final response",
            "100" if code == "199" else code,  # as clients treat an unknown code
            section,
            (head(f"{code} {phrase}") + OK, Close),
            expected=(),
        )


def _bodiless() -> Iterator[Scenario]:
    for code, (phrase, section) in _BODILESS.items():
        yield _scenario(
            f"content-{code}",
            f"sends {code} with content",
            code,
            section,
            (response(f"{code} {phrase}", body=FINAL), Close),
            expected=() if code == "205" else (code, "502"),
        )


def _unusual() -> Iterator[Scenario]:
    for name, behavior, line in (
        ("no-phrase", "sends a status line without a reason phrase", "200 "),
        ("no-space", "sends a status line that ends after the code", "200"),
    ):
        yield _scenario(
            name,
            behavior,
            "200",
            "RFC 9112, Section 4",
            (response(line, body=FINAL), Close),
            expected=("200",) if line.endswith(" ") else (),
        )
    yield _scenario(
        "early",
        "responds with 413 before the request is complete, and closes the connection",
        "413",
        "RFC 9112, Section 9.5",
        (response("413 Content Too Large", "Connection: close"), 0.1, Close),
        request=Request("POST", copies=_LARGE),
        early=True,
    )


def _retries() -> Iterator[Scenario]:
    for method in ("GET", "POST"):
        for name, end in (("closes", Close), ("resets", Reset)):
            yield _scenario(
                f"retry-{name}-{method.lower()}",
                f"{name} the connection after {method}, and would respond to a second request",
                "502",
                "RFC 9110, Section 9.2.2",
                (end,),
                (OK, Close),
                # Only requests with an idempotent method can be sent again without asking.
                expected=("502", "200") if method == "GET" else ("502",),
                request=Request(method),
            )
    for code in ("408", "503"):
        yield _scenario(
            f"retry-{code}",
            f"sends {code}, and would respond with 200 to a second request",
            code,
            "RFC 9110, Section 9.2.2",
            (response(f"{code} Try Again", "Connection: close"), Close),
            (OK, Close),
            expected=(code, "200"),
        )


def _unrequested() -> Iterator[Scenario]:
    """A response that belongs to no request can reach another client on the same connection."""
    for code, first in (("200", OK), ("204", head("204 No Content"))):
        for suffix, when, script in (
            ("", "in one segment with", (first + _UNREQUESTED,)),
            ("-apart", f"{_APART} s after", (first, _APART, _UNREQUESTED)),
        ):
            one = _scenario(
                f"unrequested-{code}{suffix}",
                f"sends another response {when} {code}, before the next request",
                "502",
                "RFC 9112, Section 9.2",
                script,
                expected=("200", "200 on another connection", "502"),
            )
            yield replace(
                one,
                steps={**one.steps, NEXT: ((NEXT_OK,),)},
                judge=_next,
                after=Request(step=NEXT),
                pause=_PAUSE,
                leaves_bytes=True,
            )


def _next(record: Record) -> str:
    after = record.after
    if after is None or after.kind == "timeout":
        return "no response"
    if after.kind == "raised":
        return after.text
    if after.status == _OK_STATUS and after.text != NEXT:
        return "200 of another request"
    is_reused = len({seen.connection for seen in record.seen}) == 1
    return after.statuses + ("" if is_reused else " on another connection")
