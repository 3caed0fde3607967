"""What clients do with codes that they can't know, and with status lines that aren't valid."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lab.scenario import FINAL, START, Record, Request, Scenario, response

_TABLE = "clients-unknown-codes"
_UNASSIGNED = ("299", "399", "499", "599")
_INVALID = ("042", "099", "600", "999", "42", "1000")
_OK_STATUS = 200
_NEEDS = frozenset({"status"})


def scenarios() -> Iterator[Scenario]:
    """All questions about unknown and invalid codes."""
    for code in _UNASSIGNED:
        yield Scenario(
            id=f"unassigned-{code}",
            table=_TABLE,
            group="Unassigned",
            code=code,
            section="RFC 9110, Section 15",
            why="A client must treat an unknown code as the x00 code of its class.",
            expected=("code",) if code < "400" else ("code", "raises"),
            request=Request(),
            steps={START: ((response(f"{code} Unassigned", body=FINAL),),)},
            judge=_reported(int(code)),
            needs=_NEEDS,
        )
    for code in _INVALID:
        yield Scenario(
            id=f"invalid-{code}",
            table=_TABLE,
            group="Invalid",
            code=code,
            section="RFC 9110, Section 15",
            why="A server that sends an invalid code gets different errors from each client.",
            expected=(),
            request=Request(),
            steps={START: ((response(f"{code} Invalid", body=FINAL),),)},
            judge=_reported(int(code)),
            needs=_NEEDS,
        )
    for name, group, line in (
        ("empty-reason", "With an empty reason phrase", "200 "),
        ("no-reason", "Without the space after the code", "200"),
    ):
        yield Scenario(
            id=name,
            table=_TABLE,
            group=group,
            code="200",
            section="RFC 9112, Section 4",
            why="Servers that send no reason phrase must still send the space before it.",
            expected=("code",) if line.endswith(" ") else (),
            request=Request(),
            steps={START: ((response(line, body=FINAL),),)},
            judge=_reported(_OK_STATUS),
            needs=_NEEDS,
        )


def _reported(code: int) -> Callable[[Record], str]:
    def judge(record: Record) -> str:
        match record.report.kind:
            case "timeout":
                return "timeout"
            case "raised":
                return "raises" if record.report.status == code else "error"
            case _:
                return "code" if record.report.status == code else "other-code"

    return judge
