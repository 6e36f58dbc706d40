"""Answers whose trouble is how they arrive: too slowly, without an end, or not to their end."""

import asyncio
from contextlib import suppress

from aiohttp import web

from pharmasync.sandbox.national import answers

ENDLESS_CHUNK = b'{"code": 200, "mess": "' + b"x" * 16_000


async def drip(request: web.Request, answer: web.Response, seconds: float) -> web.StreamResponse:
    """Sends the answer byte by byte.

    Args:
        request: The call.
        answer: Its answer.
        seconds: The wait before each byte.
    """
    body = _body(answer)
    response = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    with suppress(ConnectionError):  # the client has had enough
        await response.prepare(request)
        for place in range(len(body)):
            await asyncio.sleep(seconds)
            await response.write(body[place : place + 1])
    return response


async def never_end(request: web.Request) -> web.StreamResponse:
    """Sends a body for as long as the client reads it."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    with suppress(ConnectionError):  # the client has had enough
        await response.prepare(request)
        while True:
            await response.write(ENDLESS_CHUNK)
            await asyncio.sleep(0)
    return response


async def close_half_way(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Promises the whole answer, sends half of it and cuts the connection."""
    body = _body(answer)
    response = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    with suppress(ConnectionError):  # the client was faster
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
    answers.hang_up(request)
    return response


def _body(answer: web.Response) -> bytes:
    return answer.body if isinstance(answer.body, bytes) else b"{}"
