"""Have a browser trust the lab's certificates."""

from __future__ import annotations

import subprocess
from pathlib import Path

from lab.certificates import authority


def trust(database: Path) -> None:
    """Add the authority to an NSS database, which is created if it doesn't exist."""
    database.mkdir(parents=True, exist_ok=True)
    certutil = ["certutil", "-d", f"sql:{database}"]
    subprocess.run([*certutil, "-N", "--empty-password"], check=True)
    certificate = ["-n", "lab", "-t", "C,,", "-i", str(authority())]
    subprocess.run([*certutil, "-A", *certificate], check=True)
