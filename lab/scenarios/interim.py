"""What clients do with interim responses that they didn't ask for."""

from __future__ import annotations

from collections.abc import Iterator

from lab.scenario import FINAL, OK, START, Record, Request, Scenario, Script, head

_TABLE = "clients-interim"
_CODES = {
    "100": ("Continue", "RFC 9110, Section 15.2.1"),
    "101": ("Switching Protocols", "RFC 9110, Section 15.2.2"),
    "102": ("Processing", "RFC 2518, Section 10.1"),
    "103": ("Early Hints", "RFC 8297, Section 2"),
    "199": ("Unassigned", "RFC 9110, Section 15.2"),
}
_PAUSE = 0.2
_MANY = 30
"""More interim responses than a request usually gets; RFC 9110 names no limit."""
_OK_STATUS = 200


def scenarios() -> Iterator[Scenario]:
    """All questions about interim responses."""
    for code, (phrase, section) in _CODES.items():
        early = _interim(code, phrase)
        for name, group, script in (
            ("together", "In one segment with the final response", (early + OK,)),
            ("apart", "0.2 s before the final response", (early, _PAUSE, OK)),
        ):
            yield _scenario(f"interim-{code}-{name}", group, code, section, script)
    for code in ("100", "103"):
        phrase, section = _CODES[code]
        script = (_interim(code, phrase) * _MANY + OK,)
        yield _scenario(f"interim-{code}-many", f"{_MANY} in a row", code, section, script)


def _interim(code: str, phrase: str) -> bytes:
    upgrade = ("Connection: Upgrade", "Upgrade: lab") if code == "101" else ()
    return head(f"{code} {phrase}", *upgrade)


def _scenario(name: str, group: str, code: str, section: str, script: Script) -> Scenario:
    return Scenario(
        id=name,
        table=_TABLE,
        group=group,
        code=code,
        section=section,
        why="A client that stops at the interim response never sees the final one.",
        # An unrequested change of protocols is an error of the server.
        expected=() if code == "101" else ("final",),
        request=Request(),
        steps={START: (script,)},
        judge=_final,
    )


def _final(record: Record) -> str:
    match record.report.kind:
        case "timeout":
            return "timeout"
        case "raised":
            return "error"
        case _:
            # The page of WebKit doesn't know its own status.
            has_status = record.report.status in {None, _OK_STATUS}
            is_final = has_status and record.report.text == FINAL
            return "final" if is_final else "interim"
