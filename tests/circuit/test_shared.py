"""The circuit in a real Redis, as several processes have it."""

import logging
import time
from collections.abc import Callable

import pybreaker
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from pharmasync.circuit import SharedCircuit
from pharmasync.circuit.shared import PROBE_LIFE_SECONDS, TURN
from pharmasync.circuit.storage import CIRCUIT, RAMP, STATE
from pharmasync.sandbox.servers import free_port
from tests.calls import trips

pytestmark = pytest.mark.integration

AProcess = Callable[[], SharedCircuit]

PROBE_SECONDS = 5.0


def fail(circuit: SharedCircuit, times: int) -> bool:
    return [circuit.fail() for _ in range(times)][-1].is_open


def test_failures_of_all_processes_count_together(shared: AProcess) -> None:
    first, second = shared(), shared()
    assert not fail(first, 2)
    assert fail(second, 1)
    state = first.read()
    assert (state.is_open, state.failures) == (True, 3)
    assert state.opened_at is not None


def test_an_answer_in_between_begins_the_count_anew(shared: AProcess) -> None:
    first, second = shared(), shared()
    for _ in range(10):
        assert not fail(first, 2)
        assert second.succeed().failures == 0


def test_a_call_that_was_under_way_neither_closes_it_nor_makes_it_younger(shared: AProcess) -> None:
    first, second = shared(), shared()
    fail(first, 3)
    opened_at = second.read().opened_at
    assert second.succeed().is_open
    assert second.fail().opened_at == opened_at


def test_a_probe_that_fails_leaves_it_open_since_when_it_was(shared: AProcess) -> None:
    first, second = shared(), shared()
    fail(first, 3)
    opened_at = first.read().opened_at
    for _ in range(3):
        state = second.close_or_stay_open(up=False)
        assert (state.is_open, state.opened_at) == (True, opened_at)


def test_a_probe_that_is_answered_closes_it_for_everybody(shared: AProcess) -> None:
    first, second = shared(), shared()
    fail(first, 3)
    state = second.close_or_stay_open(up=True)
    assert (state.is_open, state.failures, state.opened_at) == (False, 0, None)
    closed_for = first.read().closed_for
    assert closed_for is not None
    assert 0 <= closed_for < 10
    assert fail(first, 3), "it may open again"


def test_the_ramp_ends_by_itself(shared: AProcess, client: "redis.Redis") -> None:
    circuit = shared()
    circuit.close_or_stay_open(up=True)
    client.pexpire(RAMP, 20_000)
    assert circuit.read().closed_for == pytest.approx(40.0, abs=1.0)
    client.delete(RAMP)
    assert circuit.read().closed_for is None


def test_one_producer_probes_in_an_interval(shared: AProcess) -> None:
    producers = [shared() for _ in range(5)]
    fail(producers[0], 3)
    assert sum(producer.may_probe() for producer in producers) == 1
    assert producers[0].read().probed_at is not None


def test_the_next_probe_is_sent_when_the_interval_is_over(shared: AProcess, client: "redis.Redis") -> None:
    first, second = shared(), shared()
    assert first.may_probe()
    assert not second.may_probe()
    assert 0 < client.pttl(TURN) <= PROBE_SECONDS * 1000
    assert client.pttl(TURN) > PROBE_SECONDS * 1000 - 2000
    client.pexpire(TURN, 1)
    time.sleep(0.01)
    assert second.may_probe()


def test_a_probe_and_the_seconds_that_were_given_out_are_not_remembered_for_ever(
    shared: AProcess, client: "redis.Redis"
) -> None:
    circuit = shared()
    circuit.announce_probe("sales_invoice:7")
    circuit.let(2)
    keys = client.keys()
    assert len(keys) == 2
    assert all(0 < client.ttl(key) <= PROBE_LIFE_SECONDS for key in keys)


def test_the_row_that_was_named_is_the_probe_once(shared: AProcess) -> None:
    producer, first, second = shared(), shared(), shared()
    producer.announce_probe("sales_invoice:7")
    assert not first.take_probe("sales_invoice:8")
    assert not first.take_probe(None)
    assert [first.take_probe("sales_invoice:7"), second.take_probe("sales_invoice:7")] == [True, False]


def test_a_younger_probe_takes_the_place_of_an_older_one(shared: AProcess) -> None:
    circuit = shared()
    circuit.announce_probe("sales_invoice:7")
    circuit.announce_probe("sales_invoice:8")
    assert not circuit.take_probe("sales_invoice:7")
    assert circuit.take_probe("sales_invoice:8")


def test_one_producer_gets_the_rows_of_a_second(shared: AProcess) -> None:
    producers = [shared() for _ in range(4)]
    assert [sum(producer.let(second) for producer in producers) for second in (2, 3)] == [1, 1]


def test_a_process_that_died_while_it_told_of_its_probe_leaves_it_open(shared: AProcess, client: "redis.Redis") -> None:
    circuit = shared()
    fail(circuit, 3)
    client.hset(CIRCUIT, STATE, pybreaker.STATE_HALF_OPEN)
    assert circuit.read().is_open


def test_a_redis_that_was_emptied_means_closed_and_breaks_nothing(shared: AProcess, client: "redis.Redis") -> None:
    first, second = shared(), shared()
    fail(first, 3)
    second.read()
    client.flushall()
    assert not first.read().is_open
    assert not second.succeed().is_open
    assert not second.close_or_stay_open(up=True).is_open
    assert fail(first, 3), "and it opens again"
    client.flushall()
    assert second.close_or_stay_open(up=False).is_open, "the probe says that it is still down"


def test_reading_is_one_round_trip_of_two_commands(shared: AProcess, client: "redis.Redis") -> None:
    circuit = shared()
    client.config_resetstat()
    circuit.read()
    commands = client.info("commandstats")
    assert {name.removeprefix("cmdstat_") for name in commands} >= {"hgetall", "pttl"}
    assert trips(client) == 0


def test_a_redis_that_is_away_is_raised_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    circuit = SharedCircuit(redis.Redis(port=free_port(), retry=Retry(NoBackoff(), 0)), 3, 5.0, ramp_seconds=60.0)
    with caplog.at_level(logging.DEBUG):
        for question in (circuit.read, circuit.fail, circuit.succeed, circuit.may_probe):
            with pytest.raises(redis.RedisError):
                question()
    assert caplog.messages == []
