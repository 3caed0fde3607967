"""httpx, with a synchronous client."""

from functools import lru_cache

import driver
import httpx


@lru_cache(maxsize=1)
def client(_run: str) -> httpx.Client:
    return httpx.Client()


def send(request: driver.Request) -> tuple[int, bytes]:
    response = client(request.run).request(
        request.method,
        request.url,
        content=request.body,
        headers=request.headers,
        auth=request.auth,
        follow_redirects=request.follow,
    )
    return response.status_code, response.content


driver.serve(send, httpx.__version__)
