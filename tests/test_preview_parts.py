"""The parts of the preview that are functions: the editor's address, faults, what follows what."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

import pytest

from codebook.diagnostics.diagnostic import Diagnostic, Note, Rule, Severity
from codebook.diagnostics.source import Source, Span
from codebook.preview import editor
from codebook.preview.guard import Listening
from codebook.preview.overlay import OverlayItem, access_error_item, overlay_item
from codebook.preview.responses import Request, respond
from codebook.preview.showing import PreviewState, changed_files, news, next_state

PAGE = PurePosixPath("index.html")
SOURCE = Source.of(PurePosixPath("a.md"), "content/a.md", "one\ntwo three\n")


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("javascript:alert({path})", "a browser would run what follows javascript:"),
        ("JavaScript:{path}", "a browser would run what follows javascript:"),
        ("data:text/html,{path}", "a browser would run what follows data:"),
        ("vbscript:{path}", "a browser would run"),
        ("blob:{path}", "a browser would run"),
        ("/{path}", "it does not begin with a scheme"),
        ("{path}", "it does not begin with a scheme"),
        (" javascript:{path}", "it does not begin with a scheme"),
        ("java\tscript:{path}", "it does not begin with a scheme"),
        ("x:\n{path}", "a character that no address holds"),
        ("x: {path}", "a character that no address holds"),
        ("x:é{path}", "a character that no address holds"),
        ("x:{line}", "it does not say where {path} goes"),
        ("x:{path}{file}", "it has no use for {file}"),
        ("x:{path}{}", "it has no use for {}"),
    ],
)
def test_a_pattern_that_is_no_editors_is_refused(pattern: str, reason: str) -> None:
    """Above all one whose address a browser would run."""
    assert reason in editor.validation_error(pattern)


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        (editor.DEFAULT, "vscode://file//b/a%20%231%3F%25%22%3C.md:3:7"),
        (
            "idea://open?file={path}&line={line}",
            "idea://open?file=/b/a%20%231%3F%25%22%3C.md&line=3",
        ),
        ("txmt://open?url=file://{path}", "txmt://open?url=file:///b/a%20%231%3F%25%22%3C.md"),
    ],
)
def test_a_place_is_put_into_the_pattern(pattern: str, address: str) -> None:
    """The path can end nothing and begin nothing in the address."""
    assert editor.validation_error(pattern) == ""
    assert editor.link(pattern, Path('/b/a #1?%"<.md'), 3, 7) == address


def test_a_problem_becomes_plain_strings() -> None:
    """Its place, its excerpt, its note; what does not print is replaced."""
    diagnostic = Diagnostic(
        Rule.BROKEN_LINK,
        Span("content/a.md", 2, 5, 5),
        "no \N{RIGHT-TO-LEFT OVERRIDE} page",
        label="here",
        note=Note("see", Span("content/a.md", 1, 1, 3)),
        help="do",
    )
    found = overlay_item(diagnostic, {SOURCE.display_path: SOURCE}, lambda span: f"x:{span.line}")
    assert found.message == "no \N{REPLACEMENT CHARACTER} page"
    assert found.place is not None
    assert (found.place.words, found.place.link) == ("content/a.md:2:5", "x:2")
    assert (found.place.text, found.place.marks) == ("two three", "    ^^^^^ here")
    assert found.note_place is not None
    assert (found.note, found.note_place.text, found.help) == ("see", "one", "do")


def test_a_place_without_its_text_is_its_words() -> None:
    """A folder, or a file that is gone."""
    found = overlay_item(Diagnostic(Rule.SYMLINK, Span("content/l"), "a link"), {}, lambda _: "")
    assert found.place is not None
    assert (found.place.words, found.place.line, found.place.text) == ("content/l:1:1", "", "")


def test_a_failed_build_keeps_the_site() -> None:
    """The version is that of what is shown; the build is the newest."""
    start = PreviewState(version=7, build=0)
    good = next_state(start, {PAGE: b"a"}, [])
    failed = next_state(good, None, [access_error_item("gone")])
    assert (good.version, good.build, good.is_good) == (8, 1, True)
    assert (failed.version, failed.build, failed.is_good) == (8, 2, False)
    assert failed.files == {PAGE: b"a"}
    assert failed.faults == (OverlayItem(Severity.ERROR, "", "gone", None),)


def test_a_build_that_changes_nothing_is_the_same_version() -> None:
    """No page has to look for what is new; its warnings may be."""
    good = next_state(PreviewState(version=7, build=0), {PAGE: b"a"}, [])
    same = next_state(good, {PAGE: b"a"}, [access_error_item("x")])
    assert (same.version, same.build) == (good.version, 2)
    assert changed_files(good, same) == ()
    other = next_state(same, {PurePosixPath("b"): b"a"}, [])
    assert other.version == same.version + 1
    assert changed_files(same, other) == (PurePosixPath("b"), PAGE)


def test_news_are_one_line_and_no_more_than_can_be_read() -> None:
    """Errors come first; a thousand problems are fifty and a number."""
    warning = OverlayItem(Severity.WARNING, "raw-html", "w\n\u2028", None)
    many = next_state(
        PreviewState(1, 0), None, [warning, *[access_error_item(str(n)) for n in range(999)]]
    )
    text = news(many)
    assert text.isascii()
    assert len(text.splitlines()) == 1
    told = json.loads(text)
    assert (len(told["faults"]), told["more"]) == (50, 950)
    assert {each["severity"] for each in told["faults"]} == {"error"}


def test_a_new_sheet_is_told_by_its_address() -> None:
    """A page loads it while it asks for itself; what is no sheet is not told."""
    before = next_state(PreviewState(1, 0), {PurePosixPath("assets/a.1.css"): b"a"}, [])
    new = {PurePosixPath("assets/a.2.css"): b"b", PurePosixPath("assets/a.3.js"): b"c"}
    after = next_state(before, {**new, PAGE: b"d"}, [])
    assert json.loads(news(after))["sheets"] == ["/assets/a.2.css"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/a/", 200),
        ("/codes/", 200),
        ("/codes/a/", 200),
        ("/codes/a", 301),
        ("/codes/b/", 404),
        ("/codes", 404),
        ("/codes/codes/a/", 404),
        ("/codes//evil.example/", 404),
    ],
)
def test_a_site_that_will_be_below_a_path_is_there_too(path: str, status: int) -> None:
    """The links of the error page begin with it, at whatever depth that page is sent."""
    pages = {PurePosixPath(name): b"x" for name in ("index.html", "a/index.html", "404.html")}
    showing = next_state(PreviewState(1, 0), pages, [], "/codes/")
    request = Request("GET", path.encode(), b"", (("host", "127.0.0.1:8000"),))
    given = respond(request, showing, Listening("127.0.0.1", 8000), {})
    assert given.status == status
    assert given.fields.get("Location", "/a/") == "/a/"
