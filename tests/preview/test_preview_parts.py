"""The pure functions of the preview: editor links, overlay items, states, and responses."""

from __future__ import annotations

import json
import socket
from pathlib import Path, PurePosixPath

import pytest
from msgspec.structs import replace

from codebook.diagnostics.causes import Group
from codebook.diagnostics.diagnostic import Diagnostic, Note, Rule, Severity
from codebook.diagnostics.source import Source, Span
from codebook.io.disk import AccessError
from codebook.preview import editor_links, listen
from codebook.preview.guard import ListenAddress
from codebook.preview.overlay import OverlayItem, access_error_item, overlay_item
from codebook.preview.responses import Request, respond
from codebook.preview.state import PreviewState, changed_files, event_json, next_state
from codebook.site.words import keys
from tests.sample_books import WORDS

PAGE = PurePosixPath("index.html")
SOURCE = Source.of(PurePosixPath("a.md"), "content/a.md", "one\ntwo three\n")


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("javascript:alert({path})", "javascript: URLs can run code"),
        ("JavaScript:{path}", "javascript: URLs can run code"),
        ("data:text/html,{path}", "data: URLs can run code"),
        ("vbscript:{path}", "URLs can run code"),
        ("blob:{path}", "URLs can run code"),
        ("/{path}", "it has no URL scheme"),
        ("{path}", "it has no URL scheme"),
        (" javascript:{path}", "it has no URL scheme"),
        ("java\tscript:{path}", "it has no URL scheme"),
        ("x:\n{path}", "a character that URLs do not allow"),
        ("x: {path}", "a character that URLs do not allow"),
        ("x:é{path}", "a character that URLs do not allow"),
        ("x:{line}", "the placeholder {path} is missing"),
        ("x:{path}{file}", "unknown placeholder {file}"),
        ("x:{path}{}", "unknown placeholder {}"),
    ],
)
def test_an_invalid_editor_pattern_is_rejected(pattern: str, reason: str) -> None:
    """Patterns whose URL a browser would execute are invalid too."""
    assert reason in editor_links.validation_error(pattern)


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        (editor_links.DEFAULT, "vscode://file//b/a%20%231%3F%25%22%3C.md:3:7"),
        (
            "idea://open?file={path}&line={line}",
            "idea://open?file=/b/a%20%231%3F%25%22%3C.md&line=3",
        ),
        ("txmt://open?url=file://{path}", "txmt://open?url=file:///b/a%20%231%3F%25%22%3C.md"),
    ],
)
def test_a_position_is_filled_into_the_pattern(pattern: str, url: str) -> None:
    """The path is escaped, so it can't add or end a part of the URL."""
    assert editor_links.validation_error(pattern) == ""
    assert editor_links.editor_url(pattern, Path('/b/a #1?%"<.md'), 3, 7) == url


def test_a_diagnostic_becomes_plain_strings() -> None:
    """It has a location, an excerpt, and a note. Unprintable characters are replaced."""
    diagnostic = Diagnostic(
        Rule.BROKEN_LINK,
        Span("content/a.md", 2, 5, 5),
        "no \N{RIGHT-TO-LEFT OVERRIDE} page",
        label="here",
        note=Note("see", Span("content/a.md", 1, 1, 3)),
        help="do",
    )
    item = overlay_item(
        Group(diagnostic, (diagnostic,)),
        {SOURCE.display_path: SOURCE},
        lambda span: f"x:{span.line}",
    )
    assert item.message == "no \N{REPLACEMENT CHARACTER} page"
    assert item.location is not None
    assert (item.location.position, item.location.editor_url) == ("content/a.md:2:5", "x:2")
    assert (item.location.line_text, item.location.underline) == ("two three", "    ^^^^^ here")
    assert item.note_location is not None
    assert (item.note, item.note_location.line_text, item.help) == ("see", "one", "do")
    assert item.more == 1


def test_a_location_without_text_is_its_position() -> None:
    """A folder or a deleted file has no text."""
    item = overlay_item(
        Group(Diagnostic(Rule.SYMLINK, Span("content/l"), "a link")), {}, lambda _: ""
    )
    assert item.location is not None
    assert (item.location.position, item.location.line_number) == ("content/l:1:1", "")
    assert item.location.line_text == ""


def test_a_failed_build_keeps_the_site() -> None:
    """The version is that of the site, and the build is the newest."""
    start = PreviewState(version=7, build=0)
    good = next_state(start, {PAGE: b"a"}, [])
    failed = next_state(good, None, [access_error_item("gone")])
    assert (good.version, good.build, good.is_good) == (8, 1, True)
    assert (failed.version, failed.build, failed.is_good) == (8, 2, False)
    assert failed.files == {PAGE: b"a"}
    assert failed.items == (OverlayItem(Severity.ERROR, "", "gone", None),)


def test_a_build_that_changes_nothing_is_the_same_version() -> None:
    """Pages don't reload, but the warnings may be new."""
    good = next_state(PreviewState(version=7, build=0), {PAGE: b"a"}, [])
    same = next_state(good, {PAGE: b"a"}, [access_error_item("x")])
    assert (same.version, same.build) == (good.version, 2)
    assert changed_files(good, same) == ()
    other = next_state(same, {PurePosixPath("b"): b"a"}, [])
    assert other.version == same.version + 1
    assert changed_files(same, other) == (PurePosixPath("b"), PAGE)


def test_an_event_is_one_line_with_at_most_fifty_diagnostics() -> None:
    """Errors come first, and the number of omitted diagnostics is included."""
    warning = OverlayItem(Severity.WARNING, "raw-html", "w\n\u2028", None)
    state = next_state(
        PreviewState(1, 0), None, [warning, *[access_error_item(str(n)) for n in range(999)]]
    )
    text = event_json(state)
    assert text.isascii()
    assert len(text.splitlines()) == 1
    event = json.loads(text)
    assert (len(event["diagnostics"]), event["omitted"]) == (50, 950)
    assert {item["severity"] for item in event["diagnostics"]} == {"error"}


def test_an_event_has_the_urls_of_new_style_sheets() -> None:
    """Pages load them before they load the new page. Other files aren't listed."""
    before = next_state(PreviewState(1, 0), {PurePosixPath("assets/a.1.css"): b"a"}, [])
    new = {PurePosixPath("assets/a.2.css"): b"b", PurePosixPath("assets/a.3.js"): b"c"}
    after = next_state(before, {**new, PAGE: b"d"}, [])
    assert json.loads(event_json(after))["styleSheets"] == ["/assets/a.2.css"]


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
def test_urls_with_the_base_path_work(path: str, status: int) -> None:
    """Links on the error page start with the base path."""
    files = {PurePosixPath(name): b"x" for name in ("index.html", "a/index.html", "404.html")}
    state = next_state(PreviewState(1, 0), files, [], "/codes/")
    request = Request("GET", path.encode(), b"", (("host", "127.0.0.1:8000"),))
    response = respond(request, state, ListenAddress("127.0.0.1", 8000), {})
    assert response.status == status
    assert response.headers.get("Location", "/a/") == "/a/"


def test_no_free_port_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command gives up after twenty ports, with a message."""
    tried = []

    def taken(address: tuple[str, int], **_: object) -> socket.socket:
        tried.append(address[1])
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(socket, "create_server", taken)
    monkeypatch.setattr("errno.EADDRINUSE", 98)
    with pytest.raises(AccessError, match="ports 8000 to 8019 are in use"):
        listen("127.0.0.1", 8000)
    assert tried == list(range(8000, 8020))


def test_the_words_are_those_of_the_last_good_file() -> None:
    """A build whose words are invalid has none of its own."""
    start = PreviewState(1, 0, words=WORDS)
    broken = next_state(start, None, [access_error_item("gone")])
    assert broken.words is WORDS
    event = json.loads(event_json(broken))
    assert event["words"]["close"] == WORDS.preview.close
    assert (event["language"], event["direction"]) == ("en", "ltr")
    assert next_state(broken, {}, [], words=keys()).words is keys()


def test_the_page_before_the_first_good_build_has_the_words_of_the_file() -> None:
    """Its title is escaped, and it says which language it is in."""
    preview = replace(WORDS.preview, not_built="<b>")
    state = PreviewState(1, 1, words=replace(WORDS, language="he", preview=preview))
    request = Request("GET", b"/", b"", (("host", "127.0.0.1:8000"),))
    page = respond(request, state, ListenAddress("127.0.0.1", 8000), {}).body.decode()
    assert '<html lang="he">' in page
    assert "<title>&lt;b&gt;</title>" in page
