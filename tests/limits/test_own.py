"""The rate within one process."""

from collections.abc import Callable

from pharmasync.limits.limits import Limits
from pharmasync.limits.own import OwnLimits
from pharmasync.limits.ticket import Admitted, Refusal, Ticket

Tickets = Callable[..., list[Ticket]]

FOUR_A_SECOND = Limits(max_rps=4.0)


def test_without_a_rate_everybody_is_admitted_at_once(tickets: Tickets) -> None:
    assert OwnLimits(Limits(max_calls=3)).ask(tickets(*"AAB"), 7.0) == [Admitted(0.0)] * 3


def test_each_has_a_moment_of_its_own_and_only_one_of_them_is_in_the_future(tickets: Tickets) -> None:
    own, asks = OwnLimits(FOUR_A_SECOND), tickets(*"AAAA", since=7.0)
    assert own.ask(asks, 7.0) == [Admitted(0.0), Admitted(0.25)]
    assert own.ask(asks[2:], 7.25) == [Admitted(0.25)]
    assert own.ask(asks[3:], 8.0) == [Admitted(0.0)]


def test_a_moment_that_redis_gave_out_counts(tickets: Tickets) -> None:
    own = OwnLimits(FOUR_A_SECOND)
    own.note(7.0)
    assert own.ask(tickets("A", since=7.0), 7.0) == [Admitted(0.25)]


def test_nobody_waited_too_long_for_a_moment_that_is_there(tickets: Tickets) -> None:
    assert OwnLimits(FOUR_A_SECOND).ask(tickets("A"), 99.0) == [Admitted(0.0)]


def test_who_would_wait_too_long_reserves_nothing(tickets: Tickets) -> None:
    own = OwnLimits(FOUR_A_SECOND)
    own.note(17.0)
    (impatient,), (patient,) = tickets("A", since=7.1), tickets("B", since=17.0)
    assert own.ask([impatient, patient], 17.0) == [Refusal.RATE, Admitted(0.25)]


def test_who_would_wait_too_long_is_answered_once(tickets: Tickets) -> None:
    own = OwnLimits(FOUR_A_SECOND)
    own.note(17.0)
    assert own.ask(tickets("A", since=7.1), 17.0) == [Refusal.RATE]
    assert own.ask(tickets("B", since=17.0), 17.0) == [Admitted(0.25)]


def test_a_moment_that_is_told_late_does_not_free_a_later_one(tickets: Tickets) -> None:
    own = OwnLimits(FOUR_A_SECOND)
    own.note(17.0)
    own.note(7.0)
    assert own.ask(tickets("A", since=17.0), 17.0) == [Admitted(0.25)]
