"""The aria2c command."""

import re
import subprocess
import tempfile
from pathlib import Path

import driver

version = subprocess.run(["aria2c", "--version"], capture_output=True, text=True).stdout.split()[2]


def send(request: driver.Request) -> tuple[int, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        log, path = Path(folder, "log"), Path(folder, "content")
        command = ["aria2c", f"--dir={folder}", f"--out={path.name}"]
        # The log is the only place that has the status of a response.
        command += [f"--log={log}", "--log-level=info"]
        if request.user:
            command += [f"--http-user={request.user}", f"--http-passwd={request.password}"]
        command += [f"--header={name}: {value}" for name, value in request.headers.items()]
        process = subprocess.run(
            [*command, request.url], capture_output=True, stdin=subprocess.DEVNULL
        )
        statuses = re.findall(rb"^HTTP/\S+ (\d{3})\b", log.read_bytes(), re.MULTILINE)
        status = int(statuses[-1]) if statuses else 0
        if process.returncode:
            raise driver.HttpStatusError(f"exit status {process.returncode}", status)
        return status, path.read_bytes() if path.is_file() else b""


driver.serve(send, version)
