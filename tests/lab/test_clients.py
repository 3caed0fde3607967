"""The list of clients, their adapters, and what they need."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from audit import npm
from lab import install as installer
from lab.clients import ADAPTERS, Client, clients
from lab.install import install

ROOT = Path(__file__).resolve().parents[2]


def debian_client(*packages: str) -> Client:
    """A client that needs nothing but Debian packages."""
    return Client(
        "a client", "python/a_client.py", "defaults", environment="none", packages=packages
    )


@pytest.fixture
def as_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Replaces dpkg-query and apt-get by shell scripts, and pretends that the user is root."""

    def replace(dpkg_query: str, apt_get: str) -> None:
        for name, script in {"dpkg-query": dpkg_query, "apt-get": apt_get}.items():
            path = tmp_path / name
            path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            path.chmod(0o755)

    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(installer, "FOLDER", tmp_path)
    return replace


def test_each_client_has_an_adapter_and_each_adapter_a_client() -> None:
    """An adapter without a client would never run."""
    named = {client.adapter for client in clients().values()}
    assert [name for name in named if not (ADAPTERS / name).is_file()] == []
    adapters = {f"python/{path.name}" for path in ADAPTERS.glob("python/*_client.py")}
    assert len(adapters) > 10
    assert adapters - named == set()


def test_each_python_environment_has_a_lock_file() -> None:
    """Without it, nothing would be installed, and its clients would always be left out."""
    environments = {client.environment for client in clients().values()}
    assert environments >= {"python", "niquests"}
    names = ["lab" if name == "python" else f"lab-{name}" for name in environments]
    assert [name for name in names if not (ROOT / "requirements" / f"{name}.txt").is_file()] == []


def test_a_package_that_cannot_be_installed_leaves_out_only_its_clients(
    as_root: Callable[[str, str], None],
) -> None:
    """apt-get installs all packages or none, so each is then installed alone."""
    as_root("true", 'case "$*" in *missing*) echo no such package >&2; exit 100;; esac')
    chosen = {"good": debian_client("fine"), "bad": debian_client("missing", "fine")}
    assert install(chosen) == {"bad": "no such package"}


def test_installed_packages_are_not_installed_again(as_root: Callable[[str, str], None]) -> None:
    """So the lab also runs offline. A removed package with its configuration isn't installed."""
    as_root(r'printf "one\tinstalled\ntwo\tconfig-files\n"', 'echo "got $*" >&2; exit 1')
    assert install({"one": debian_client("one")}) == {}
    assert install({"two": debian_client("two")}) == {
        "two": "got install --quiet --yes --no-install-recommends two"
    }


@pytest.mark.slow
def test_packages_that_pip_cannot_install_are_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment counts as installed only after pip has succeeded."""
    lock = tmp_path / "lab-own.txt"
    lock.write_text("not a requirement\n", encoding="utf-8")
    monkeypatch.setattr(npm, "LOCKS", tmp_path)
    monkeypatch.setattr(installer, "FOLDER", tmp_path / "lab")
    chosen = {"own": Client("a client", "python/a_client.py", "defaults", environment="own")}
    (reason,) = install(chosen).values()
    assert "not a requirement" in reason
    lock.write_text("", encoding="utf-8")
    assert install(chosen) == {}
