"""What counts as down, and what is an answer."""

import pytest

from pharmasync.circuit.sign import Sign, sign_of_answer, sign_of_error
from pharmasync.errors import (
    CircuitOpenError,
    DeliveryError,
    LeaseEndingError,
    LimitReachedError,
    LostAnswerError,
    NetworkTroubleError,
    TooLateError,
    UnreachableError,
    UnreadableAnswerError,
)
from pharmasync.national.http import Request, Response

PAGE = b"<!DOCTYPE html><title>bao tri</title>"


def answer(status: int, method: str = "POST", body: bytes = b"{}", content_type: str = "application/json") -> Sign:
    request = Request(method=method, path="/", writes=method != "GET")
    return sign_of_answer(request, Response(status=status, body=body, content_type=content_type))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("status", [502, 503, 504])
def test_what_a_proxy_says_of_a_server_that_is_down_is_down(status: int, method: str) -> None:
    assert answer(status, method) is Sign.DOWN


@pytest.mark.parametrize("status", [200, 201, 302, 400, 401, 403, 404, 405, 408, 409, 422, 423, 429, 500, 501])
def test_every_other_answer_is_an_answer(status: int) -> None:
    assert answer(status) is Sign.UP


@pytest.mark.parametrize(("body", "content_type"), [(PAGE, ""), (b"", "text/html; charset=utf-8")])
@pytest.mark.parametrize("status", [200, 302, 500])
def test_a_page_instead_of_json_is_down(status: int, body: bytes, content_type: str) -> None:
    assert answer(status, body=body, content_type=content_type) is Sign.DOWN


def test_json_that_is_called_a_page_is_an_answer() -> None:
    assert answer(200, body=b'{"code": 200}', content_type="text/html; charset=utf-8") is Sign.UP


@pytest.mark.parametrize("status", [400, 403, 404, 405, 429])
def test_a_refusal_that_is_a_page_is_an_answer(status: int) -> None:
    assert answer(status, body=PAGE) is Sign.UP


def test_a_page_in_answer_to_a_look_up_may_be_a_server_without_look_ups() -> None:
    assert answer(200, "GET", PAGE) is Sign.UP
    assert answer(500, "GET", PAGE) is Sign.DOWN


@pytest.mark.parametrize("error", [UnreachableError("x"), NetworkTroubleError("x"), LostAnswerError("x")])
def test_a_call_that_got_no_answer_is_down_unless_it_was_cut_by_us(error: DeliveryError) -> None:
    assert sign_of_error(error, cut_by_us=False) is Sign.DOWN
    assert sign_of_error(error, cut_by_us=True) is Sign.NOTHING


@pytest.mark.parametrize(
    "error", [UnreadableAnswerError("too large", http_status=200), NetworkTroubleError("too large", http_status=200)]
)
def test_an_answer_that_was_too_large_is_an_answer(error: DeliveryError) -> None:
    assert sign_of_error(error, cut_by_us=False) is Sign.UP


@pytest.mark.parametrize(
    "error", [LeaseEndingError("x"), LimitReachedError("x"), CircuitOpenError("x"), TooLateError("x")]
)
def test_a_call_that_was_not_made_says_nothing(error: DeliveryError) -> None:
    assert sign_of_error(error, cut_by_us=False) is Sign.NOTHING
