"""Firefox, without a window."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from trust import trust

from audit.engines.program import find_program, running

_NAMES = ("firefox-esr", "firefox")
_BINARY = find_program(_NAMES) or _NAMES[0]
_CLOSED_PORT = 9
_PREFERENCES: Mapping[str, str | int | bool] = {
    # Firefox never uses the proxy for this machine; everything else ends there.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": _CLOSED_PORT,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": _CLOSED_PORT,
    # No pages of the first start.
    "browser.aboutwelcome.enabled": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


@contextmanager
def start(url: str, home: Path) -> Iterator[str]:
    """Run the browser on a URL until the end of the block, and yield its version."""
    profile = home / "profile"
    profile.mkdir()
    lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in _PREFERENCES.items())
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    output = subprocess.run(
        [_BINARY, "--version"], capture_output=True, text=True, check=True
    ).stdout
    trust(profile)
    with running([_BINARY, "--headless", "--no-remote", "--profile", str(profile), url], home):
        yield output.split()[-1]
