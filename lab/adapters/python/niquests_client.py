"""niquests, with a session."""

from functools import lru_cache

import driver
import niquests


@lru_cache(maxsize=1)
def session(_run: str) -> niquests.Session:
    return niquests.Session()


def send(request: driver.Request) -> tuple[int, bytes]:
    response = session(request.run).request(
        request.method, request.url, data=request.body, headers=request.headers, auth=request.auth
    )
    return response.status_code, response.content


driver.serve(send, niquests.__version__)
