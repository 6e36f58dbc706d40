"""The guard: who may call, and what becomes of the circuit by it."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from pharmasync.circuit import CircuitGuard, KnownCircuit, State
from pharmasync.closing import ClosingTime
from pharmasync.errors import (
    CircuitOpenError,
    DeliveryError,
    LimitReachedError,
    LostAnswerError,
    NetworkTroubleError,
    ProbeFailedError,
    ProbeLostError,
    UnreachableError,
)
from pharmasync.national.http import Request, Response

POST = Request(method="POST", path="/", writes=True)
OPEN = State(is_open=True, failures=3)
ROW = "sales_invoice:7"
FINE = Response(status=200, body=b"{}")
DOWN = Response(status=503, body=b"{}", retry_after=7.0)


def gives(result: Response | DeliveryError) -> Callable[[], Response]:
    def call() -> Response:
        if isinstance(result, DeliveryError):
            raise result
        return result

    return call


def must_not_be_made() -> Response:
    raise AssertionError


@pytest.fixture
def guard(known: KnownCircuit) -> CircuitGuard:
    return CircuitGuard(known, row=lambda: ROW)


@pytest.fixture
def opened(scripted: Any) -> Any:
    scripted.state = OPEN
    return scripted


def test_an_answer_passes_and_is_not_told(guard: CircuitGuard, scripted: Any) -> None:
    for _ in range(100):
        assert guard.carry(POST, gives(FINE)) is FINE
    assert scripted.asked == ["read"]


def test_an_answer_that_shows_the_server_down_passes_and_is_told(guard: CircuitGuard, scripted: Any) -> None:
    assert guard.carry(POST, gives(DOWN)) is DOWN
    assert scripted.asked == ["read", "fail"]


@pytest.mark.parametrize("error", [UnreachableError("x"), LostAnswerError("x")])
def test_a_call_that_got_no_answer_ends_as_it_would_without_the_circuit(
    guard: CircuitGuard, scripted: Any, error: DeliveryError
) -> None:
    with pytest.raises(type(error)) as raised:
        guard.carry(POST, gives(error))
    assert raised.value is error
    assert scripted.asked == ["read", "fail"]


@pytest.mark.parametrize("error", [UnreachableError("x"), LostAnswerError("x")])
def test_a_call_that_got_no_answer_within_its_lease_is_told_as_well(
    guard: CircuitGuard, scripted: Any, error: DeliveryError
) -> None:
    with pytest.raises(type(error)):
        guard.carry(POST, gives(error), lambda: time.monotonic() + 60.0)
    assert scripted.asked == ["read", "fail"]


@pytest.mark.parametrize("failures", [1, 2])
def test_an_answer_after_failures_is_told_since_they_are_in_a_row_no_more(
    guard: CircuitGuard, scripted: Any, failures: int
) -> None:
    scripted.state = State(failures=failures)
    guard.carry(POST, gives(DOWN))
    guard.carry(POST, gives(FINE))
    assert scripted.asked == ["read", "fail", "succeed"]


def test_a_post_whose_answer_got_lost_is_lost_though_the_circuit_opened_meanwhile(
    guard: CircuitGuard, known: KnownCircuit, scripted: Any
) -> None:
    def call() -> Response:
        scripted.state = OPEN
        known.fail()
        raise LostAnswerError("lost")

    with pytest.raises(LostAnswerError) as raised:
        guard.carry(POST, call)
    assert not isinstance(raised.value, ProbeLostError)


def test_nobody_calls_while_it_is_open(guard: CircuitGuard, opened: Any) -> None:
    with pytest.raises(
        CircuitOpenError, match=r"máy chủ quốc gia không trả lời.* / the national server does not answer"
    ):
        guard.carry(POST, must_not_be_made)
    assert opened.asked == ["read", "take"]


def test_a_command_is_no_probe(known: KnownCircuit, opened: Any) -> None:
    opened.probe = ROW
    with pytest.raises(CircuitOpenError):
        CircuitGuard(known).carry(POST, must_not_be_made)


def test_the_probe_calls_and_closes_it(guard: CircuitGuard, opened: Any) -> None:
    opened.probe = ROW

    def call() -> Response:
        opened.state = State()
        return FINE

    assert guard.carry(POST, call) is FINE
    assert opened.asked == ["read", "take", "close"]
    assert guard.carry(POST, gives(FINE)) is FINE


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_any_answer_of_the_server_itself_closes_it(guard: CircuitGuard, opened: Any, status: int) -> None:
    opened.probe = ROW
    guard.carry(POST, gives(Response(status=status, body=b"{}")))
    assert opened.asked[-1] == "close"


@pytest.mark.parametrize(
    ("result", "error"),
    [(DOWN, ProbeFailedError), (UnreachableError("x"), CircuitOpenError), (LostAnswerError("x"), ProbeLostError)],
)
def test_a_probe_that_fails_leaves_it_open_and_its_row_counts_where_it_may_have_been_written(
    guard: CircuitGuard, opened: Any, result: Response | DeliveryError, error: type[DeliveryError]
) -> None:
    opened.probe = ROW
    with pytest.raises(error):
        guard.carry(POST, gives(result))
    assert opened.asked == ["read", "take", "stay open"]


@pytest.mark.parametrize("result", [DOWN, NetworkTroubleError("x"), UnreachableError("x")])
def test_a_probe_that_only_reads_finds_it_open(
    guard: CircuitGuard, opened: Any, result: Response | DeliveryError
) -> None:
    opened.probe = ROW
    with pytest.raises(CircuitOpenError):
        guard.carry(Request(method="GET", path="/"), gives(result))
    assert opened.asked == ["read", "take", "stay open"]


def test_a_probe_tells_what_it_was_answered(guard: CircuitGuard, opened: Any) -> None:
    opened.probe = ROW
    with pytest.raises(ProbeFailedError) as raised:
        guard.carry(POST, gives(DOWN))
    assert (raised.value.http_status, raised.value.retry_after) == (503, 7.0)


def test_a_probe_that_made_no_call_says_nothing(guard: CircuitGuard, opened: Any) -> None:
    opened.probe = ROW
    with pytest.raises(LimitReachedError):
        guard.carry(POST, gives(LimitReachedError("full")))
    assert opened.asked == ["read", "take"]


def test_calls_that_a_stopping_worker_or_an_ending_lease_cut_off_say_nothing(
    known: KnownCircuit, scripted: Any
) -> None:
    closing = ClosingTime()
    guard = CircuitGuard(known, closing)
    with pytest.raises(LostAnswerError):
        guard.carry(POST, gives(LostAnswerError("cut")), lambda: 0.0)
    closing.announce(0.0)
    with pytest.raises(LostAnswerError):
        guard.carry(POST, gives(LostAnswerError("cut")))
    assert scripted.asked == ["read"]
