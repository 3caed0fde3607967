"""The workflows are valid, have few permissions, and use only reviewed actions."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("check", "pages", "preview")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*"))
CHECK, PAGES, PREVIEW = (ROOT / ".github/workflows" / f"{name}.yml" for name in NAMES)
CHECK_JSONSCHEMA = (sys.executable, "-m", "check_jsonschema")
ZIZMOR = (Path(sys.executable).parent / "zizmor",)
ACTIONS = {
    "actions/checkout": ("3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1"),
    "actions/setup-python": ("5fda3b95a4ea91299a34e894583c3862153e4b97", "v7.0.0"),
    "actions/upload-pages-artifact": ("fc324d3547104276b827a68afc52ff2a11cc49c9", "v5.0.0"),
    "actions/upload-artifact": ("bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", "v7.0.0"),
    "actions/deploy-pages": ("cd2ce8fcbc39b97be8ca5fce6e763baed58fa128", "v5.0.0"),
}
"""Every action that may be used, by the commit that was read."""
RIGHTS = {
    ("check.yml", "check"): None,
    ("preview.yml", "site"): None,
    ("pages.yml", "build"): {"contents": "read", "pages": "read"},
    ("pages.yml", "deploy"): {"pages": "write", "id-token": "write"},
}
"""What each job may do, beside what its whole workflow may."""

Workflow = Mapping[str, Any]

every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def read(path: Path) -> Workflow:
    """A workflow, parsed."""
    workflow: Workflow = YAML(typ="safe").load(path)
    return workflow


def steps(path: Path) -> Iterator[Mapping[str, Any]]:
    """Every step of every job."""
    for job in read(path)["jobs"].values():
        yield from job["steps"]


def step(path: Path, action: str) -> Mapping[str, Any]:
    """The inputs of the only step that uses an action."""
    (match,) = (step for step in steps(path) if step.get("uses", "").startswith(f"{action}@"))
    settings: Mapping[str, Any] = match.get("with", {})
    return settings


def run_checker(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """The result of a checker with all its output."""
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )


def test_these_are_all_workflows() -> None:
    """The tests below cover all of them."""
    assert WORKFLOWS == [CHECK, PAGES, PREVIEW]


@pytest.mark.slow
def test_the_workflows_are_valid() -> None:
    """They match the published schema."""
    schema = ("--builtin-schema", "vendor.github-workflows")
    verdict = run_checker(*CHECK_JSONSCHEMA, *schema, *WORKFLOWS)
    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.slow
def test_the_workflows_have_no_known_vulnerability() -> None:
    """No injection, no leftover credentials, and no excessive permission is found."""
    options = ("--offline", "--no-progress", "--strict-collection", "--persona", "pedantic")
    verdict = run_checker(*ZIZMOR, *options, *WORKFLOWS)
    assert verdict.returncode == 0, verdict.stdout


@every_workflow
def test_every_action_is_pinned_to_a_reviewed_commit(path: Path) -> None:
    """Tags can be moved. The version in the comment is for people."""
    lines = re.findall(r"uses: *(.*)", path.read_text(encoding="utf-8"))
    assert len(lines) == len([step for step in steps(path) if "uses" in step]) > 0
    for line in lines:
        match = re.fullmatch(r"(\S+)@([0-9a-f]{40}) # (v[0-9.]+)", line)
        assert match, line
        assert ACTIONS[match[1]] == match.group(2, 3)


def test_every_allowed_action_is_used() -> None:
    """The list has no unused action."""
    used = {
        step["uses"].split("@")[0] for path in WORKFLOWS for step in steps(path) if "uses" in step
    }
    assert used == set(ACTIONS)


@every_workflow
def test_no_script_contains_an_expression(path: Path) -> None:
    """Values reach scripts in environment variables, so they can't be run as commands."""
    scripts = [step["run"] for step in steps(path) if "run" in step]
    assert [script for script in scripts if "${{" in script] == []


@every_workflow
def test_a_workflow_has_at_most_read_permission(path: Path) -> None:
    """Jobs request other permissions separately."""
    assert set(read(path)["permissions"].values()) <= {"read"}


@every_workflow
def test_a_job_has_only_needed_permissions_and_a_timeout(path: Path) -> None:
    """Only the job that publishes can write, and it runs no code of the repository."""
    for name, job in read(path)["jobs"].items():
        assert job.get("permissions") == RIGHTS[path.name, name]
        assert 0 < job["timeout-minutes"] <= 60
        if "write" in (job.get("permissions") or {}).values():
            assert [step["uses"].split("@")[0] for step in job["steps"]] == ["actions/deploy-pages"]


@every_workflow
def test_a_checkout_has_the_whole_history_and_leaves_no_credentials(path: Path) -> None:
    """A shallow clone would give all pages the same date."""
    assert step(path, "actions/checkout") == {"fetch-depth": 0, "persist-credentials": False}


def test_the_oldest_and_newest_supported_versions_are_tested() -> None:
    """All checks run on both versions of Python."""
    check = read(CHECK)
    assert {"pull_request", "push"} <= set(check["on"])
    assert check["jobs"]["check"]["strategy"]["matrix"] == {"python": ["3.11", "3.14"]}
    runs = [step["run"] for step in steps(CHECK) if "run" in step]
    assert runs == ["make test", "make audit"]


def test_the_complete_site_is_published() -> None:
    """The hidden folder of the site is included."""
    settings = step(PAGES, "actions/upload-pages-artifact")
    assert settings == {"path": "site", "include-hidden-files": True}
    assert {"push", "workflow_dispatch"} == set(read(PAGES)["on"])


def test_the_site_of_a_pull_request_can_be_previewed() -> None:
    """It's complete, and built for the URL under which reviewers serve it."""
    settings = step(PREVIEW, "actions/upload-artifact")
    assert settings == {
        "name": "site",
        "path": "site",
        "include-hidden-files": True,
        "if-no-files-found": "error",
        "retention-days": 14,
    }
    assert [step["run"] for step in steps(PREVIEW) if "run" in step] == [
        'make site ARGS="--url http://127.0.0.1:8000/"',
        "rm site/.gitignore",
    ]


def test_pull_requests_are_built_without_secrets() -> None:
    """With `pull_request_target` or a token in a step, they could write to the repository."""
    for path in (CHECK, PREVIEW):
        assert set(read(path)["on"]) <= {"pull_request", "push"}
        assert read(path)["permissions"] == {"contents": "read"}
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"secrets|github\.token|GITHUB_TOKEN|GH_TOKEN", text) == []


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with a built site, and with programs that only print their arguments."""
    for name, script in {
        "gh": '[ "$*" = "api repos/me/book/pages --jq .html_url" ] && cat "$ANSWER"',
        "make": 'echo "make $* for $CODEBOOK_URL$GH_TOKEN"',
    }.items():
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
    for name in (".gitignore", ".nojekyll", ".well-known/security.txt"):
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).write_text("", encoding="utf-8")
    return tmp_path


def build(clone: Path) -> subprocess.CompletedProcess[str]:
    """Run the scripts of the build job as GitHub runs them, up to the first that fails."""
    variables = clone / "variables"
    variables.touch()
    output = ""
    for each in steps(PAGES):
        if "run" not in each:
            continue
        lines = variables.read_text(encoding="utf-8").splitlines()
        process = subprocess.run(
            ["/bin/bash", "-e", "-c", each["run"]],
            cwd=clone,
            env={
                "PATH": f"{clone / 'bin'}:/usr/bin:/bin",
                "GITHUB_ENV": str(variables),
                "GITHUB_REPOSITORY": "me/book",
                "ANSWER": "answer",
                **dict(line.split("=", 1) for line in lines),
                **each.get("env", {}),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        output += process.stdout
        if process.returncode:
            break
    return subprocess.CompletedProcess([], process.returncode, output, process.stderr)


def test_the_site_is_built_for_the_url_from_github(clone: Path) -> None:
    """The URL can be a path on github.io or a custom domain. The build doesn't have the token."""
    (clone / "answer").write_text("https://me.github.io/book/\n", encoding="utf-8")
    process = build(clone)
    assert process.returncode == 0, process.stderr
    assert process.stdout == "make site ARGS=--target github for https://me.github.io/book/\n"
    published = {path.name for path in (clone / "site").iterdir()}
    assert published == {".nojekyll", ".well-known"}


def test_nothing_is_built_without_a_url_from_github(clone: Path) -> None:
    """A site for the wrong URL would have broken links."""
    process = build(clone)
    assert process.returncode != 0
    assert "make" not in process.stdout
    assert (clone / "site" / ".gitignore").is_file()
