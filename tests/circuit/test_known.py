"""What a process knows of the circuit, and what that costs."""

import logging
from typing import Any

import attrs
import pytest

from pharmasync.circuit import KnownCircuit, State
from pharmasync.circuit.known import BELIEF_SECONDS

OPEN = State(is_open=True, failures=3)


def test_what_was_read_is_believed_for_a_second(known: KnownCircuit, scripted: Any, clock: Any) -> None:
    for _ in range(1000):
        assert not known.state().is_open
        known.succeed()
    assert scripted.asked == ["read"]
    scripted.state = OPEN
    clock.now += BELIEF_SECONDS - 0.01
    assert not known.state().is_open
    clock.now += 0.01
    assert known.state().is_open
    assert scripted.asked == ["read", "read"]


def test_a_success_is_told_where_failures_are_known_and_once(known: KnownCircuit, scripted: Any) -> None:
    scripted.state = State(failures=2)
    known.fail()
    scripted.state = State()
    for _ in range(10):
        known.succeed()
    assert scripted.asked == ["fail", "succeed"]


@pytest.mark.parametrize("failures", [1, 2])
def test_the_failures_of_another_process_are_made_good_too(known: KnownCircuit, scripted: Any, failures: int) -> None:
    scripted.state = State(failures=failures)
    known.state()
    known.succeed()
    assert scripted.asked == ["read", "succeed"]


def test_while_it_is_open_calls_that_were_under_way_say_nothing(known: KnownCircuit, scripted: Any) -> None:
    scripted.state = OPEN
    known.state()
    known.succeed()
    known.fail()
    assert scripted.asked == ["read"]


@pytest.mark.parametrize("up", [True, False])
def test_the_probe_is_always_told(known: KnownCircuit, scripted: Any, *, up: bool) -> None:
    scripted.state = OPEN
    known.state()
    known.close_or_stay_open(up=up)
    assert scripted.asked[1:] == ["close" if up else "stay open"]


def test_the_seconds_since_it_closed_go_on_between_two_reads(known: KnownCircuit, scripted: Any, clock: Any) -> None:
    scripted.state = State(closed_for=10.0)
    assert known.state().closed_for == 10.0
    clock.now += 0.5
    assert known.state().closed_for == 10.5


def test_each_change_is_one_line(
    known: KnownCircuit, scripted: Any, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for state in (State(), OPEN, OPEN, attrs.evolve(OPEN, failures=9), State(), State(failures=1)):
            scripted.state = state
            clock.now += BELIEF_SECONDS
            known.state()
    assert ["pause" if "pause" in message else "go on" for message in caplog.messages] == ["pause", "go on"]


def test_while_redis_is_away_the_process_has_a_circuit_of_its_own(
    known: KnownCircuit, scripted: Any, clock: Any
) -> None:
    scripted.away = True
    for _ in range(3):
        assert not known.state().is_open
        known.fail()
    assert known.state().is_open
    assert not known.take_probe("sales_invoice:1")
    clock.now += 5.0
    assert known.take_probe("sales_invoice:1")
    assert not known.take_probe("sales_invoice:2")
    known.close_or_stay_open(up=True)
    assert not known.state().is_open


def test_a_circuit_that_was_open_stays_so_when_redis_goes_away(known: KnownCircuit, scripted: Any, clock: Any) -> None:
    scripted.state = OPEN
    known.state()
    scripted.away = True
    clock.now += BELIEF_SECONDS
    assert known.state().is_open


def test_redis_is_left_alone_while_it_is_away_and_its_outage_is_told_once(
    known: KnownCircuit, scripted: Any, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    scripted.away = True
    with caplog.at_level(logging.INFO):
        for _ in range(4):
            known.state()
            clock.now += BELIEF_SECONDS
        assert scripted.asked == ["read"]
        scripted.away = False
        clock.now += BELIEF_SECONDS
        known.state()
    assert scripted.asked == ["read", "read"]
    assert ["away" if "away" in message else "back" for message in caplog.messages] == ["away", "back"]


def test_a_second_outage_of_redis_begins_with_what_was_known_then_and_is_told_again(
    known: KnownCircuit, scripted: Any, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for away, is_open in ((True, False), (False, True), (True, True), (False, False)):
            scripted.away = away
            if not away:
                scripted.state = OPEN if is_open else State()
            clock.now += 10.0
            assert known.state().is_open is is_open
    told = [message for message in caplog.messages if "Redis" in message]
    assert ["away" if "away" in message else "back" for message in told] == ["away", "back"] * 2
