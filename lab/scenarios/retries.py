"""Which responses make clients send a request again, and whether they wait as told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lab.scenario import (
    IN_3_SECONDS,
    NEXT,
    NEXT_OK,
    OK,
    START,
    Close,
    Record,
    Request,
    Scenario,
    response,
)

_TABLE = "clients-retries"
_CODES = {
    "408": ("Request Timeout", "RFC 9110, Section 15.5.9"),
    "421": ("Misdirected Request", "RFC 9110, Section 15.5.20"),
    "425": ("Too Early", "RFC 8470, Section 5.2"),
    "429": ("Too Many Requests", "RFC 6585, Section 4"),
    "500": ("Internal Server Error", "RFC 9110, Section 15.6.1"),
    "502": ("Bad Gateway", "RFC 9110, Section 15.6.3"),
    "503": ("Service Unavailable", "RFC 9110, Section 15.6.4"),
    "504": ("Gateway Timeout", "RFC 9110, Section 15.6.5"),
}
_RETRY_AFTER = "RFC 9110, Section 10.2.3"
_NOT_IDEMPOTENT = "RFC 9110, Section 9.2.2"
_SECONDS = 2.0
_DATE_SECONDS = 1.8
"""A date 3 seconds later has no fractions, so it can be 2 seconds away."""
_LIMIT = 5.0


def scenarios() -> Iterator[Scenario]:
    """All questions about retries."""
    for code, (phrase, section) in _CODES.items():
        first = response(f"{code} {phrase}")
        yield _scenario(f"retry-{code}", "GET", code, section, Request(), first, _retried)
    for code in ("408", "425", "429", "503"):
        first = response(f"{code} {_CODES[code][0]}")
        post = Request("POST")
        yield _scenario(f"retry-{code}-post", "POST", code, _NOT_IDEMPOTENT, post, first, _retried)
    for code in ("429", "503"):
        for name, group, value, wait in (
            ("seconds", "GET, Retry-After in seconds", "2", _SECONDS),
            ("date", "GET, Retry-After as a date", IN_3_SECONDS, _DATE_SECONDS),
        ):
            first = response(f"{code} {_CODES[code][0]}", f"Retry-After: {value}")
            judge = _waited(wait)
            yield _scenario(
                f"retry-{code}-{name}", group, code, _RETRY_AFTER, Request(), first, judge
            )
    late = response("408 Request Timeout", "Connection: close")
    yield Scenario(
        id="timeout-while-idle",
        table=_TABLE,
        group="Sent on an idle connection",
        code="408",
        section="RFC 9112, Section 9.2",
        why="Servers send a 408 when they close an idle connection, which is no response.",
        expected=("own",),
        request=Request(),
        steps={START: ((OK, 0.1, late, Close),), NEXT: ((NEXT_OK,),)},
        judge=_own,
        after=Request(step=NEXT),
        pause=0.3,
        needs=frozenset({"reuse"}),
    )


def _scenario(  # noqa: PLR0913, PLR0917 - the parts of a scenario
    name: str,
    group: str,
    code: str,
    section: str,
    request: Request,
    first: bytes,
    judge: Callable[[Record], str],
) -> Scenario:
    return Scenario(
        id=name,
        table=_TABLE,
        group=group,
        code=code,
        section=section,
        why="A request that is repeated automatically can load the server, or act twice.",
        expected=("once",) if request.method == "POST" and code in {"429", "503"} else (),
        request=request,
        steps={START: ((first,), (OK,))},
        judge=judge,
        limit=_LIMIT,
    )


def _retried(record: Record) -> str:
    if len(record.seen) > 1:
        return "retries"
    return "timeout" if record.report.kind == "timeout" else "once"


def _waited(seconds: float) -> Callable[[Record], str]:
    def judge(record: Record) -> str:
        if len(record.seen) > 1:
            waited = record.seen[1].time - record.seen[0].time
            return "waits" if waited >= seconds else "early"
        return _retried(record)

    return judge


def _own(record: Record) -> str:
    after = record.after
    if after is None or after.kind == "timeout":
        return "timeout"
    if after.kind == "returned" and after.text == NEXT:
        return "own"
    return "mixed-up" if after.status else "error"
