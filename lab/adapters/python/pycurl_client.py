"""PycURL, with the libcurl that its package contains."""

import io
from functools import lru_cache

import driver
import pycurl


@lru_cache(maxsize=1)
def handle(_run: str) -> pycurl.Curl:
    return pycurl.Curl()


def send(request: driver.Request) -> tuple[int, bytes]:
    curl, content = handle(request.run), io.BytesIO()
    curl.reset()  # keeps the connections
    curl.setopt(pycurl.URL, request.url)
    curl.setopt(pycurl.WRITEDATA, content)
    curl.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in request.headers.items()])
    curl.setopt(pycurl.FOLLOWLOCATION, request.follow)
    if request.body is not None:
        curl.setopt(pycurl.POSTFIELDS, request.body)
    # libcurl has options for the other methods, which this one would override after redirects.
    if request.method == "HEAD":
        curl.setopt(pycurl.NOBODY, 1)
    elif request.method not in {"GET", "POST"}:
        curl.setopt(pycurl.CUSTOMREQUEST, request.method)
    if request.user:
        curl.setopt(pycurl.USERPWD, f"{request.user}:{request.password}")
    try:
        curl.perform()
    except pycurl.error as error:
        status = curl.getinfo(pycurl.RESPONSE_CODE)
        raise driver.HttpStatusError(f"error {error.args[0]}", status) from None
    return curl.getinfo(pycurl.RESPONSE_CODE), content.getvalue()


python_version, libcurl_version = pycurl.version.split()[0], pycurl.version_info()[1]
driver.serve(send, f"{python_version.partition('/')[2]}, libcurl {libcurl_version}")
