"""`build.py serve`: what it prints, where it listens, what it builds, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.in_process import run_main
from tests.preview_process import (
    EVENTS,
    PAGE,
    ROOT,
    TIMEOUT,
    Preview,
    replace_text,
    running_preview,
)

Run = Callable[..., subprocess.CompletedProcess[str]]

ARTICLE = "codes/1010.md"
RIGHT, WRONG = 'name = "Come in"', "name = Come in"
ALL_INTERFACES = "0.0.0.0"  # noqa: S104 - what a user may choose

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview of a book. Each test undoes its changes, and reads the lines about them."""
    with running_preview(tmp_path_factory.mktemp("preview")) as preview:
        yield preview


def test_serve_prints_its_url_and_a_summary(preview: Preview) -> None:
    """The summary has the number of files and the time of the build."""
    serving, built = preview.startup_lines
    assert serving == f"serving at {preview.url}\n"
    assert preview.url == f"http://127.0.0.1:{preview.port}/"
    assert " files updated, in " in built


def test_serve_writes_nothing(preview: Preview) -> None:
    """The site is only in memory."""
    assert preview.get("/")[0].status == 200
    assert not (preview.content.parent / "site").exists()


def test_a_page_is_as_built_except_for_one_script(preview: Preview, tmp_path: Path) -> None:
    """Every file is served unchanged, except for a script element in each page."""
    folders = {
        "content": preview.content,
        "templates": preview.templates,
        "site": tmp_path / "built",
    }
    options = (f"--{name}={folder}" for name, folder in folders.items())
    assert run_main(*options).returncode == 0
    tag = b'<script src="/-codebook/preview.js" type="module" data-version="'
    for path in (tmp_path / "built").rglob("*"):
        url = path.relative_to(tmp_path / "built").as_posix()
        if not path.is_file():
            continue
        response, body = preview.get("/" + url.removesuffix("index.html"))
        assert response.status == (404 if url == "404.html" else 200), url
        if path.suffix == ".html":
            assert body.count(tag) == 1
            start = body.index(tag)
            end = body.index(b"</script>", start) + len(b"</script>")
            body = body[:start] + body[end:]
        assert body == path.read_bytes(), url


HEADERS = {
    PAGE: ("text/html; charset=utf-8", False),
    f"{PAGE}index.md": ("text/markdown; charset=utf-8", False),
    "/search.json": ("application/json; charset=utf-8", False),
    "/favicon.ico": ("image/x-icon", False),
    "/-codebook/preview.js": ("text/javascript; charset=utf-8", False),
    "/-codebook/preview.css": ("text/css; charset=utf-8", False),
    EVENTS: ("text/event-stream", False),
    "STYLE": ("text/css; charset=utf-8", True),
}
"""The content type of each file, and whether it has a content hash in its name."""


def test_a_file_has_its_content_type_and_cache_lifetime(preview: Preview) -> None:
    """Only files with a content hash in their name can be cached."""
    home = preview.get("/")[1].decode()
    style = "/" + home[home.index("assets/home.") :].partition('"')[0]
    for path, (media_type, is_hashed) in HEADERS.items():
        response = preview.send(
            f"HEAD {path.replace('STYLE', style)} HTTP/1.1\r\nHost: {preview.netloc}\r\n"
            "Connection: close\r\n\r\n".encode()
        ).decode()
        lifetime = "public, max-age=31536000, immutable" if is_hashed else "no-store"
        assert f"content-type: {media_type}\r\n" in response, path
        assert f"cache-control: {lifetime}\r\n" in response, path


def test_a_save_is_reported_and_served(preview: Preview) -> None:
    """The line has the changed file, the number of changed pages, and the time."""
    preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    line = preview.next_line()
    assert line.startswith(f"{preview.content / ARTICLE} changed: ")
    assert "updated, in " in line
    assert b"two ships at a time" in preview.get(PAGE)[1]
    preview.edit(ARTICLE, "two ships at a time", "one ship at a time")
    assert "updated, in " in preview.next_line()


def test_an_error_is_reported_in_full_and_the_last_site_stays(preview: Preview) -> None:
    """The report is the same as that of a build, on the same stream."""
    preview.edit(ARTICLE, RIGHT, WRONG)
    assert "1 error; still showing the last good build, in " in preview.next_line()
    assert preview.process.stdout is not None
    assert preview.process.stdout.readline().startswith("error[invalid-toml]: ")
    assert preview.get(PAGE)[0].status == 200
    preview.edit(ARTICLE, WRONG, RIGHT)
    assert "0 files updated" in preview.next_line()


def test_an_unreadable_file_is_reported_and_the_server_continues(preview: Preview) -> None:
    """The last good site stays until the file can be read."""
    pipe = preview.content / "pipe.md"
    os.mkfifo(pipe)
    assert preview.next_line() == f"error: {pipe} is not a regular file or a folder"
    assert preview.get(PAGE)[0].status == 200
    pipe.unlink()
    assert "0 files updated" in preview.next_line()


def test_strict_applies_to_every_build(tmp_path: Path) -> None:
    """With --strict, a warning keeps the last good site, as it would fail a build."""
    with running_preview(tmp_path, "--strict") as preview:
        (preview.content / "notes.doc").write_text("?", encoding="utf-8")
        assert "1 warning; still showing the last good build" in preview.next_line()


def test_the_next_free_port_is_used(tmp_path: Path) -> None:
    """The command prints the port."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with running_preview(tmp_path, port=str(port)) as preview:
            assert preview.startup_lines[0] == f"port {port} is in use; serving at {preview.url}\n"
            assert port < preview.port < port + 20
            assert preview.get("/")[0].status == 200


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--host", "192.0.2.1"], "error: cannot listen on 192.0.2.1 port 8000: "),
        (["--content", "nowhere"], "error: the folder nowhere does not exist"),
        (["--port", "65536"], "use a number from 0 to 65535"),
        (["--allow-host", "https://book.example"], "use a name such as book.example"),
        (["--port", "-1"], "use a number from 0 to 65535"),
        (
            ["--editor", "javascript:alert('{path}')"],
            "invalid --editor: javascript: URLs can run",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_invalid_arguments_of_serve_are_exit_code_2(arguments: list[str], reason: str) -> None:
    """There is one error, and nothing is served."""
    process = run_main("serve", *arguments)
    assert process.returncode == 2
    assert reason in process.stderr


def test_serve_listens_on_loopback_only(preview: Preview) -> None:
    """Other IP addresses of the machine don't respond without --host."""
    for address in ("127.0.0.2", "::1"):
        with pytest.raises(OSError, match=r"refused|assign|unreachable|not supported"):
            socket.create_connection((address, preview.port), timeout=TIMEOUT)


def test_with_another_host_ip_addresses_are_accepted_and_names_are_not(tmp_path: Path) -> None:
    """Any host name could resolve to this machine."""
    with running_preview(tmp_path, "--host", ALL_INTERFACES) as preview:
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
def test_a_signal_stops_the_server_immediately(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    """Open pages don't delay it, and Ctrl-C isn't an error."""
    with running_preview(tmp_path) as preview, preview.connect() as connection:
        connection.sendall(f"GET {EVENTS} HTTP/1.1\r\nHost: {preview.netloc}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
        preview.process.send_signal(number)
        assert preview.process.wait(TIMEOUT) == code
        assert b"".join(iter(lambda: connection.recv(65536), b"")).endswith(b"0\r\n\r\n")
        assert preview.process.stderr is not None
        assert preview.process.stderr.read() == "stopped\n"


def test_serve_prints_only_diagnostics_with_quiet(tmp_path: Path) -> None:
    """As with other commands, status messages are omitted."""
    with running_preview(tmp_path) as preview:
        port = preview.port
    options = [f"--{name}={tmp_path / name}" for name in ("content", "templates", "site")]
    replace_text(tmp_path / "content" / ARTICLE, RIGHT, WRONG)
    command = [sys.executable, str(ROOT / "build.py"), "serve", "-q", *options, f"--port={port}"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("error[invalid-toml]: ")
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=TIMEOUT)[1] == ""


def test_a_temporary_file_triggers_no_build(preview: Preview) -> None:
    """The next line of output is about the file that is saved after it."""
    for name in (".1010.md.swp", "4913", "1010.md~"):
        (preview.content / "codes" / name).write_text("x", encoding="utf-8")
        (preview.content / "codes" / name).unlink()
    preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
    assert preview.next_line().startswith(f"{preview.content / ARTICLE} changed: ")
    preview.edit(ARTICLE, "two ships at a time", "one ship at a time")
    assert "updated, in " in preview.next_line()
