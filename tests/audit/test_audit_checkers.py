"""The audit's checkers: the Nu HTML checker, Lighthouse, and the command that runs them all."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from hashlib import shake_256
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from audit.pages import lighthouse, nu
from audit.pages.findings import Finding, Report, ToolError
from audit.pages.site import KINDS, Site, kind_of
from audit.pages.tools import decode, require, run_checker

Sites = Callable[..., Site]
Measure = Callable[..., Report]

ROOT = Path(__file__).resolve().parents[2]
PAGE = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Page</title>\n'
    "</head>\n<body>\n<h1>Page</h1>\n{}\n</body>\n</html>\n"
)
NOTHING = nu.Exemption("*.css", "error: CSS: an unknown message", "it was needed once")


@pytest.fixture
def site(tmp_path: Path) -> Sites:
    """A site of these files, and of a home page with this body."""

    def site(files: Mapping[str, str] | None = None, body: str = "") -> Site:
        for name, text in {"index.html": PAGE.format(body), **(files or {})}.items():
            path = tmp_path / "site" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Site.at(tmp_path / "site")

    return site


@pytest.fixture
def measure(monkeypatch: pytest.MonkeyPatch, site: Sites) -> Measure:
    """The findings if Lighthouse prints these outputs, one after the other, for the home page."""

    def measure(*outputs: str) -> Report:
        rest = iter(outputs)
        monkeypatch.setattr(lighthouse, "remote_chromium", lambda: nullcontext(1))
        monkeypatch.setattr(lighthouse, "run_lighthouse", lambda *_: next(rest))
        report = lighthouse.check(site())
        assert list(rest) == []
        others = sum(kind.sample is not None for kind in KINDS) - 1
        assert (
            len([finding for finding in report.findings if "is missing (sample" in finding.message])
            == others
        )
        return replace(
            report,
            findings=tuple(finding for finding in report.findings if finding.file == "index.html"),
        )

    return measure


def scores(*values: float | None, error: str = "", audits: Mapping[str, Any] | None = None) -> str:
    """The output of Lighthouse for a page with these scores."""
    names = dict(zip(lighthouse.CATEGORIES, values, strict=True))
    weights = [{"id": name, "weight": at} for at, name in enumerate(audits or {})]
    report_json: dict[str, Any] = {
        "categories": {
            name: {"score": score, "auditRefs": weights, "title": name}
            for name, score in names.items()
        },
        "audits": {name: {"id": name, **audit} for name, audit in (audits or {}).items()},
        "lighthouseVersion": "1",
    }
    return json.dumps({**report_json, "runtimeError": {"message": error}} if error else report_json)


def noise(size: int) -> str:
    """Letters that don't compress below this many bytes."""
    return b64encode(shake_256(b"noise").digest(size)).decode()


def printed(findings: Sequence[Finding]) -> list[str]:
    """The findings as they are printed."""
    return [str(finding) for finding in findings]


# --- the Nu HTML checker --------------------------------------------------------------------------


@pytest.mark.slow
def test_errors_of_the_nu_html_checker_have_a_position(site: Sites) -> None:
    """Errors in HTML, CSS, and SVG are reported unless exempt, and so are unused exemptions."""
    css = "p { colr: red }\nh1 { color: blue; widht: 1px }\n"
    exempt = nu.Exemption("x.css", "error: CSS: “colr”: .*", "we like it")
    built = site(
        {
            "x.css": css,
            "y/index.html": PAGE.format("<p>x</p>\n<b><i>x</b></i>"),
            "sign.svg": '<svg xmlns="http://www.w3.org/2000/svg"><blink/></svg>',
        }
    )
    report = nu.check(built, (exempt, NOTHING))
    assert "2 HTML" in report.counted
    positions = {f"{finding.file}:{finding.position.split(':')[0]}" for finding in report.findings}
    assert positions == {"x.css:2", "y/index.html:10", "sign.svg:1", "*.css:"}
    assert [finding.message for finding in report.findings if finding.file == "*.css"] == [
        'unused exemption "error: CSS: an unknown message"'
    ]
    assert any("widht" in finding.message for finding in report.findings)


def test_an_exemption_applies_to_its_files_and_its_complete_message() -> None:
    """A message that only starts with the exempt text doesn't match."""
    exemption = nu.Exemption("assets/*.css", "error: CSS: .* at-rule", "for the test")
    for file, message, covered in (
        ("assets/x.css", "error: CSS: an at-rule", True),
        ("assets/x.css", "error: CSS: an at-rule again", False),
        ("assets/x.html", "error: CSS: an at-rule", False),
        ("x.css", "error: CSS: an at-rule", False),
    ):
        assert exemption.covers(Finding(file, "1:1", message)) == covered


def test_every_exemption_has_a_reason() -> None:
    """The reason says when the exemption can be removed."""
    assert [exemption for exemption in nu.EXEMPTIONS if len(exemption.reason.split()) < 4] == []


# --- Lighthouse -----------------------------------------------------------------------------------

FULL = scores(1, 1, 1, 1)


def test_a_page_with_full_scores_is_measured_once(measure: Measure) -> None:
    """A page with full scores has no findings."""
    report = measure(FULL)
    assert report.findings == ()
    assert "1 pages" in report.counted
    assert report.table[1].split() == ["home", *["100%"] * 4, "1", "index.html"]


@pytest.mark.parametrize("index", range(4))
def test_a_category_below_100_percent_is_reported(index: int, measure: Measure) -> None:
    """The finding lists the failed audits, those with the most weight first."""
    values = [1.0] * 4
    values[index] = 0.9
    audits = {
        "light": {"title": "Light", "score": 0.5},
        "fine": {"title": "Fine", "score": 1},
        "manual": {"title": "Manual", "score": None},
        "heavy": {"title": "Heavy", "score": 0, "displayValue": "3 s"},
    }
    times = lighthouse.MAX_MEASUREMENTS if index == 0 else 1
    findings = measure(*[scores(*values, audits=audits)] * times).findings
    name = lighthouse.CATEGORIES[index]
    assert printed(findings) == [
        f"index.html:{name}: 90% instead of 100%",
        f"index.html:{name}: heavy: Heavy (3 s)",
        f"index.html:{name}: light: Light",
    ]


def test_a_category_without_a_score_counts_as_0(measure: Measure) -> None:
    """A category has no score if one of its audits couldn't run."""
    assert printed(measure(scores(1, None, 1, 1)).findings) == [
        "index.html:accessibility: 0% instead of 100%"
    ]


def test_a_low_score_is_measured_again(measure: Measure) -> None:
    """The best measurement counts, and no measurement follows a perfect one."""
    report = measure(scores(0.8, 1, 1, 1), FULL)
    assert report.findings == ()
    assert "measured again 1 times" in report.counted


def test_a_failed_measurement_is_repeated(measure: Measure) -> None:
    """Any score, however low, counts more than a failure to measure."""
    lost = scores(None, None, None, None, error="the tab has crashed")
    assert measure(lost, FULL).findings == ()
    findings = measure(scores(0, 1, 1, 1), lost, lost).findings
    assert printed(findings) == ["index.html:performance: 0% instead of 100%"]


def test_the_best_of_all_measurements_is_reported(measure: Measure) -> None:
    """The order of the measurements doesn't matter."""
    findings = measure(*(scores(value, 1, 1, 1) for value in (0.7, 0.9, 0.8))).findings
    assert printed(findings) == ["index.html:performance: 90% instead of 100%"]


def test_a_page_that_cannot_be_measured_is_reported(measure: Measure) -> None:
    """The finding has the message from Lighthouse, and there are no scores."""
    lost = scores(None, None, None, None, error="NO_FCP: nothing was painted")
    report = measure(*[lost] * lighthouse.MAX_MEASUREMENTS)
    assert printed(report.findings) == ["index.html: NO_FCP: nothing was painted"]
    assert len(report.table) == 1


@pytest.mark.parametrize("text", ["", "no JSON", "{}", '{"categories": {}}', "[]"])
def test_invalid_lighthouse_output_is_an_error(text: str, measure: Measure) -> None:
    """Invalid output is a failure of the checker, not a finding about the page."""
    with pytest.raises(ToolError, match="unexpected output of Lighthouse"):
        measure(text)


# --- programs of others ---------------------------------------------------------------------------


def test_the_output_of_a_failed_checker_is_reported(tmp_path: Path) -> None:
    """An exit code that only means findings isn't a failure."""
    command = [sys.executable, "-c", "import sys; print('out'); sys.exit('the reason')"]
    assert run_checker("it", command, tmp_path, (0, 1)) == "out\n"
    with pytest.raises(ToolError, match=r"^it failed with exit code 1:\nthe reason$"):
        run_checker("it", command, tmp_path)


def test_a_missing_checker_is_reported_with_help(tmp_path: Path) -> None:
    """The message contains the command that installs it."""
    assert require("it", Path(__file__)) == __file__
    with pytest.raises(ToolError, match="it is not installed: run `make test-env`"):
        require("it", tmp_path / "none")
    with pytest.raises(ToolError, match="unexpected output of it"):
        decode("it", "{", lighthouse.Output)


# --- pages and the command ------------------------------------------------------------------------


KIND_BY_FILE = {
    "index.html": "home",
    "status/index.html": "all codes",
    "status/4xx/index.html": "class",
    "status/404/index.html": "code",
    "guides/which-code/index.html": "guide",
    "tables/constants/index.html": "table",
    "404.html": "error page",
    "404/index.html": "redirect",
    "status/not-found/index.html": "redirect",
    "about/index.html": "other",
    "status/404/more/index.html": "other",
    "guides/index.html": "list",
}


def test_the_kind_of_a_page_follows_from_its_url() -> None:
    """Every page has exactly one kind; the kind of an unknown page is "other"."""
    assert {file: kind_of(file) for file in KIND_BY_FILE} == KIND_BY_FILE


@pytest.mark.slow
def test_every_kind_is_measured_by_a_page_of_the_book(
    built_site: Mapping[PurePosixPath, bytes],
) -> None:
    """The sample page of each kind exists and has that kind."""
    samples = {kind.name: f"{kind.sample}index.html" for kind in KINDS if kind.sample is not None}
    assert {kind_of(file) for file in samples.values()} == set(samples)
    assert {PurePosixPath(file) for file in samples.values()} <= set(built_site)


@pytest.mark.slow
@pytest.mark.parametrize(("size", "code"), [(100, 0), (20_000, 1)])
def test_the_command_prints_its_findings(size: int, code: int, site: Sites) -> None:
    """Findings are printed on stdout, and determine the exit code."""
    built = site(body=noise(size))
    run = audit(built.folder)
    assert (run.returncode, run.stderr) == (code, "")
    assert ("index.html: HTML and CSS have" in run.stdout) == bool(code)
    assert ("budgets: 1 pages" in run.stdout, "nothing found" in run.stdout) == (True, not code)


@pytest.mark.slow
def test_a_folder_without_a_book_is_an_error(tmp_path: Path) -> None:
    """The error is one line without a traceback."""
    result = audit(tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"{tmp_path.name}/ has no index.html, so it isn't a built book\n"


def audit(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the check of sizes on a folder, as a user does."""
    command = [sys.executable, "-m", "audit.pages", "--only", "budgets", "--site", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
