"""The wget command."""

import re
import subprocess

import driver

version = subprocess.run(["wget", "--version"], capture_output=True, text=True).stdout.split()[2]


def send(request: driver.Request) -> tuple[int, bytes]:
    command = ["wget", "--server-response", "--output-document=-"]
    # wget has an option for POST; with this one, it would keep the method after redirects.
    if request.method == "POST" and request.body is not None:
        command.append(f"--post-data={request.body.decode()}")
    elif request.method != "GET":
        command.append(f"--method={request.method}")
        if request.body is not None:
            command.append(f"--body-data={request.body.decode()}")
    if request.user:
        command += [f"--user={request.user}", f"--password={request.password}"]
    command += [f"--header={name}: {value}" for name, value in request.headers.items()]
    process = subprocess.run([*command, request.url], capture_output=True, stdin=subprocess.DEVNULL)
    statuses = re.findall(rb"^ +HTTP/\S+ (\d{3})\b", process.stderr, re.MULTILINE)
    status = int(statuses[-1]) if statuses else 0
    if process.returncode:
        raise driver.HttpStatusError(f"exit status {process.returncode}", status)
    return status, process.stdout


driver.serve(send, version)
