"""The circuit within one process, for as long as Redis is away."""

from typing import Any

import pytest

from pharmasync.circuit import KnownCircuit, OwnCircuit
from tests.clock import Clock

FAILURES = 3
PROBE_SECONDS = 5.0


@pytest.fixture
def own(clock: Clock) -> OwnCircuit:
    return OwnCircuit(FAILURES, PROBE_SECONDS, clock)


def fail(own: OwnCircuit, times: int) -> bool:
    return [own.fail() for _ in range(times)][-1].is_open


def test_it_opens_after_so_many_failures_in_a_row(own: OwnCircuit) -> None:
    assert not fail(own, FAILURES - 1)
    assert own.read().failures == FAILURES - 1
    assert own.succeed().failures == 0
    assert not fail(own, FAILURES - 1)
    assert fail(own, 1)
    assert own.read().opened_at is not None


def test_failures_of_an_earlier_outage_of_redis_do_not_count(own: OwnCircuit) -> None:
    fail(own, FAILURES - 1)
    own.begin(is_open=False)
    assert own.read().failures == 0
    assert not fail(own, FAILURES - 1)


def test_a_call_that_was_under_way_does_not_close_it(own: OwnCircuit) -> None:
    own.begin(is_open=True)
    assert own.succeed().is_open


@pytest.mark.parametrize("begins_open", [True, False])
def test_the_first_probe_comes_an_interval_after_it_opened_and_the_next_after_another(
    own: OwnCircuit, clock: Clock, *, begins_open: bool
) -> None:
    own.begin(is_open=begins_open)
    if not begins_open:
        clock.now += 1000.0
        fail(own, FAILURES)
    for _ in range(3):
        clock.now += PROBE_SECONDS - 0.1
        assert not own.take_probe("sales_invoice:1")
        clock.now += 0.1
        assert own.take_probe("sales_invoice:1")
        assert not own.take_probe("sales_invoice:2")


def test_calls_that_were_under_way_do_not_put_the_probe_off(own: OwnCircuit, clock: Clock) -> None:
    fail(own, FAILURES)
    clock.now += PROBE_SECONDS - 0.1
    fail(own, 1)
    clock.now += 0.1
    assert own.take_probe("sales_invoice:1")


@pytest.mark.parametrize("up", [True, False])
def test_the_probe_closes_it_or_leaves_it_open(own: OwnCircuit, *, up: bool) -> None:
    fail(own, FAILURES)
    assert own.close_or_stay_open(up=up).is_open is not up
    assert (own.read().opened_at is None) is up


def test_an_answer_between_failures_makes_them_good_while_redis_is_away(known: KnownCircuit, scripted: Any) -> None:
    scripted.away = True
    for _ in range(FAILURES):
        known.fail()
        known.succeed()
    assert not known.state().is_open


def test_a_producer_sends_no_probes_by_itself_and_has_no_ramp(own: OwnCircuit) -> None:
    fail(own, FAILURES)
    own.announce_probe("sales_invoice:1")
    assert not own.may_probe()
    assert own.let(1)
