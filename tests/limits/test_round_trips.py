"""At most one round trip a call, and those that wait do not hammer."""

import time
from collections.abc import Callable

import pytest
import redis

from pharmasync.errors import LimitReachedError
from pharmasync.limits import LimitedTurnstile, Limits, Patience
from pharmasync.limits.gate import LINGER_SECONDS
from pharmasync.limits.shared import CALLS
from tests.calls import Calls, many, trips

pytestmark = pytest.mark.integration

AProcess = Callable[..., LimitedTurnstile]
Until = Callable[[Callable[[], bool]], None]


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param(Limits(max_rps=400.0), id="a rate"),
        pytest.param(Limits(max_calls=100, max_calls_per_shop=100), id="caps with room"),
        pytest.param(Limits(max_calls=3), id="a full cap"),
        pytest.param(Limits(max_rps=400.0, max_calls=3, max_calls_per_shop=2), id="everything"),
    ],
)
def test_many_threads_need_no_more_trips_than_they_make_calls(
    a_process: AProcess, client: "redis.Redis", limits: Limits
) -> None:
    turnstile, calls = a_process(limits), Calls()

    def work(number: int) -> None:
        for _ in range(15):
            calls.make(turnstile, f"S{number % 4}")

    before = trips(client)
    with many(12) as start:
        for number in range(12):
            start(work, number)
    turnstile.gate.close()
    assert len(calls.began) == 12 * 15
    assert trips(client) - before <= 12 * 15 + 1  # the last slots have nobody to take them along


def test_one_thread_gives_a_slot_back_with_its_next_call(a_process: AProcess, client: "redis.Redis") -> None:
    turnstile, calls = a_process(Limits(max_calls=1)), Calls()
    before = trips(client)
    for _ in range(20):
        calls.make(turnstile, "A")
    turnstile.gate.close()
    assert trips(client) - before <= 20 + 1


def test_calls_that_are_far_apart_need_a_trip_each_where_half_of_the_slots_are_free(
    a_process: AProcess, client: "redis.Redis"
) -> None:
    turnstile, calls = a_process(Limits(max_calls=4, max_calls_per_shop=2)), Calls()
    before = trips(client)
    for shop in "ABAB":
        calls.make(turnstile, shop)
        time.sleep(2 * LINGER_SECONDS)  # nobody comes: that is what is tested
    assert trips(client) - before == 4
    assert client.zcard(CALLS) == 1


def test_those_who_wait_for_another_process_share_their_polls(a_process: AProcess, client: "redis.Redis") -> None:
    limits = Limits(max_calls=1)
    patience = Patience(shop=1.0, overall=1.0)

    def wait(turnstile: LimitedTurnstile, number: int) -> None:
        with pytest.raises(LimitReachedError), turnstile.pass_for(f"S{number}"):
            pass

    with a_process(limits).pass_for("A"), many(20) as start:
        before = trips(client)
        poor = a_process(limits, patience=patience)
        for number in range(20):
            start(wait, poor, number)
    assert trips(client) - before <= 20 + 1.0 / 0.05


def test_a_slot_that_nobody_takes_along_is_given_back_soon(
    a_process: AProcess, client: "redis.Redis", until: Until
) -> None:
    turnstile = a_process(Limits(max_calls=3, max_calls_per_shop=3))
    with turnstile.pass_for("A"), turnstile.pass_for("A"):
        assert client.zcard(CALLS) == 2
    until(lambda: not client.keys())


def test_so_is_one_that_was_taken_while_there_was_room(
    a_process: AProcess, client: "redis.Redis", until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pharmasync.limits.gate.ROOMY_LINGER_SECONDS", 0.01)
    with a_process(Limits(max_calls=3)).pass_for("A"):
        pass
    until(lambda: not client.keys())


def test_closing_gives_back_at_once(a_process: AProcess, client: "redis.Redis") -> None:
    turnstile = a_process(Limits(max_calls=3))
    with turnstile.pass_for("A"):
        pass
    turnstile.gate.close()
    assert client.keys() == []
