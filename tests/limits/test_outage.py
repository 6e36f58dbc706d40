"""Redis goes away and comes back: told once, never asked too often, and no slot is forgotten."""

import logging
import time
from collections.abc import Callable, Sequence

import pytest
import redis
from attrs import define, field

from pharmasync.limits.limits import Limits
from pharmasync.limits.outage import RETRY_SECONDS, OutageProofLimits
from pharmasync.limits.own import OwnLimits
from pharmasync.limits.ticket import Admitted, Answer, Ticket

Tickets = Callable[..., list[Ticket]]


@define
class ScriptedLimits:
    """Redis as a test wants it."""

    away: bool = False
    trips: int = 0
    takes: float = 0.0
    wait: float = 0.0
    given_back: list[int] = field(factory=list)
    sent: list[int] = field(factory=list)

    def ask(self, callers: Sequence[Ticket], ended: Sequence[Ticket], _now: float) -> list[Answer]:
        self.trips += 1
        time.sleep(self.takes)
        if self.away:
            raise redis.ConnectionError("gone")
        self.given_back += [ticket.number for ticket in ended]
        return [Admitted(self.wait) for _ in callers]

    def give_back(self, ended: Sequence[Ticket]) -> None:
        if self.away:
            raise redis.ConnectionError("gone")
        self.sent += [ticket.number for ticket in ended]


@pytest.fixture
def shared() -> ScriptedLimits:
    return ScriptedLimits()


@pytest.fixture
def limits(shared: ScriptedLimits) -> OutageProofLimits:
    return OutageProofLimits(shared, OwnLimits(Limits(max_rps=2.0)))  # type: ignore[arg-type]


@pytest.fixture
def asks(tickets: Tickets) -> list[Ticket]:
    return tickets(*"AAA")


def test_redis_is_asked_while_it_is_there(
    limits: OutageProofLimits, shared: ScriptedLimits, asks: list[Ticket]
) -> None:
    assert limits.ask(asks, [], 0.0) == [Admitted(0.0)] * 3
    assert shared.trips == 1


def test_this_process_keeps_the_rate_while_redis_is_away(
    limits: OutageProofLimits, shared: ScriptedLimits, asks: list[Ticket]
) -> None:
    shared.away = True
    assert limits.ask(asks, [], 0.0) == [Admitted(0.0), Admitted(0.5)]


def test_the_moments_that_redis_gave_out_before_count(
    limits: OutageProofLimits, shared: ScriptedLimits, asks: list[Ticket]
) -> None:
    limits.ask(asks[:1], [], 0.0)
    shared.away = True
    assert limits.ask(asks[1:], [], 0.1) == [Admitted(0.4)]


def test_so_do_those_that_are_still_to_come(
    limits: OutageProofLimits, shared: ScriptedLimits, asks: list[Ticket]
) -> None:
    shared.wait = 0.25
    limits.ask(asks[:1], [], 1.0)
    shared.away = True
    assert limits.ask(asks[1:], [], 1.5) == [Admitted(0.25)]


@pytest.mark.parametrize("now", [0.0, 1000.0, 1e9])
def test_redis_is_left_alone_whatever_the_clock_says(
    limits: OutageProofLimits, shared: ScriptedLimits, asks: list[Ticket], now: float
) -> None:
    shared.away = True
    limits.ask(asks, [], now)
    limits.ask(asks, [], now + RETRY_SECONDS - 1)
    assert shared.trips == 1


def test_a_slot_that_ends_while_redis_is_left_alone_is_given_back_by_who_asks_next(
    limits: OutageProofLimits, shared: ScriptedLimits, tickets: Tickets
) -> None:
    shared.away = True
    limits.ask([], [], 0.0)
    shared.away = False
    limits.give_back(tickets("A"))
    assert shared.sent == []
    limits.ask([], [], RETRY_SECONDS + 1)
    assert shared.given_back == [0]


def test_redis_is_left_alone_for_a_while_and_then_asked_again(
    limits: OutageProofLimits, shared: ScriptedLimits, asks: list[Ticket]
) -> None:
    shared.away = True
    limits.ask(asks, [], 0.0)
    limits.ask(asks, [], RETRY_SECONDS - 0.1)
    assert shared.trips == 1
    shared.away = False
    assert limits.ask(asks, [], RETRY_SECONDS + 1) == [Admitted(0.0)] * 3
    assert shared.trips == 2


def test_the_while_begins_when_the_trip_has_failed_however_long_that_took(
    limits: OutageProofLimits, shared: ScriptedLimits, asks: list[Ticket]
) -> None:
    shared.away, shared.takes = True, 0.1
    limits.ask(asks, [], 0.0)
    limits.ask(asks, [], RETRY_SECONDS + 0.09)
    assert shared.trips == 1


def test_an_outage_and_its_end_are_told_once(
    limits: OutageProofLimits, shared: ScriptedLimits, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for outage in range(2):
            start = outage * 100.0
            for away, seconds in [(False, 0), (True, 10), (True, 20), (True, 21), (True, 30), (False, 40), (False, 41)]:
                shared.away = away
                limits.ask([], [], start + seconds)
    told = ["away" if "away" in message else "back" for message in caplog.messages]
    assert told == ["away", "back"] * 2


def test_slots_that_ended_meanwhile_are_given_back_once_redis_is_there(
    limits: OutageProofLimits, shared: ScriptedLimits, tickets: Tickets
) -> None:
    first, second, third = tickets(*"AAB")
    shared.away = True
    limits.ask([], [first], 0.0)
    limits.ask([], [second], 1.0)
    shared.away = False
    limits.ask([], [third], RETRY_SECONDS + 1)
    limits.ask([], [], RETRY_SECONDS + 2)
    assert shared.given_back == [0, 1, 2]


def test_what_was_sent_without_an_answer_is_sent_again_with_the_next_trip(
    limits: OutageProofLimits, shared: ScriptedLimits, tickets: Tickets
) -> None:
    first, second = tickets(*"AB")
    limits.give_back([first])
    assert (shared.trips, shared.sent) == (0, [0])
    limits.ask([], [second], 0.0)
    assert shared.given_back == [0, 1]
    limits.ask([], [], 0.0)
    assert shared.given_back == [0, 1]


def test_redis_going_away_meanwhile_is_no_ones_fault_and_found_out_by_who_asks_next(
    limits: OutageProofLimits, shared: ScriptedLimits, tickets: Tickets, caplog: pytest.LogCaptureFixture
) -> None:
    shared.away = True
    limits.give_back(tickets("A"))
    assert (limits.away, caplog.messages) == (False, [])
    limits.ask([], [], 0.0)
    assert limits.away
    limits.give_back(tickets("B"))
    shared.away = False
    limits.ask([], [], RETRY_SECONDS + 2)
    assert (shared.sent, shared.given_back) == ([], [0, 1])
