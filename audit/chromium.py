"""Finds a Chromium, and gets one into `.browsers/` where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from filelock import FileLock

from audit import debian
from audit.debian import UnpackError, unpack
from audit.driver import ENVIRONMENT

HERE = Path(__file__).resolve().parent.parent / ".browsers"
_UNPACKED = HERE / "root"
_FONTS = _UNPACKED / "fonts.conf"
_PROBE = (
    "<b>words</b><script>const width = document.querySelector('b').offsetWidth;"
    "document.body.innerHTML = width ? '<p>well</p>' : ''</script>"
)
"""A page that changes where its words have a width: without a font it would have none to show."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    # A container has seldom what the sandbox is made of, and we open nothing but our own pages.
    "--no-sandbox",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
"""With these it asks nobody but the machine itself, and runs in a container."""


class MissingError(Exception):
    """There is no Chromium, and none can be had; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Browser:
    """A Chromium that can be started."""

    path: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    """What it needs beside the environment that it is started from."""


@cache
def chromium() -> Browser:
    """The Chromium that $CHROMIUM names, else one of this machine, else one that is fetched.

    Raises MissingError where none starts.
    """
    if named := os.environ.get("CHROMIUM"):
        if browser := _first([Path(shutil.which(named) or named)]):
            return browser
        raise MissingError(f"CHROMIUM={named} is no browser that starts")
    if browser := _first(_installed()) or _first(_fetched()):
        return browser
    HERE.mkdir(exist_ok=True)
    with FileLock(HERE / "lock"):
        # Whoever held the lock may have fetched it.
        return _first(_fetched()) or _fetch()


def _installed() -> Iterator[Path]:
    for name in NAMES:
        if found := shutil.which(name):
            yield Path(found)


def _fetched() -> Iterator[Path]:
    yield from sorted(HERE.glob("chromium*/chrome-*/chrome*"))
    yield _UNPACKED / "usr" / "lib" / "chromium" / "chromium"


def _first(paths: Iterator[Path] | list[Path]) -> Browser | None:
    for path in paths:
        if os.access(path, os.X_OK) and path.is_file():
            is_unpacked = _UNPACKED in path.parents
            browser = Browser(path, _environment() if is_unpacked else {})
            if _starts(browser):
                return browser
    return None


def _environment() -> Mapping[str, str]:
    return {**debian.environment(_UNPACKED), "FONTCONFIG_FILE": str(_FONTS)}


def _fonts() -> str:
    """Settings of fontconfig by which those fonts are found that were unpacked, too."""
    rules = _UNPACKED / "usr" / "share" / "fontconfig" / "conf.avail"
    own = (rules / "45-latin.conf", rules / "60-latin.conf")
    included = "".join(
        f'<include ignore_missing="yes">{escape(str(file))}</include>'
        for file in ("/etc/fonts/fonts.conf", *own)
    )
    return (
        f"<fontconfig>{included}"
        f"<dir>{escape(str(_UNPACKED / 'usr' / 'share' / 'fonts'))}</dir>"
        f"<cachedir>{escape(str(HERE / 'fonts'))}</cachedir></fontconfig>\n"
    )


def _starts(browser: Browser) -> bool:
    command = [str(browser.path), "--headless", *FLAGS, "--dump-dom", f"data:text/html,{_PROBE}"]
    try:
        done = subprocess.run(  # noqa: S603 - a program of a name that we look for
            command,
            capture_output=True,
            check=False,
            timeout=60,
            env={**os.environ, **browser.environment},
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return b"<p>well</p>" in done.stdout


def _fetch() -> Browser:
    _say("There is no Chromium here: getting one into .browsers/, once")
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium", "--only-shell"],
        env={**os.environ, **ENVIRONMENT, "PLAYWRIGHT_BROWSERS_PATH": str(HERE)},
        capture_output=True,
        check=False,
    )
    if browser := _first(_fetched()):
        _say(f"Fetched by Playwright: {browser.path.relative_to(HERE.parent)}")
        return browser
    why = "what was fetched does not start"
    try:
        unpack(["chromium", "fonts-dejavu-core", "fontconfig-config"], _UNPACKED)
        _FONTS.write_text(_fonts(), encoding="utf-8")
    except UnpackError as error:
        why = str(error)
    if browser := _first(_fetched()):
        _say("Fetched with apt-get and unpacked into .browsers/: chromium")
        return browser
    raise MissingError(
        f"{why}\nThe pages are tried in a real browser. Install Chromium, then run this again (on "
        "Debian and Ubuntu: apt install chromium), or name one with CHROMIUM=/path/to/chromium."
    )


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
