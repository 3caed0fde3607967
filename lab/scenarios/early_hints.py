"""Which browsers use early hints before the final response is there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from lab.early_hints import CONNECTION, FINAL, HINT, HTTP1, HTTP2, PRECONNECT, PRELOAD, serving
from lab.scenario import Record, Request, Scenario

_PROTOCOLS = {HTTP1: "HTTP/1.1", HTTP2: "HTTP/2"}


def scenarios() -> Iterator[Scenario]:
    """All questions about early hints."""
    for protocol, name in _PROTOCOLS.items():
        for relation in (PRELOAD, PRECONNECT):
            yield Scenario(
                id=f"early-hints-{relation}-http{name[5]}",
                table="clients-early-hints",
                group=f"{name}, {relation}",
                code="103",
                section="RFC 8297, Section 2",
                why="Early hints save time only if the browser acts before the final response.",
                # A client may ignore them.
                expected=(),
                request=Request(),
                steps={},
                judge=_used,
                needs=frozenset({"tab"}),
                limit=5.0,
                serve=partial(serving, protocol, relation),
            )


def _used(record: Record) -> str:
    steps = [seen.step for seen in record.seen]
    if FINAL not in steps:
        return "timeout" if record.report.kind == "timeout" else "error"
    hinted = next((place for place, step in enumerate(steps) if step in {HINT, CONNECTION}), None)
    if hinted is None:
        return "ignores"
    return "early" if hinted < steps.index(FINAL) else "late"
