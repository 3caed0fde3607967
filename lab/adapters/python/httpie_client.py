"""The http command of HTTPie, whose main function each request calls."""

import io
import tempfile
from pathlib import Path

import driver
import httpie
from httpie.context import Environment
from httpie.core import main
from httpie.status import ExitStatus

# Without a configuration, HTTPie looks for updates.
config = tempfile.TemporaryDirectory()
Path(config.name, "config.json").write_text('{"disable_update_warnings": true}', encoding="utf-8")


def send(request: driver.Request) -> tuple[int, bytes]:
    command = ["http", "--ignore-stdin", "--print=hb"]
    if request.follow:
        command.append("--follow")
    if request.user:
        command += ["--auth", f"{request.user}:{request.password}"]
    if request.body is not None:
        command += ["--raw", request.body.decode()]
    command += [request.method, request.url]
    command += [f"{name}:{value}" for name, value in request.headers.items()]
    output = io.TextIOWrapper(io.BytesIO())
    environment = Environment(
        config_dir=config.name, stdout=output, stdout_isatty=False, stderr=io.StringIO()
    )
    exit_status = main(command, environment)
    head, _, body = output.buffer.getvalue().partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1]) if head else None
    if exit_status != ExitStatus.SUCCESS:
        raise driver.HttpStatusError(f"exit status {int(exit_status)}", status)
    return status or 0, body


driver.serve(send, httpie.__version__)
