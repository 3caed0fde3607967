"""The curl command."""

import shutil
import subprocess

import driver

CURL = shutil.which("curl") or "curl"
version = subprocess.run([CURL, "--version"], capture_output=True, text=True).stdout.split()[1]


def send(request: driver.Request) -> tuple[int, bytes]:
    command = [CURL, "-q", "-sS", "-w", "\n%{http_code}", request.url]
    # curl has options for these methods, which -X would override after redirects.
    if request.method == "HEAD":
        command.append("--head")
    elif request.body is not None and request.method == "POST":
        command += ["--data", request.body.decode()]
    elif request.body is not None:
        command += ["--request", request.method, "--data", request.body.decode()]
    elif request.method != "GET":
        command += ["--request", request.method]
    if request.follow:
        command.append("--location")
    if request.user:
        command += ["--user", f"{request.user}:{request.password}"]
    for name, value in request.headers.items():
        command += ["--header", f"{name}: {value}"]
    process = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    body, _, status = process.stdout.rpartition(b"\n")
    if process.returncode:
        raise driver.HttpStatusError(f"exit status {process.returncode}", int(status or 0))
    if request.method == "HEAD":
        body = body.rpartition(b"\r\n\r\n")[2]
    return int(status), body


driver.serve(send, version)
