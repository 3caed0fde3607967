"""The preview as an ASGI application, which calls `respond` and streams each new state."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from pathlib import PurePosixPath
from typing import Any

from codebook.preview.guard import ListenAddress
from codebook.preview.responses import Request, Response, respond
from codebook.preview.state import LiveState, event_json

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_RETRY = 600
"""Milliseconds after which a page that has lost the connection reconnects."""


def application(
    live_state: LiveState, address: ListenAddress, client_files: Mapping[PurePosixPath, bytes]
) -> Application:
    """The application that serves the current state."""

    async def run(scope: Message, receive: Receive, send: Send) -> None:
        # Requests wait for the first build, because there is no site to show before it.
        await live_state.wait_for_first_build()
        response = respond(_request(scope), live_state.current, address, client_files)
        await send(_start(response))
        if response.is_stream:
            await _stream(live_state, receive, send)
        await send({"type": "http.response.body", "body": response.body})

    return run


def _request(scope: Message) -> Request:
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    )
    return Request(scope["method"], scope["raw_path"], scope["query_string"], headers)


def _start(response: Response) -> Message:
    headers = [(name.lower().encode(), value.encode()) for name, value in response.headers.items()]
    return {"type": "http.response.start", "status": response.status.value, "headers": headers}


async def _stream(live_state: LiveState, receive: Receive, send: Send) -> None:
    """Send the state, now and after each build, until the client disconnects or the server ends."""
    sending = asyncio.ensure_future(_send_events(live_state, send))
    disconnecting = asyncio.ensure_future(_wait_for_disconnect(receive))
    try:
        done, _ = await asyncio.wait({sending, disconnecting}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        sending.cancel()
        disconnecting.cancel()


async def _send_events(live_state: LiveState, send: Send) -> None:
    retry = f"retry: {_RETRY}\n"
    async for state in live_state.states():
        event = f"{retry}data: {event_json(state)}\n\n".encode()
        await send({"type": "http.response.body", "body": event, "more_body": True})
        retry = ""


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
