"""At most one round trip a call, however full a cap is and whoever has used it up."""

from collections.abc import Callable

import pytest
import redis

from pharmasync.errors import LimitReachedError
from pharmasync.limits import LimitedTurnstile, Limits, Patience
from pharmasync.limits.shared import CALLS, LINE
from tests.calls import Calls, many, runs, trips

pytestmark = pytest.mark.integration

AProcess = Callable[..., LimitedTurnstile]
Until = Callable[[Callable[[], bool]], None]


LIMITS = [
    pytest.param(Limits(max_rps=400.0), id="a rate"),
    pytest.param(Limits(max_calls=100, max_calls_per_shop=100), id="caps with room"),
    pytest.param(Limits(max_calls=3), id="a full cap"),
    pytest.param(Limits(max_calls_per_shop=1), id="full shops"),
    pytest.param(Limits(max_rps=400.0, max_calls=3, max_calls_per_shop=2), id="everything"),
]


@pytest.mark.parametrize("processes", [1, 3])
@pytest.mark.parametrize("limits", LIMITS)
def test_many_threads_need_no_more_trips_than_they_make_calls(
    a_process: AProcess, client: "redis.Redis", limits: Limits, processes: int
) -> None:
    turnstiles, calls = [a_process(limits) for _ in range(processes)], Calls()

    def work(number: int) -> None:
        for _ in range(15):
            calls.make(turnstiles[number % processes], f"S{number % 4}")

    before = trips(client)
    with many(12) as start:
        for number in range(12):
            start(work, number)
    assert len(calls.began) == 12 * 15
    assert trips(client) - before <= 12 * 15


def test_one_thread_gives_a_slot_back_with_its_next_call(a_process: AProcess, client: "redis.Redis") -> None:
    turnstile, calls = a_process(Limits(max_calls=1)), Calls()
    before = trips(client)
    for _ in range(20):
        calls.make(turnstile, "A")
    assert trips(client) - before == 20


def test_a_call_that_has_no_successor_gives_its_slot_back_by_a_message_that_nobody_waits_for(
    a_process: AProcess, client: "redis.Redis", until: Until
) -> None:
    turnstile, calls = a_process(Limits(max_calls=2, max_calls_per_shop=1)), Calls()
    trips_before, runs_before = trips(client), runs(client)
    for _ in range(3):
        calls.make(turnstile, "A")
        until(lambda: not client.keys())
    assert trips(client) - trips_before == 3
    assert runs(client) - runs_before == 2 * 3


def test_who_waits_for_another_process_asks_once_and_is_called_in(
    a_process: AProcess, client: "redis.Redis", until: Until
) -> None:
    limits, calls = Limits(max_calls=1), Calls()
    waiting = a_process(limits)
    with many(5) as start, a_process(limits).pass_for("A"):
        before = trips(client)
        for number in range(5):
            start(calls.make, waiting, f"S{number}")
        until(lambda: client.zcard(LINE) == 1)
    assert len(calls.began) == 5
    assert trips(client) - before <= 5


def test_whose_patience_ends_in_line_has_asked_once_and_leaves_nothing_behind(
    a_process: AProcess, client: "redis.Redis", until: Until
) -> None:
    limits = Limits(max_calls=1)
    with a_process(limits).pass_for("A"):
        before = trips(client)
        impatient = a_process(limits, patience=Patience(shop=0.05, overall=0.1))
        with pytest.raises(LimitReachedError), impatient.pass_for("B"):
            pass
        assert trips(client) - before == 1
        until(lambda: client.zcard(LINE) == 0)


def test_a_slot_that_nobody_takes_along_is_given_back_soon(
    a_process: AProcess, client: "redis.Redis", until: Until
) -> None:
    turnstile = a_process(Limits(max_calls=3, max_calls_per_shop=3))
    with turnstile.pass_for("A"), turnstile.pass_for("A"):
        assert client.zcard(CALLS) == 2
    until(lambda: not client.keys())


def test_closing_gives_back_at_once(
    a_process: AProcess, client: "redis.Redis", until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pharmasync.limits.gate.LINGER_SECONDS", 60.0)
    turnstile = a_process(Limits(max_calls=3))
    with turnstile.pass_for("A"):
        pass
    assert client.zcard(CALLS) == 1
    turnstile.gate.close()
    until(lambda: not client.keys())
