"""The broken answers: what each fault does, instead of carrying a call out or with the answer to it."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache

from aiohttp import web

from pharmasync.sandbox.national import answers, streamed_answers
from pharmasync.sandbox.national.faults import Faults
from pharmasync.sandbox.national.foreign_answers import about_another

HUGE_BODY_BYTES = 10_000_000

_BAD_GATEWAY = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>"
)

Instead = Callable[[web.Request, Faults], web.Response]
Afterwards = Callable[[web.Request, web.Response, Faults], Awaitable[web.StreamResponse]]


def _error_500(_request: web.Request, _faults: Faults) -> web.Response:
    return answers.trouble(500, "Lỗi hệ thống")


def _error_503(_request: web.Request, _faults: Faults) -> web.Response:
    return answers.trouble(503, "Hệ thống đang bảo trì")


def _html_502(_request: web.Request, _faults: Faults) -> web.Response:
    return web.Response(text=_BAD_GATEWAY, status=502, content_type="text/html")


def _rate_limited(_request: web.Request, faults: Faults) -> web.Response:
    return answers.too_many_calls(faults.retry_after_seconds)


def _rate_limited_date(_request: web.Request, faults: Faults) -> web.Response:
    return answers.too_many_calls(faults.retry_after_seconds, "date")


def _cut_before(request: web.Request, _faults: Faults) -> web.Response:
    return answers.cut(request)


def _expired_token(_request: web.Request, _faults: Faults) -> web.Response:
    return answers.unauthorized()


def _redirect(_request: web.Request, _faults: Faults) -> web.Response:
    return web.Response(status=302, headers={"Location": "/"})


async def _lost_answer(request: web.Request, _answer: web.Response, _faults: Faults) -> web.Response:
    return answers.cut(request)


async def _stall(_request: web.Request, answer: web.Response, faults: Faults) -> web.Response:
    await asyncio.sleep(faults.stall_seconds)
    return answer


async def _empty_body(_request: web.Request, _answer: web.Response, _faults: Faults) -> web.Response:
    return web.Response(content_type="application/json")


async def _truncated_json(_request: web.Request, answer: web.Response, _faults: Faults) -> web.Response:
    body = answer.body if isinstance(answer.body, bytes) else b"{}"
    return web.Response(body=body[: len(body) // 2], status=answer.status, content_type="application/json")


async def _wrong_types(_request: web.Request, _answer: web.Response, _faults: Faults) -> web.Response:
    return answers.json_answer({"ma_hoa_don": ["x"], "ma_phieu": 7, "code": {"value": 200}, "mess": None})


async def _huge_body(_request: web.Request, _answer: web.Response, _faults: Faults) -> web.Response:
    return web.Response(body=_ten_megabytes(), content_type="application/json")


async def _drip(request: web.Request, answer: web.Response, faults: Faults) -> web.StreamResponse:
    return await streamed_answers.drip(request, answer, faults.drip_seconds)


async def _endless_body(request: web.Request, _answer: web.Response, _faults: Faults) -> web.StreamResponse:
    return await streamed_answers.never_end(request)


async def _closed_half_way(request: web.Request, answer: web.Response, _faults: Faults) -> web.StreamResponse:
    return await streamed_answers.close_half_way(request, answer)


async def _other_document(_request: web.Request, answer: web.Response, _faults: Faults) -> web.Response:
    return about_another(answer)


@cache
def _ten_megabytes() -> bytes:
    return b'{"code": 200, "mess": "' + b"x" * HUGE_BODY_BYTES + b'"}'


INSTEAD: dict[str, Instead] = {
    "error_500": _error_500,
    "error_503": _error_503,
    "html_502": _html_502,
    "rate_limited": _rate_limited,
    "cut_before": _cut_before,
    "expired_token": _expired_token,
    "redirect": _redirect,
    "rate_limited_date": _rate_limited_date,
}
"""The faults that keep a call from being carried out."""

AFTERWARDS: dict[str, Afterwards] = {
    "lost_answer": _lost_answer,
    "stall": _stall,
    "empty_body": _empty_body,
    "truncated_json": _truncated_json,
    "wrong_types": _wrong_types,
    "huge_body": _huge_body,
    "drip": _drip,
    "endless_body": _endless_body,
    "closed_half_way": _closed_half_way,
    "other_document": _other_document,
}
"""The faults that strike once a call was carried out."""
