"""Which redirects clients follow, with which method and body, and what they send along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from lab.scenario import FINAL, NO_DOCUMENT, OK, START, Record, Request, Scenario, response

METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE")
_PHRASES = {
    "300": "Multiple Choices",
    "301": "Moved Permanently",
    "302": "Found",
    "303": "See Other",
    "304": "Not Modified",
    "305": "Use Proxy",
    "306": "Unused",
    "307": "Temporary Redirect",
    "308": "Permanent Redirect",
    "399": "Unassigned",
}
_SECTIONS = {
    "300": "RFC 9110, Section 15.4.1",
    "301": "RFC 9110, Section 15.4.2",
    "302": "RFC 9110, Section 15.4.3",
    "303": "RFC 9110, Section 15.4.4",
    "304": "RFC 9110, Section 15.4.5",
    "305": "RFC 9110, Section 15.4.6",
    "306": "RFC 9110, Section 15.4.7",
    "307": "RFC 9110, Section 15.4.8",
    "308": "RFC 9110, Section 15.4.9",
    "399": "RFC 9110, Section 15",
}
_NOT_FOLLOWED = ("stop", "error")
_CREDENTIAL_CODES = ("302", "307")
_TARGETS = {"same origin": "{base}", "other port": "{port}", "other host": "{host}"}
_MOST_REDIRECTS = 60
"""More than any client follows; then the chain ends."""


def scenarios() -> Iterator[Scenario]:
    """All questions about redirects."""
    for method in METHODS:
        for code in _PHRASES:
            yield _follow(method, code)
    yield from _defaults()
    yield from _credentials()
    yield _limit()


def _redirect(code: str, target: str) -> bytes:
    return response(f"{code} {_PHRASES[code]}", f"Location: {target}")


def _follow(method: str, code: str) -> Scenario:
    return Scenario(
        id=f"redirect-{code}-{method.lower()}",
        table="clients-redirects",
        group=method,
        code=code,
        section=_SECTIONS[code],
        why=f"Decides what the target of a redirected {method} request receives.",
        expected=_allowed(method, code),
        request=Request(method, follow=True),
        steps={START: ((_redirect(code, f"{{base}}/{FINAL}"),),), FINAL: ((OK,),)},
        judge=_followed,
    )


def _allowed(method: str, code: str) -> tuple[str, ...]:
    """What the section of the code allows; empty if it says nothing about this method."""
    match code:
        case "304" | "305" | "306":
            return ()
        case "303" if method not in {"GET", "HEAD"}:
            return ("get", *_NOT_FOLLOWED)
        case "301" | "302" if method == "POST":
            return ("same", "get", *_NOT_FOLLOWED)
        case _:
            return ("same", *_NOT_FOLLOWED)


def _followed(record: Record) -> str:
    if not (later := record.seen[1:]):
        if record.report == NO_DOCUMENT:
            return "stop"
        return {"returned": "stop", "raised": "error"}.get(record.report.kind, "timeout")
    if later[0].step != FINAL:
        return "repeat"
    if later[0].method == record.request.method:
        # A form encodes the body, so it's compared with what arrived first.
        return "same" if later[0].body == record.seen[0].body else "no-body"
    return later[0].method.lower()


def _defaults() -> Iterator[Scenario]:
    for code in ("301", "302", "303", "307", "308"):
        yield Scenario(
            id=f"default-{code}",
            table="clients-redirects",
            group="GET, default settings",
            code=code,
            section="RFC 9110, Section 15.4",
            why="Shows which clients follow redirects only if you tell them to.",
            expected=(),
            request=Request(),
            steps={START: ((_redirect(code, f"{{base}}/{FINAL}"),),), FINAL: ((OK,),)},
            judge=_followed,
        )


def _credentials() -> Iterator[Scenario]:
    kinds = {
        "Authorization": (Request(headers=("Authorization: Bearer lab",), follow=True), "headers"),
        "credentials": (Request(credentials="user:secret", follow=True), "credentials"),
        "Cookie": (Request(headers=("Cookie: lab=1",), follow=True), "cookie"),
    }
    for kind, (request, need) in kinds.items():
        header = "cookie" if kind == "Cookie" else "authorization"
        for where, target in _TARGETS.items():
            for code in _CREDENTIAL_CODES:
                yield Scenario(
                    id=f"{kind.lower()}-{code}-{where.replace(' ', '-')}",
                    table="clients-redirect-credentials",
                    group=f"{kind}, {where}",
                    code=code,
                    section="RFC 9110, Section 15.4",
                    why="A redirect can hand credentials to another server.",
                    expected=(),
                    request=request,
                    steps={
                        START: ((_redirect(code, f"{target}/{FINAL}"),),),
                        FINAL: ((OK,),),
                    },
                    judge=_kept(header),
                    needs=frozenset({need}),
                )


def _kept(header: str) -> Callable[[Record], str]:
    def judge(record: Record) -> str:
        if record.seen and header not in record.seen[0].headers:
            return "never"
        if not (later := record.seen[1:]):
            return _followed(record)
        return "sent" if header in later[0].headers else "removed"

    return judge


def _limit() -> Scenario:
    # Each URL is another one, because some clients take a redirect to the same URL for a loop.
    hops = (START, *(f"hop-{number}" for number in range(1, _MOST_REDIRECTS)), FINAL)
    redirects = {hop: ((_redirect("302", f"{{base}}/{to}"),),) for hop, to in pairwise(hops)}
    return Scenario(
        id="redirect-limit",
        table="clients-redirects",
        group="Redirects in a row",
        code="302",
        section="RFC 9110, Section 15.4",
        why="A longer chain of redirects doesn't reach its target.",
        expected=(),
        request=Request(follow=True),
        steps={**redirects, FINAL: ((OK,),)},
        judge=_count,
        limit=5.0,
    )


def _count(record: Record) -> str:
    # A client that retries after the last redirect requests the same URLs again.
    steps = {seen.step for seen in record.seen}
    return "no-limit" if FINAL in steps else str(len(steps) - 1)
