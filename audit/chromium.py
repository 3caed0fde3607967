"""Find Chromium, and download it to `.browsers/` if it isn't installed."""

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

BROWSERS_FOLDER = Path(__file__).resolve().parent.parent / ".browsers"
_UNPACKED_ROOT = BROWSERS_FOLDER / "root"
_FONTS = _UNPACKED_ROOT / "fonts.conf"
_PROBE = (
    "<b>words</b><script>const width = document.querySelector('b').offsetWidth;"
    "document.body.innerHTML = width ? '<p>well</p>' : ''</script>"
)
"""A page that changes only if its text has a width, which requires a font."""

_SHELL = "chromium-headless-shell"
"""Chromium without windows. It is faster in tests, and a smaller download."""

NAMES = (
    _SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
FLAGS = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    # Containers seldom support the sandbox, and only our own pages are opened.
    "--no-sandbox",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
"""Restrict Chromium to this machine, and let it run in a container."""


class MissingError(Exception):
    """Chromium isn't installed and can't be downloaded. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Browser:
    """A Chromium that can be started."""

    path: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    """Additional environment variables."""


@cache
def chromium() -> Browser:
    """The Chromium at $CHROMIUM, or an installed one, or a downloaded one.

    Raises MissingError if none starts.
    """
    if named := os.environ.get("CHROMIUM"):
        if browser := _first_working([Path(shutil.which(named) or named)]):
            return browser
        raise MissingError(f"CHROMIUM={named}: the browser can't be started")
    if browser := _first_working(_installed()) or _first_working(_downloaded()):
        return browser
    BROWSERS_FOLDER.mkdir(exist_ok=True)
    with FileLock(BROWSERS_FOLDER / "lock"):
        # Another process may have downloaded it in the meantime.
        return _first_working(_downloaded()) or _download()


def _installed() -> Iterator[Path]:
    for name in NAMES:
        if path := shutil.which(name):
            yield Path(path)


def _downloaded() -> Iterator[Path]:
    yield from sorted(BROWSERS_FOLDER.glob("chromium*/chrome-*/chrome*"))
    yield _UNPACKED_ROOT / "usr" / "lib" / "chromium" / _SHELL


def _first_working(paths: Iterator[Path] | list[Path]) -> Browser | None:
    for path in paths:
        if os.access(path, os.X_OK) and path.is_file():
            is_unpacked = _UNPACKED_ROOT in path.parents
            browser = Browser(path, _environment() if is_unpacked else {})
            if _starts(browser):
                return browser
    return None


def _environment() -> Mapping[str, str]:
    return {**debian.environment(_UNPACKED_ROOT), "FONTCONFIG_FILE": str(_FONTS)}


def _fonts() -> str:
    """A fontconfig configuration that includes the unpacked fonts."""
    rules = _UNPACKED_ROOT / "usr" / "share" / "fontconfig" / "conf.avail"
    latin_rules = (rules / "45-latin.conf", rules / "60-latin.conf")
    included = "".join(
        f'<include ignore_missing="yes">{escape(str(file))}</include>'
        for file in ("/etc/fonts/fonts.conf", *latin_rules)
    )
    return (
        f"<fontconfig>{included}"
        f"<dir>{escape(str(_UNPACKED_ROOT / 'usr' / 'share' / 'fonts'))}</dir>"
        f"<cachedir>{escape(str(BROWSERS_FOLDER / 'fonts'))}</cachedir></fontconfig>\n"
    )


def _starts(browser: Browser) -> bool:
    command = [str(browser.path), "--headless", *FLAGS, "--dump-dom", f"data:text/html,{_PROBE}"]
    try:
        process = subprocess.run(  # noqa: S603 - a program that we searched for
            command,
            capture_output=True,
            check=False,
            timeout=60,
            env={**os.environ, **browser.environment},
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return b"<p>well</p>" in process.stdout


def _download() -> Browser:
    _say("Chromium is not installed. Downloading it to .browsers/ (once)")
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium", "--only-shell"],
        env={**os.environ, **ENVIRONMENT, "PLAYWRIGHT_BROWSERS_PATH": str(BROWSERS_FOLDER)},
        capture_output=True,
        check=False,
    )
    if browser := _first_working(_downloaded()):
        _say(f"Downloaded with Playwright: {browser.path.relative_to(BROWSERS_FOLDER.parent)}")
        return browser
    reason = "the downloaded browser can't be started"
    try:
        unpack([_SHELL, "fonts-dejavu-core", "fontconfig-config"], _UNPACKED_ROOT)
        _FONTS.write_text(_fonts(), encoding="utf-8")
    except UnpackError as error:
        reason = str(error)
    if browser := _first_working(_downloaded()):
        _say(f"Downloaded with apt-get to .browsers/: {_SHELL}")
        return browser
    raise MissingError(
        f"{reason}\nThis command needs Chromium. Install it (on Debian and Ubuntu: apt install "
        "chromium) or set CHROMIUM=/path/to/chromium, and then run the command again."
    )


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
