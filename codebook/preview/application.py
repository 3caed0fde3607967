"""The preview as an ASGI application: hands requests to `answers`, and streams what is new."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from pathlib import PurePosixPath
from typing import Any

from codebook.preview.guard import Listening
from codebook.preview.responses import Request, Response, respond
from codebook.preview.showing import news
from codebook.preview.stage import Stage

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_AGAIN = 600
"""Milliseconds after which a page that has lost the server looks for it again."""


def application(
    stage: Stage, listening: Listening, client: Mapping[PurePosixPath, bytes]
) -> Application:
    """The application that shows what is on the stage."""

    async def run(scope: Message, receive: Receive, send: Send) -> None:
        # Whoever is early waits a moment: to be told that there is nothing yet is of no use.
        await stage.begun()
        given = respond(_request(scope), stage.showing, listening, client)
        await send(_start(given))
        if given.is_stream:
            await _stream(stage, receive, send)
        await send({"type": "http.response.body", "body": given.body})

    return run


def _request(scope: Message) -> Request:
    fields = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return Request(scope["method"], scope["raw_path"], scope["query_string"], tuple(fields))


def _start(given: Response) -> Message:
    fields = [(name.lower().encode(), value.encode()) for name, value in given.fields.items()]
    return {"type": "http.response.start", "status": given.status.value, "headers": fields}


async def _stream(stage: Stage, receive: Receive, send: Send) -> None:
    """Send what is shown, now and after each build, until the visitor leaves or the server ends."""
    telling = asyncio.ensure_future(_tell(stage, send))
    leaving = asyncio.ensure_future(_left(receive))
    try:
        done, _ = await asyncio.wait({telling, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            each.result()
    finally:
        telling.cancel()
        leaving.cancel()


async def _tell(stage: Stage, send: Send) -> None:
    again = f"retry: {_AGAIN}\n"
    async for showing in stage.showings():
        event = f"{again}data: {news(showing)}\n\n".encode()
        await send({"type": "http.response.body", "body": event, "more_body": True})
        again = ""


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
