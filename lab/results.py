"""The result file of each client, from which the tables are made."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from lab.clients import LAB, Client
from lab.run import Outcomes

RESULTS = LAB / "results"


class Result(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one client did, and when and where it was measured."""

    client: str
    version: str
    platform: str
    date: date
    settings: str
    runs: Mapping[str, tuple[str, ...]]
    """The outcome of each run of each scenario."""


def result_of(client: Client, outcomes: Outcomes) -> Result:
    """The result of a client that was measured here and now."""
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return Result(
        client=client.name,
        version=outcomes.version,
        platform=f"{system}, {platform.machine()}",
        date=date.today(),  # noqa: DTZ011 - the day on the machine that measures
        settings=client.settings,
        runs=outcomes.runs,
    )


def read(key: str) -> Result | None:
    """The stored result of a client, or None."""
    path = _path(key)
    return msgspec.json.decode(path.read_bytes(), type=Result) if path.is_file() else None


def read_all() -> Mapping[str, Result]:
    """The stored results of all clients."""
    keys = sorted(path.stem for path in RESULTS.glob("*.json"))
    return {key: result for key in keys if (result := read(key))}


def write(key: str, result: Result) -> None:
    """Store the result of a client, instead of an earlier one."""
    RESULTS.mkdir(exist_ok=True)
    encoded = msgspec.json.encode(result, order="deterministic")
    _path(key).write_bytes(msgspec.json.format(encoded, indent=1) + b"\n")


def _path(key: str) -> Path:
    return RESULTS / f"{key}.json"
