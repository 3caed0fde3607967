"""A build that is killed or stopped, or that runs at the same time as another one."""

from __future__ import annotations

import json
import os
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import pytest
from filelock import FileLock

from codebook.io.cache_folder import default_folder
from tests.sites import state_of
from tests.templates import copy_templates_without_fonts

ROOT = Path(__file__).resolve().parents[2]
LOW, HIGH = 100, 115
KILLS = int(os.environ.get("CODEBOOK_KILLS", "40"))
"""How many builds are killed: `make audit` kills more."""
SEED = 20_240_229
"""Any number; fixed, so that a failure is reproducible."""
FORK_SERVER = """
import json, os, sys
from codebook.cli.main import main
for line in sys.stdin:
    child = os.fork()
    if not child:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        os._exit(main(json.loads(line)))
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""
ANNOUNCING = (
    "import sys; from codebook.cli.main import main; print('loaded', flush=True); sys.exit(main())"
)
"""The command, which prints when it is loaded: the time until then does not count."""


def write_book(folder: Path, version: int, codes: range) -> Path:
    """A book whose texts contain their version. Each version lacks some codes."""
    folder.mkdir()
    entries = "".join(
        f"- {code} Version {version} of {code}\nThe text of {code} in version {version}.\n\n"
        for code in codes
        if code % 5 != version
    )
    low = 10 ** (len(str(codes.start)) - 1)
    text = f"# Version {version}\n\n1. Signals ({low}–{2 * low - 1})\n\n## 1. Signals\n\n{entries}"
    (folder / "signals.md").write_text(text, encoding="utf-8")
    return folder


def command(content: Path, site: Path, templates: Path = ROOT / "templates") -> list[str]:
    """The command as a user types it."""
    folders = {
        "content": content,
        "site": site,
        "templates": templates,
        "cache": default_folder(site),
    }
    options = [f"--{name}={folder}" for name, folder in folders.items()]
    return [sys.executable, str(ROOT / "build.py"), "--quiet", *options]


def files(site: Path) -> Mapping[str, bytes]:
    """Every file of a site."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def run(content: Path, site: Path, templates: Path = ROOT / "templates") -> None:
    """Build successfully."""
    process = subprocess.run(
        command(content, site, templates), capture_output=True, text=True, timeout=60, check=False
    )
    assert process.returncode == 0, process.stderr


def accept_ctrl_c() -> None:
    """Undo that background jobs of a shell ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class ForkServer:
    """A process that has loaded the program; its children build without delay."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", FORK_SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def build(self, command: list[str], timeout: float) -> float | None:
        """Build; returns how many seconds it took, or None if it was killed after the timeout."""
        assert self._process.stdin
        assert self._process.stdout
        _, _, *arguments = command
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline())
        start = time.monotonic()
        is_over, _, _ = select.select([self._process.stdout], [], [], timeout)
        took = time.monotonic() - start
        if not is_over:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        status = int(self._process.stdout.readline())
        assert status in {0, signal.SIGKILL}
        return None if status else took

    def close(self) -> None:
        """Stop the server."""
        self._process.communicate(timeout=60)


class Reader(threading.Thread):
    """Reads the pages that every version has, and follows their links, until it is stopped."""

    def __init__(self, site: Path, pages: list[str]) -> None:
        super().__init__()
        self.site, self.pages = site, pages
        self.reads = 0
        self.errors: list[str] = []
        self.done = threading.Event()

    def run(self) -> None:
        """Read round after round."""
        while not self.done.is_set():
            for page in self.pages:
                self.errors += self._errors(page)

    def _errors(self, page: str) -> Iterator[str]:
        html = self._read(self.site / page)
        if html is None or not html.rstrip().endswith(b"</html>"):
            yield f"{page} is missing or half"
            return
        for link in re.findall(rb'(?:href|src)="([^"#:]+)"', html):
            path = Path(os.path.normpath((self.site / page).parent / link.decode()))
            target = path / "index.html" if link.endswith(b"/") else path
            data = self._read(target)
            # A page that was replaced in the meantime may have linked to a removed file.
            if data is None and self._read(self.site / page) == html:
                yield f"{page} links to {link.decode()}, which is missing"
            if data and target.parent.name == "assets":
                digest = blake2b(data, digest_size=5).hexdigest()
                if digest not in target.name:
                    yield f"{target.name} is not what its name says"

    def _read(self, path: Path) -> bytes | None:
        self.reads += 1
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None


@pytest.mark.slow
def test_a_killed_build_leaves_a_working_site(tmp_path: Path) -> None:
    """While builds are killed at random times, readers never get a missing or partial page.

    The next build completes the site: it equals that of a full build. `CODEBOOK_KILLS` says how
    many builds are killed.
    """
    books = [write_book(tmp_path / f"book{index}", index, range(LOW, HIGH)) for index in (0, 1)]
    fresh = []
    for book in books:
        run(book, tmp_path / f"fresh-{book.name}")
        fresh.append(files(tmp_path / f"fresh-{book.name}"))
    site = tmp_path / "site"
    fork_server = ForkServer()
    tries = [fork_server.build(command(books[index % 2], site), 60) for index in range(4)]
    duration = min(took for took in tries if took)
    common = sorted(name for name in set(fresh[0]) & set(fresh[1]) if name.endswith("index.html"))
    reader = Reader(site, common)
    reader.start()
    generator = random.Random(SEED)  # noqa: S311 - a reproducible test, no secret
    killed = number = 0
    try:
        while killed < KILLS:
            number += 1
            # Half of the kills are aimed at the end, where files are written.
            timeout = duration * generator.uniform(0.0 if number % 2 else 0.6, 1.0)
            took = fork_server.build(command(books[number % 2], site), timeout)
            killed += took is None
            # Where the machine has become faster, aim earlier from here on.
            duration = took or duration
            if number % 20 == 0:
                run(books[number % 2], site)
                assert files(site) == fresh[number % 2]
    finally:
        reader.done.set()
        reader.join()
        fork_server.close()
    assert reader.errors == []
    assert reader.reads > 50 * KILLS
    run(books[0], site)
    assert files(site) == fresh[0]


@dataclass(frozen=True)
class Versions:
    """Two versions of a large book, the site of the old one, and the files of both sites."""

    content: Path
    site: Path
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory, templates_without_cards: Path) -> Versions:
    """Two versions of a book that takes long enough to be stopped while it is built."""
    folder = tmp_path_factory.mktemp("versions")
    codes = range(10_000, 10_200)
    contents = [write_book(folder / f"book{index}", index, codes) for index in (0, 1)]
    sites = [folder / f"site{index}" for index in (0, 1)]
    for content, site in zip(contents, sites, strict=True):
        run(content, site, templates_without_cards)
    return Versions(contents[1], sites[0], files(sites[0]), files(sites[1]))


@pytest.fixture(scope="module")
def templates_without_cards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates without fonts on the disk."""
    return copy_templates_without_fonts(tmp_path_factory.mktemp("templates") / "templates")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"]
)
@pytest.mark.parametrize("writing", [False, True], ids=["reading", "writing"])
def test_a_stopped_build_ends_at_once_with_its_code(
    tmp_path: Path,
    versions: Versions,
    templates_without_cards: Path,
    number: int,
    code: int,
    *,
    writing: bool,
) -> None:
    """It stops within a second, without a traceback, and every file is the old or new one."""
    site = shutil.copytree(versions.site, tmp_path / versions.site.name)
    state = shutil.copytree(state_of(versions.site), state_of(site))
    _, _, *arguments = command(versions.content, site, templates_without_cards)
    with subprocess.Popen(
        [sys.executable, "-c", ANNOUNCING, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        preexec_fn=accept_ctrl_c,  # noqa: PLW1509 - no thread of this process holds a lock
    ) as build:
        assert build.stdout is not None
        assert build.stdout.readline() == "loaded\n"
        time.sleep(0.02)
        while writing and build.poll() is None and not (state / "new").exists():
            time.sleep(0.001)
        build.send_signal(number)
        sent = time.monotonic()
        _, stderr = build.communicate(timeout=20)
        took = time.monotonic() - sent
    assert build.returncode == code
    assert took < 1
    assert stderr == "stopped\n"
    for name, data in files(site).items():
        assert data in {versions.before.get(name), versions.after.get(name)}, name
    run(versions.content, site, templates_without_cards)
    assert files(site) == versions.after


@pytest.mark.slow
def test_the_second_of_two_builds_waits_and_says_so(tmp_path: Path) -> None:
    """Two builds of a site never write at the same time."""
    book, site = write_book(tmp_path / "book", 0, range(LOW, HIGH)), tmp_path / "site"
    run(book, site)
    arguments = [argument for argument in command(book, site) if argument != "--quiet"]
    register = book / "signals.md"
    register.write_text(register.read_text().replace("text of", "words of"))
    before = files(site)
    with FileLock(state_of(site) / "lock"):
        build = subprocess.Popen(  # waits for the lock, so it cannot be waited for here
            arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert build.stderr is not None
        stderr = build.stderr.readline()
        assert stderr == f"waiting for another build of {site}/ to finish\n"
        assert build.poll() is None
        assert files(site) == before
    build.communicate(timeout=60)
    assert build.returncode == 0
    assert b"words of" in files(site)["status/101/index.html"]


@pytest.mark.slow
def test_two_simultaneous_builds_both_succeed(tmp_path: Path) -> None:
    """The second build finds the work done, or does it again."""
    book, site = write_book(tmp_path / "book", 0, range(LOW, HIGH)), tmp_path / "site"
    builds = [
        subprocess.Popen(command(book, site), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    ends = [build.communicate(timeout=60) and build.returncode for build in builds]
    assert ends == [0, 0, 0, 0]
    run(book, tmp_path / "fresh")
    assert files(site) == files(tmp_path / "fresh")
