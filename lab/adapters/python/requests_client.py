"""requests, with a session."""

from functools import lru_cache

import driver
import requests


@lru_cache(maxsize=1)
def session(_run: str) -> requests.Session:
    return requests.Session()


def send(request: driver.Request) -> tuple[int, bytes]:
    response = session(request.run).request(
        request.method, request.url, data=request.body, headers=request.headers, auth=request.auth
    )
    return response.status_code, response.content


driver.serve(send, requests.__version__)
