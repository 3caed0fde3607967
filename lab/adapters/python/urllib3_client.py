"""urllib3, with a pool manager."""

from functools import lru_cache

import driver
import urllib3


@lru_cache(maxsize=1)
def pool(_run: str) -> urllib3.PoolManager:
    return urllib3.PoolManager()


def send(request: driver.Request) -> tuple[int, bytes]:
    response = pool(request.run).request(
        request.method, request.url, body=request.body, headers=request.headers
    )
    return response.status, response.data


driver.serve(send, urllib3.__version__)
