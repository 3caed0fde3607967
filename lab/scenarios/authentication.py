"""When clients send credentials, and what they do with a challenge."""

from __future__ import annotations

from collections.abc import Iterator

from lab.scenario import OK, START, Record, Request, Scenario, response

_TABLE = "clients-authentication"
_CODES = {
    "401": ("Unauthorized", "WWW-Authenticate", "RFC 9110, Section 15.5.2"),
    "407": ("Proxy Authentication Required", "Proxy-Authenticate", "RFC 9110, Section 15.5.8"),
}


def scenarios() -> Iterator[Scenario]:
    """All questions about authentication."""
    for code, (phrase, header, section) in _CODES.items():
        challenge = response(f"{code} {phrase}", f'{header}: Basic realm="lab"')
        bare = response(f"{code} {phrase}")
        for name, group, request, first in (
            ("credentials", "With credentials", Request(credentials="user:secret"), challenge),
            ("challenge", "Without credentials", Request(), challenge),
            ("no-challenge", "Without credentials, no challenge", Request(), bare),
        ):
            yield Scenario(
                id=f"authentication-{code}-{name}",
                table=_TABLE,
                group=group,
                code=code,
                section=section,
                why="Shows whether a client needs the challenge, and what it makes of it.",
                expected=(),
                request=request,
                steps={START: ((first,), (OK,))},
                judge=_sent,
                needs=frozenset({"credentials"} if request.credentials else {code}),
            )


def _sent(record: Record) -> str:
    if record.seen and "authorization" in record.seen[0].headers:
        return "at-once"
    for seen in record.seen[1:]:
        if "authorization" in seen.headers:
            return "if-asked"
        if "proxy-authorization" in seen.headers:
            return "to-proxy"
    return {"returned": "returns", "raised": "raises"}.get(record.report.kind, "timeout")
