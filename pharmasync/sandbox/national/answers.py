"""The answers: what a call that was carried out or refused is told, in the form the switches ask for."""

import json
from email.utils import formatdate
from math import ceil
from time import time

from aiohttp import web

from pharmasync.sandbox.national.kinds import INVOICE, Kind
from pharmasync.sandbox.national.refusal import RefusedError
from pharmasync.sandbox.national.switches import Switches

_DONE = "Thành công"


def json_answer(content: object, status: int = 200) -> web.Response:
    """Answer JSON in UTF-8."""
    body = json.dumps(content, ensure_ascii=False).encode(errors="replace")
    return web.Response(body=body, status=status, content_type="application/json", charset="utf-8")


def stored(form: str, kind: Kind, code: str, national_id: str) -> web.Response:
    """Answer a document that was stored or corrected.

    Args:
        form: The switch ``answer_form``.
        kind: The document's kind.
        code: The facility's own code, which the ``echo`` form repeats.
        national_id: The national id.
    """
    if form == "list" and kind is not INVOICE:
        return json_answer(national_id)
    return json_answer(_told(form, kind, code, national_id))


def read(form: str, kind: Kind, code: str, national_id: str, body: dict[str, object]) -> web.Response:
    """Answer a document that was looked up: the same as when it was stored, with the document as ``data``."""
    return json_answer({**_told(form, kind, code, national_id), "data": body})


def _told(form: str, kind: Kind, code: str, national_id: str) -> dict[str, object]:
    if form == "echo":
        return {kind.code_field: code, "code": 200, "mess": _DONE, kind.national_field: national_id}
    if form == "list" and kind is INVOICE:
        return {kind.code_field: national_id, "code": 200, "mess": _DONE}
    # Some clients read "mess" and some "message": invoices carry the one, slips the other.
    words = "mess" if kind is INVOICE else "message"
    return {"code": _code(form, 200), words: _DONE, kind.national_field: national_id}


def withdrawn(form: str) -> web.Response:
    """Answer a document that was withdrawn."""
    return json_answer({"code": _code(form, 200), "mess": _DONE})


def refused(switches: Switches, refusal: RefusedError) -> web.Response:
    """Answer a refused document, by the HTTP status or by the code inside an HTTP 200."""
    status = refusal.http_status
    if status is None:
        status = refusal.code if switches.refuse_with == "http" else 200
    content = {"code": _code(switches.answer_form, refusal.code), "message": refusal.message}
    return json_answer(content, status)


def trouble(status: int, message: str) -> web.Response:
    """Answer with an HTTP status that stands for itself, such as 401 or 500."""
    return json_answer({"code": status, "message": message}, status)


def unauthorized() -> web.Response:
    """Answer a call without a good token."""
    return trouble(401, "Token không hợp lệ hoặc đã hết hạn")


def too_many_calls(seconds: float, form: str = "seconds") -> web.Response:
    """Answer 429.

    Args:
        seconds: Seconds until the next call may come; told as whole ones, rounded up.
        form: ``seconds`` or ``date``.
    """
    answer = trouble(429, "Quá nhiều yêu cầu")
    whole = ceil(seconds)
    answer.headers["Retry-After"] = str(whole) if form == "seconds" else formatdate(time() + whole, usegmt=True)
    return answer


def cut(request: web.Request) -> web.Response:
    """Cut the connection. What is returned reaches nobody."""
    hang_up(request)
    return web.Response()


def hang_up(request: web.Request) -> None:
    """Cut the connection; what was sent may still arrive."""
    if request.transport is not None:
        request.transport.abort()


def _code(form: str, code: int) -> int | str:
    return str(code) if form == "clients" else code
