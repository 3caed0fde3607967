"""Checks of the scenarios for messages that need no server; `make audit` runs them on real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.effects import EffectError
from audit.install import Program
from audit.scenarios import Symptom, declared, gaps, symptoms, version_errors
from tests.book_files import CONTENT

ERROR_LOG = Symptom(502, "no live upstreams", "nginx", "error log", "1.22")
ACCESS_LOG = Symptom(503, "SC-- … app", "HAProxy", "access log", "")
BODY = Symptom(413, "Too Large", "nginx", "response body", "")
SYMPTOMS = (ERROR_LOG, ACCESS_LOG, BODY)
PROXIES = "[proxies]\nnginx = 'the proxy'\nhaproxy = 'the proxy'\n"


def scenario(symptom: Symptom, server: str, more: str = "") -> str:
    """The declaration of a scenario."""
    message = f'messages = ["{symptom.message}"]'
    return f'[[scenario]]\ncode = {symptom.code}\nserver = "{server}"\n{message}\n{more}\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file for scenarios."""
    return tmp_path / "scenarios.toml"


def test_every_reproduced_message_has_a_scenario() -> None:
    """Remove `reproduced` from the symptom, or add a scenario to audit/scenarios.toml."""
    known = symptoms(CONTENT)
    assert list(gaps(known, declared(known))) == []


def test_a_message_without_a_scenario_is_reported() -> None:
    """Only if it is said to be reproduced."""
    assert list(gaps(SYMPTOMS, [])) == [
        (
            "codes/502.md: nginx: 'no live upstreams' has no scenario: add one to scenarios.toml, "
            "or remove `reproduced`"
        )
    ]


def test_a_scenario_expects_the_message_where_the_article_says(path: Path) -> None:
    """Its parts are in one line, in an access log together with the code, or in the body."""
    declarations = (
        scenario(ERROR_LOG, "nginx"),
        scenario(ACCESS_LOG, "haproxy", 'path = "/x"'),
        scenario(BODY, "nginx", "status = 400\nconfiguration = 'another one'"),
    )
    path.write_text(PROXIES + "".join(declarations), encoding="utf-8")
    in_error_log, in_access_log, in_body = declared(SYMPTOMS, path)
    assert in_error_log.effect.log == ("no live upstreams",)
    assert (in_error_log.effect.status, in_error_log.recipe.text) == (502, "the proxy")
    assert in_access_log.effect.log == ("SC--", "app", " 503 ")
    assert in_access_log.effect.path == "/x"
    assert in_body.effect.body == ("Too Large",)
    assert (in_body.effect.status, in_body.recipe.text) == (400, "another one")


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        (scenario(BODY, "lighttpd"), "server must be one of nginx"),
        (scenario(BODY, "haproxy"), "413.md doesn't list this message of this program"),
        (scenario(BODY, "nginx", "configuration = 1"), "configuration must be of type str"),
        (scenario(BODY, "nginx", "stauts = 1"), "unknown key stauts"),
        (scenario(BODY, "nginx", 'log = ["x"]'), "log follows from the message"),
    ],
)
def test_an_invalid_scenario_is_rejected(path: Path, declaration: str, message: str) -> None:
    """So is one that replaces the message that it has to lead to."""
    path.write_text(PROXIES + declaration, encoding="utf-8")
    with pytest.raises(EffectError, match=message):
        declared(SYMPTOMS, path)


def test_a_version_that_the_audit_does_not_run_is_reported(path: Path) -> None:
    """The patch version doesn't matter."""
    path.write_text(PROXIES + scenario(ERROR_LOG, "nginx"), encoding="utf-8")
    scenarios = declared(SYMPTOMS, path)
    assert list(version_errors(scenarios, {"nginx": Program(path, "1.22.1", {})})) == []
    assert list(version_errors(scenarios, {"nginx": Program(path, "1.27.0", {})})) == [
        (
            "codes/502.md: nginx: 'no live upstreams': write reproduced = \"1.27\", if the "
            "scenario succeeds"
        )
    ]
