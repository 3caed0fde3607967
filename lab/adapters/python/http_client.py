"""The standard library's http.client, which is below most Python clients."""

import http.client
import platform
from functools import lru_cache
from urllib.parse import urlsplit

import driver


@lru_cache(maxsize=1)
def connect(_run: str, host: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(host)


def send(request: driver.Request) -> tuple[int, bytes]:
    url = urlsplit(request.url)
    connection = connect(request.run, url.netloc)
    try:
        connection.request(request.method, url.path, request.body, request.headers)
        response = connection.getresponse()
        return response.status, response.read()
    except (http.client.HTTPException, OSError):
        # After an error, a connection can only be opened again.
        connection.close()
        raise


driver.serve(send, platform.python_version())
