"""The wget2 command."""

import re
import subprocess
import tempfile
from pathlib import Path

import driver

STATUS = rb"^HTTP(?:/\S+|(?: ERROR)? response) (\d{3})\b"
version = subprocess.run(["wget2", "--version"], capture_output=True, text=True).stdout.split()[2]


def send(request: driver.Request) -> tuple[int, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "content")
        # Headers go to standard output.
        command = ["wget2", "--server-response", f"--output-document={path}"]
        if request.method == "HEAD":
            command.append("--spider")
        if request.body is not None:
            command.append(f"--post-data={request.body.decode()}")
        if request.user:
            command += [f"--user={request.user}", f"--password={request.password}"]
        command += [f"--header={name}: {value}" for name, value in request.headers.items()]
        process = subprocess.run(
            [*command, request.url], capture_output=True, stdin=subprocess.DEVNULL
        )
        output = process.stdout + process.stderr
        statuses = re.findall(
            rb"^HTTP(?:/\S+|(?: ERROR)? response) (\d{3})\b", output, re.MULTILINE
        )
        status = int(statuses[-1]) if statuses else 0
        if process.returncode:
            raise driver.HttpStatusError(f"exit status {process.returncode}", status)
        return status, path.read_bytes() if path.is_file() else b""


driver.serve(send, version)
