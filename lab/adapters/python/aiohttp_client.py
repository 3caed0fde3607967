"""aiohttp, with a session."""

import asyncio
from threading import Thread

import aiohttp
import driver

loop = asyncio.new_event_loop()
# The loop also runs between two requests, as in other programs, so idle connections are watched.
Thread(target=loop.run_forever, daemon=True).start()
sessions: dict[str, aiohttp.ClientSession] = {}


async def session(run: str) -> aiohttp.ClientSession:
    if run not in sessions:
        for old in sessions.values():
            await old.close()
        sessions.clear()
        sessions[run] = aiohttp.ClientSession()
    return sessions[run]


async def fetch(request: driver.Request) -> tuple[int, bytes]:
    call = (await session(request.run)).request(
        request.method,
        request.url,
        data=request.body,
        headers=request.headers,
        auth=aiohttp.BasicAuth(*request.auth) if request.auth else None,
    )
    async with call as response:
        return response.status, await response.read()


def send(request: driver.Request) -> tuple[int, bytes]:
    return asyncio.run_coroutine_threadsafe(fetch(request), loop).result()


driver.serve(send, aiohttp.__version__)
