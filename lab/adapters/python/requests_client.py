"""requests, with a session."""

import driver
import requests

session = requests.Session()


def send(request: driver.Request) -> tuple[int, bytes]:
    response = session.request(
        request.method, request.url, data=request.body, headers=request.headers, auth=request.auth
    )
    return response.status_code, response.content


driver.serve(send, requests.__version__)
