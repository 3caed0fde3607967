"""The standard library's urllib.request."""

import platform
import urllib.request

import driver


def send(request: driver.Request) -> tuple[int, bytes]:
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    if request.user:
        passwords.add_password(None, request.url, request.user, request.password)
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
    call = urllib.request.Request(request.url, request.body, request.headers, method=request.method)
    with opener.open(call) as response:
        return response.status, response.read()


driver.serve(send, platform.python_version())
