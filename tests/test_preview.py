"""`build.py serve`: what it says, where it listens, what it builds, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from codebook.io import AccessError
from codebook.preview import ports
from codebook.preview.watching import is_passing
from tests.previews import PAGE, PATIENCE, ROOT, Preview, previewing, replace

Run = Callable[..., subprocess.CompletedProcess[str]]

ARTICLE = "codes/1010.md"
RIGHT, WRONG = 'name = "Come in"', "name = Come in"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what a person may choose
EVENTS = "/-codebook/events"


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    """A preview of a book of this test's own."""
    with previewing(tmp_path) as preview:
        yield preview


def test_it_says_where_and_what(preview: Preview) -> None:
    """An address to click, then how much was made and how long it took."""
    first, built = preview.said
    assert first == f"serving at {preview.url}\n"
    assert preview.url == f"http://127.0.0.1:{preview.port}/"
    assert " files made anew, in " in built


def test_it_writes_nothing(preview: Preview) -> None:
    """The site is in memory alone."""
    assert preview.get("/")[0].status == 200
    assert not (preview.content.parent / "site").exists()


def test_a_page_is_as_built_but_for_one_script(
    preview: Preview, build: Run, tmp_path: Path
) -> None:
    """Every file of a build is there, byte for byte, a tag in each page apart."""
    folders = (f"--{name}={tmp_path / name}" for name in ("content", "templates"))
    assert build(*folders, f"--site={tmp_path / 'built'}").returncode == 0
    tag = b'<script src="/-codebook/preview.js" type="module" data-version="'
    for place in (tmp_path / "built").rglob("*"):
        path = place.relative_to(tmp_path / "built").as_posix()
        if not place.is_file() or path.startswith(".codebook"):
            continue
        answer, body = preview.get("/" + path.removesuffix("index.html"))
        assert answer.status == (404 if path == "404.html" else 200), path
        if place.suffix == ".html":
            assert body.count(tag) == 1
            start = body.index(tag)
            end = body.index(b"</script>", start) + len(b"</script>")
            body = body[:start] + body[end:]
        assert body == place.read_bytes(), path


@pytest.mark.parametrize(
    ("path", "kind", "kept"),
    [
        (PAGE, "text/html; charset=utf-8", False),
        (f"{PAGE}index.md", "text/markdown; charset=utf-8", False),
        ("/search.json", "application/json; charset=utf-8", False),
        ("/favicon.ico", "image/x-icon", False),
        ("/-codebook/preview.js", "text/javascript; charset=utf-8", False),
        ("/-codebook/preview.css", "text/css; charset=utf-8", False),
        (EVENTS, "text/event-stream", False),
        ("STYLE", "text/css; charset=utf-8", True),
    ],
)
def test_a_file_has_its_type_and_lasts_as_long_as_its_name(
    path: str, kind: str, kept: bool, preview: Preview
) -> None:
    """What is named by its content may be kept, nothing else."""
    home = preview.get("/")[1].decode()
    style = "/" + home[home.index("assets/style.") :].partition('"')[0]
    answer = preview.send(
        f"HEAD {path.replace('STYLE', style)} HTTP/1.1\r\nHost: {preview.netloc}\r\n"
        "Connection: close\r\n\r\n".encode()
    ).decode()
    assert f"content-type: {kind}\r\n" in answer
    assert (
        f"cache-control: {'public, max-age=31536000, immutable' if kept else 'no-store'}\r\n"
        in answer
    )


def test_a_save_is_said_and_served(preview: Preview) -> None:
    """What changed, how much of the site, how long it took."""
    preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    said = preview.line()
    assert said.startswith(f"{preview.content / ARTICLE} changed: ")
    assert "made anew, in " in said
    assert b"two ships at a time" in preview.get(PAGE)[1]


def test_a_fault_is_said_in_full_and_the_last_site_stays(preview: Preview) -> None:
    """The report is that of a build, on the same stream."""
    preview.edit(ARTICLE, RIGHT, WRONG)
    assert "1 error; the last good site stays, in " in preview.line()
    assert preview.process.stdout is not None
    assert preview.process.stdout.readline().startswith("error[invalid-toml]: ")
    assert preview.get(PAGE)[0].status == 200
    preview.edit(ARTICLE, WRONG, RIGHT)
    assert "0 files made anew" in preview.line()


def test_what_cannot_be_read_is_said_and_ends_nothing(preview: Preview) -> None:
    """The last good site stays until it can be."""
    pipe = preview.content / "pipe.md"
    os.mkfifo(pipe)
    assert preview.line() == f"error: {pipe} is neither a file nor a folder"
    assert preview.get(PAGE)[0].status == 200
    pipe.unlink()
    assert "0 files made anew" in preview.line()


def test_strictness_is_kept(tmp_path: Path) -> None:
    """With it a warning keeps the last good site, as it would fail a build."""
    with previewing(tmp_path, "--strict") as preview:
        (preview.content / "notes.doc").write_text("?", encoding="utf-8")
        assert "1 warning; the last good site stays" in preview.line()


def test_a_port_that_is_taken_is_left(tmp_path: Path) -> None:
    """The next one is taken, and said."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with previewing(tmp_path, port=str(port)) as preview:
            assert preview.said[0] == f"port {port} is taken; serving at {preview.url}\n"
            assert port < preview.port < port + 20
            assert preview.get("/")[0].status == 200


def test_no_free_port_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    """After twenty it gives up, with a sentence."""
    tried = []

    def taken(address: tuple[str, int], **_: object) -> socket.socket:
        tried.append(address[1])
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(socket, "create_server", taken)
    monkeypatch.setattr("errno.EADDRINUSE", 98)
    with pytest.raises(AccessError, match="the ports 8000 to 8019 are all taken"):
        ports.listen("127.0.0.1", 8000)
    assert tried == list(range(8000, 8020))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--host", "192.0.2.1"], "error: cannot listen at 192.0.2.1 port 8000: "),
        (["--content", "nowhere"], "error: the folder nowhere does not exist"),
        (["--port", "65536"], "a port is a number from 0 to 65535"),
        (["--port", "-1"], "a port is a number from 0 to 65535"),
        (
            ["--editor", "javascript:alert('{path}')"],
            "--editor cannot be used: a browser would run",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_is_exit_2(build: Run, arguments: list[str], reason: str) -> None:
    """Said in one sentence, before anything is served."""
    ended = build("serve", *arguments)
    assert ended.returncode == 2
    assert reason in ended.stderr


def test_it_listens_at_this_machine_alone(preview: Preview) -> None:
    """No other address of it answers, until --host says so."""
    for address in ("127.0.0.2", "::1"):
        with pytest.raises(OSError, match=r"refused|assign|unreachable|not supported"):
            socket.create_connection((address, preview.port), timeout=PATIENCE)


def test_another_host_answers_to_its_addresses_and_to_no_name(tmp_path: Path) -> None:
    """A name could be anybody's."""
    with previewing(tmp_path, "--host", EVERYWHERE) as preview:
        assert preview.url == f"http://127.0.0.1:{preview.port}/"
        for host, status in (
            ("127.0.0.1", 200),
            ("localhost", 200),
            ("192.0.2.7", 200),
            ("[2001:db8::7]", 200),
            ("book.example", 403),
            ("0x7f.1", 403),
            ("127.1", 403),
        ):
            assert preview.get("/", Host=f"{host}:{preview.port}")[0].status == status


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 128 + signal.SIGTERM)]
)
def test_a_signal_ends_it_at_once(number: signal.Signals, code: int, tmp_path: Path) -> None:
    """Though pages are open: Ctrl-C is how it is meant to end, and no failure."""
    with previewing(tmp_path) as preview, preview.connected() as line:
        line.sendall(f"GET {EVENTS} HTTP/1.1\r\nHost: {preview.netloc}\r\n\r\n".encode())
        assert line.recv(100).startswith(b"HTTP/1.1 200 ")
        preview.process.send_signal(number)
        assert preview.process.wait(PATIENCE) == code
        assert b"".join(iter(lambda: line.recv(65536), b"")).endswith(b"0\r\n\r\n")
        assert preview.process.stderr is not None
        assert preview.process.stderr.read() == "stopped\n"


def test_quiet_means_problems_alone(tmp_path: Path) -> None:
    """As for every command."""
    with previewing(tmp_path) as preview:
        port = preview.port
    told = [f"--{name}={tmp_path / name}" for name in ("content", "templates", "site")]
    replace(tmp_path / "content" / ARTICLE, RIGHT, WRONG)
    command = [sys.executable, str(ROOT / "build.py"), "serve", "-q", *told, f"--port={port}"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("error[invalid-toml]: ")
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=PATIENCE)[1] == ""


@pytest.mark.parametrize(
    ("name", "is_for_a_moment"),
    [
        ("codes/1010.md", False),
        ("tables/lanterns.csv", False),
        ("assets/style.css", False),
        ("codes/.1010.md.swp", True),
        ("codes/.#1010.md", True),
        ("codes/1010.md~", True),
        ("codes/#1010.md#", True),
        ("codes/1010.md.swx", True),
        ("codes/4913", True),
        ("codes/4913.md", False),
        (".git/index", True),
        ("__pycache__/x.pyc", True),
    ],
)
def test_what_editors_leave_for_a_moment_is_no_change(name: str, is_for_a_moment: bool) -> None:
    """Nor is anything below a hidden folder."""
    assert is_passing(Path(name)) == is_for_a_moment


def test_a_file_for_a_moment_builds_nothing(preview: Preview) -> None:
    """The next line is about what is saved after it."""
    for name in (".1010.md.swp", "4913", "1010.md~"):
        (preview.content / "codes" / name).write_text("x", encoding="utf-8")
        (preview.content / "codes" / name).unlink()
    preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    assert preview.line().startswith(f"{preview.content / ARTICLE} changed: ")
