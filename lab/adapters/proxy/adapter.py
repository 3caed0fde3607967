"""A reverse proxy in front of the lab's server, with a raw client."""

import os
from pathlib import Path

import driver

from lab.programs import FOLDER
from lab.proxies import client, start

name = os.environ["LAB_ARGUMENT"]


def send(request: driver.Request) -> tuple[int, bytes, str]:
    path = "/" + request.url.split("/", 3)[3]
    result = client.send(proxy.port, request.method, path, request.headers, request.body or b"")
    status = int(result.statuses[-1]) if result.statuses else None
    if result.error or status is None:
        raise driver.HttpStatusError(result.description, status)
    return status, result.content, " ".join(result.statuses)


with start.running(name, int(os.environ["LAB_PORT"]), Path(FOLDER, "proxies", name)) as proxy:
    driver.serve(send, proxy.version)
