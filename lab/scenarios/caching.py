"""Which codes caches store, with and without permission."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lab.scenario import FINAL, NOW, START, Record, Request, Scenario, head, response

_PHRASES = {
    "200": "OK",
    "203": "Non-Authoritative Information",
    "204": "No Content",
    "206": "Partial Content",
    "299": "Unassigned",
    "300": "Multiple Choices",
    "301": "Moved Permanently",
    "302": "Found",
    "303": "See Other",
    "307": "Temporary Redirect",
    "308": "Permanent Redirect",
    "400": "Bad Request",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "Not Found",
    "405": "Method Not Allowed",
    "410": "Gone",
    "414": "URI Too Long",
    "421": "Misdirected Request",
    "429": "Too Many Requests",
    "431": "Request Header Fields Too Large",
    "451": "Unavailable For Legal Reasons",
    "499": "Unassigned",
    "500": "Internal Server Error",
    "501": "Not Implemented",
    "503": "Service Unavailable",
}
_HEURISTIC = frozenset(
    {"200", "203", "204", "206", "300", "301", "308", "404", "405", "410", "414", "451", "501"}
)
"""RFC 9110, Section 15.1; 451: RFC 7725, Section 3."""
_NEVER = {"429": "RFC 6585, Section 4", "431": "RFC 6585, Section 5"}
"""Sections that forbid storing."""
_ANY = ("stored", "revalidated", "fetched")
_GROUPS = {
    "max-age": ("explicit", ("Cache-Control: max-age=600",)),
    "Last-Modified": ("heuristic", ("Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT",)),
    "no caching headers": ("nothing", ()),
}
"""The name in the ID and the headers of each group."""
_NEEDED = {
    "206": ("Content-Range: bytes 0-4/10",),
    "401": ('WWW-Authenticate: Lab realm="lab"',),
    "405": ("Allow: HEAD",),
}
"""Headers that the response must have with these codes."""
_RANGE = "Range: bytes=0-4"


def scenarios() -> Iterator[Scenario]:
    """All questions about caching."""
    for group in _GROUPS:
        for code in _PHRASES:
            yield _scenario(group, code)
    yield replace(
        _scenario("max-age", "206"),
        id="cache-partial-206",
        group="max-age, requested without Range after a request with it",
        section="RFC 9111, Section 3.3",
        why="A stored part can pass for the whole.",
        expected=("fetched",),
        after=Request(),
    )


def _scenario(group: str, code: str) -> Scenario:
    name, headers = _GROUPS[group]
    is_partial = code == "206"
    request = Request(headers=(_RANGE,) if is_partial else ())
    return Scenario(
        id=f"cache-{name}-{code}",
        table="clients-caching",
        group=group,
        code=code,
        section=_section(name, code),
        why="A stored response is repeated until it is stale, even if the server has recovered.",
        expected=_allowed(name, code),
        request=request,
        steps={START: ((_response(code, headers),),)},
        judge=_judge,
        after=request,
        needs=frozenset({"cache", "headers"} if is_partial else {"cache"}),
    )


def _section(name: str, code: str) -> str:
    if code in _NEVER:
        return _NEVER[code]
    if name == "explicit":
        return "RFC 9111, Section 3"
    return "RFC 7725, Section 3" if code == "451" else "RFC 9110, Section 15.1"


def _allowed(name: str, code: str) -> tuple[str, ...]:
    """A cache may always choose not to store."""
    if code in _NEVER or (name != "explicit" and code not in _HEURISTIC):
        return ("fetched",)
    return _ANY


def _response(code: str, headers: tuple[str, ...]) -> bytes:
    line = f"{code} {_PHRASES[code]}"
    headers = (f"Date: {NOW}", "Content-Type: text/plain", *headers, *_NEEDED.get(code, ()))
    if code.startswith("3"):
        headers += (f"Location: {{base}}/{FINAL}",)
    return head(line, *headers) if code == "204" else response(line, *headers, body=FINAL)


def _judge(record: Record) -> str:
    reports = (record.report, record.after)
    for kind, outcome in (("timeout", "timeout"), ("raised", "error")):
        if any(report is None or report.kind == kind for report in reports):
            return outcome
    if len(record.seen) == 1:
        return "stored"
    again = record.seen[1].headers
    is_conditional = "if-modified-since" in again or "if-none-match" in again
    return "revalidated" if is_conditional else "fetched"
