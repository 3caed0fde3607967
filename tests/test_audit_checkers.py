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

ROOT = Path(__file__).resolve().parent.parent
PAGE = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Page</title>\n'
    "</head>\n<body>\n<h1>Page</h1>\n{}\n</body>\n</html>\n"
)
NOTHING = nu.Exemption("*.css", "error: CSS: what nobody says", "it was needed once")


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
    """What is found where Lighthouse writes these words, one after the other, of the home page."""

    def measure(*outputs: str) -> Report:
        rest = iter(outputs)
        monkeypatch.setattr(lighthouse, "remote_chromium", lambda: nullcontext(1))
        monkeypatch.setattr(lighthouse, "run_lighthouse", lambda *_: next(rest))
        report = lighthouse.check(site())
        assert list(rest) == []
        others = len(lighthouse.CATEGORIES) + 1
        assert (
            len([finding for finding in report.findings if "stand for" in finding.message])
            == others
        )
        return replace(
            report,
            findings=tuple(finding for finding in report.findings if finding.file == "index.html"),
        )

    return measure


def scores(*values: float | None, error: str = "", audits: Mapping[str, Any] | None = None) -> str:
    """What Lighthouse writes of a page with these scores."""
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
    """Letters that no compression makes smaller than so many bytes."""
    return b64encode(shake_256(b"noise").digest(size)).decode()


def printed(findings: Sequence[Finding]) -> list[str]:
    """The findings as they are printed."""
    return [str(finding) for finding in findings]


# --- the Nu HTML checker --------------------------------------------------------------------------


def test_what_the_nu_html_checker_says_is_found_with_its_place(site: Sites) -> None:
    """Errors of HTML, CSS and SVG; what is exempt is not, and what exempts nothing is itself."""
    sheet = "p { colour: red }\nh1 { color: blue; widht: 1px }\n"
    exempt = nu.Exemption("x.css", "error: CSS: “colour”: .*", "we like it")
    built = site(
        {
            "x.css": sheet,
            "y/index.html": PAGE.format("<p>x</p>\n<b><i>x</b></i>"),
            "sign.svg": '<svg xmlns="http://www.w3.org/2000/svg"><blink/></svg>',
        }
    )
    found = nu.check(built, (exempt, NOTHING))
    assert "2 HTML" in found.counted
    places = {f"{finding.file}:{finding.position.split(':')[0]}" for finding in found.findings}
    assert places == {"x.css:2", "y/index.html:10", "sign.svg:1", "*.css:"}
    assert [finding.message for finding in found.findings if finding.file == "*.css"] == [
        'the exemption "error: CSS: what nobody says" fits nothing any more'
    ]
    assert any("widht" in finding.message for finding in found.findings)


def test_an_exemption_is_for_its_files_and_its_whole_message() -> None:
    """A message that only begins like it is another one."""
    exemption = nu.Exemption("assets/*.css", "error: CSS: .* at-rule", "for the test")
    for file, message, covered in (
        ("assets/x.css", "error: CSS: an at-rule", True),
        ("assets/x.css", "error: CSS: an at-rule again", False),
        ("assets/x.html", "error: CSS: an at-rule", False),
        ("x.css", "error: CSS: an at-rule", False),
    ):
        assert exemption.covers(Finding(file, "1:1", message)) == covered


def test_every_exemption_has_a_reason() -> None:
    """Who reads it later must know when it may go."""
    assert [exemption for exemption in nu.EXEMPTIONS if len(exemption.reason.split()) < 4] == []


# --- Lighthouse -----------------------------------------------------------------------------------

FULL = scores(1, 1, 1, 1)


def test_a_page_with_full_marks_is_measured_once(measure: Measure) -> None:
    """And nothing is found."""
    report = measure(FULL)
    assert report.findings == ()
    assert "1 pages" in report.counted
    assert report.table[1].split() == ["home", *["100%"] * 4, "1", "index.html"]


@pytest.mark.parametrize("index", range(4))
def test_a_category_without_full_marks_is_found(index: int, measure: Measure) -> None:
    """With the audits that took marks, those first that weigh most."""
    values = [1.0] * 4
    values[index] = 0.9
    audits = {
        "light": {"title": "Light", "score": 0.5},
        "fine": {"title": "Fine", "score": 1},
        "manual": {"title": "Manual", "score": None},
        "heavy": {"title": "Heavy", "score": 0, "displayValue": "3 s"},
    }
    times = lighthouse.MAX_MEASUREMENTS if index == 0 else 1
    found = measure(*[scores(*values, audits=audits)] * times).findings
    name = lighthouse.CATEGORIES[index]
    assert printed(found) == [
        f"index.html:{name}: 90% instead of 100%",
        f"index.html:{name}: heavy: Heavy (3 s)",
        f"index.html:{name}: light: Light",
    ]


def test_a_category_that_cannot_be_scored_counts_as_nothing(measure: Measure) -> None:
    """One of its audits has failed."""
    assert printed(measure(scores(1, None, 1, 1)).findings) == [
        "index.html:accessibility: 0% instead of 100%"
    ]


def test_a_busy_machine_has_another_chance(measure: Measure) -> None:
    """The best measurement counts, and none is made after a full one."""
    report = measure(scores(0.8, 1, 1, 1), FULL)
    assert report.findings == ()
    assert "measured again 1 times" in report.counted


def test_a_lost_tab_has_another_chance(measure: Measure) -> None:
    """What was measured counts, however little, before what was not."""
    lost = scores(None, None, None, None, error="the tab has crashed")
    assert measure(lost, FULL).findings == ()
    found = measure(scores(0, 1, 1, 1), lost, lost).findings
    assert printed(found) == ["index.html:performance: 0% instead of 100%"]


def test_the_best_of_all_measurements_is_told(measure: Measure) -> None:
    """Whichever it was."""
    found = measure(*(scores(value, 1, 1, 1) for value in (0.7, 0.9, 0.8))).findings
    assert printed(found) == ["index.html:performance: 90% instead of 100%"]


def test_a_page_that_cannot_be_measured_is_found(measure: Measure) -> None:
    """In the words of Lighthouse, and without scores that nobody gave."""
    lost = scores(None, None, None, None, error="NO_FCP: nothing was painted")
    report = measure(*[lost] * lighthouse.MAX_MEASUREMENTS)
    assert printed(report.findings) == ["index.html: NO_FCP: nothing was painted"]
    assert len(report.table) == 1


@pytest.mark.parametrize("text", ["", "no JSON", "{}", '{"categories": {}}', "[]"])
def test_what_lighthouse_never_says_is_no_result(text: str, measure: Measure) -> None:
    """It is the checker that has failed, not the page."""
    with pytest.raises(ToolError, match="Lighthouse says what cannot be read"):
        measure(text)


# --- programs of others ---------------------------------------------------------------------------


def test_a_checker_that_fails_says_why(tmp_path: Path) -> None:
    """What it wrote is handed on; an exit code that means findings is no failure."""
    command = [sys.executable, "-c", "import sys; print('out'); sys.exit('the reason')"]
    assert run_checker("it", command, tmp_path, (0, 1)) == "out\n"
    with pytest.raises(ToolError, match=r"^it has failed with exit code 1:\nthe reason$"):
        run_checker("it", command, tmp_path)


def test_a_checker_that_is_missing_is_named_with_its_cure(tmp_path: Path) -> None:
    """The command that gets it."""
    assert require("it", Path(__file__)) == __file__
    with pytest.raises(ToolError, match="it is missing: `make test-env` gets it"):
        require("it", tmp_path / "none")
    with pytest.raises(ToolError, match="it says what cannot be read"):
        decode("it", "{", lighthouse.Output)


# --- pages and the command ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("index.html", "home"),
        ("status/index.html", "all codes"),
        ("status/4xx/index.html", "class"),
        ("status/404/index.html", "code"),
        ("guides/which-code/index.html", "guide"),
        ("tables/constants/index.html", "table"),
        ("404.html", "error page"),
        ("404/index.html", "leads on"),
        ("status/not-found/index.html", "leads on"),
        ("about/index.html", "other"),
        ("status/404/more/index.html", "other"),
        ("guides/index.html", "other"),
    ],
)
def test_a_page_is_of_the_kind_that_its_address_says(file: str, kind: str) -> None:
    """Every page is of one kind, and whatever fits none is told apart."""
    assert kind_of(file) == kind


def test_every_kind_is_measured_by_a_page_of_the_book(
    built_site: Mapping[PurePosixPath, bytes],
) -> None:
    """Its sample is there, and of that kind."""
    samples = {kind.name: f"{kind.sample}index.html" for kind in KINDS if kind.sample is not None}
    assert {kind_of(file) for file in samples.values()} == set(samples)
    assert {PurePosixPath(file) for file in samples.values()} <= set(built_site)


@pytest.mark.parametrize(("size", "code"), [(100, 0), (20_000, 1)])
def test_the_command_says_what_it_has_found(size: int, code: int, site: Sites) -> None:
    """On stdout, and by its exit code."""
    built = site(body=noise(size))
    ended = audit(built.folder)
    assert (ended.returncode, ended.stderr) == (code, "")
    assert ("index.html: HTML and CSS take" in ended.stdout) == bool(code)
    assert ("budgets: 1 pages" in ended.stdout, "nothing found" in ended.stdout) == (True, not code)


def test_a_folder_that_holds_no_book_is_said_plainly(tmp_path: Path) -> None:
    """In one sentence, without a traceback."""
    ended = audit(tmp_path)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"{tmp_path.name}/ holds no index.html: it is no built book\n"


def audit(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the check of sizes on a folder, as a user does."""
    command = [sys.executable, "-m", "audit.pages", "--only", "budgets", "--site", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
