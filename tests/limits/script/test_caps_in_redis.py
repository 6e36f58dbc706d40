"""Caps: calls under way, over all processes."""

import pytest
import redis

from pharmasync.limits.limits import Limits
from pharmasync.limits.shared import CALLS, RATE
from pharmasync.limits.ticket import Refusal
from tests.calls import trips
from tests.limits.script.asking import SHOP_A, AProcess, Tickets, ask

pytestmark = pytest.mark.integration


def test_no_more_are_admitted_than_are_allowed(a_process: AProcess, tickets: Tickets) -> None:
    one, other = a_process(Limits(max_calls=3)), a_process(Limits(max_calls=3))
    assert ask(one, tickets(*"AB")) == [0.0, 0.0]
    assert ask(other, tickets(*"AB")) == [0.0, Refusal.OVERALL]


def test_a_shop_at_its_cap_stops_no_other_shop(a_process: AProcess, tickets: Tickets) -> None:
    one, other = a_process(Limits(max_calls_per_shop=2)), a_process(Limits(max_calls_per_shop=2))
    ask(one, tickets("A"))
    assert ask(other, tickets(*"AABA")) == [0.0, Refusal.SHOP, 0.0, Refusal.SHOP]


def test_both_caps_hold(a_process: AProcess, tickets: Tickets) -> None:
    both = a_process(Limits(max_calls=3, max_calls_per_shop=2))
    assert ask(both, tickets(*"AAABB")) == [0.0, 0.0, Refusal.SHOP, 0.0, Refusal.OVERALL]


def test_what_a_shops_cap_refuses_takes_no_slot_overall(
    a_process: AProcess, tickets: Tickets, client: "redis.Redis"
) -> None:
    ask(a_process(Limits(max_calls=9, max_calls_per_shop=1)), tickets(*"AA"))
    assert client.zcard(CALLS) == client.zcard(SHOP_A) == 1


def test_what_is_given_back_is_there_for_the_next_in_the_same_trip(
    a_process: AProcess, tickets: Tickets, client: "redis.Redis"
) -> None:
    process = a_process(Limits(max_calls=1, max_calls_per_shop=1))
    first, second = tickets(*"AA")
    ask(process, [first])
    before = trips(client)
    assert ask(process, [second], [first]) == [0.0]
    assert trips(client) - before == 1


@pytest.mark.parametrize(
    ("limits", "kept"),
    [
        (Limits(max_rps=1.0), [RATE]),
        (Limits(max_calls=9), [CALLS]),
        (Limits(max_calls_per_shop=9), [SHOP_A]),
    ],
)
def test_nothing_is_counted_that_has_no_limit(
    a_process: AProcess, tickets: Tickets, client: "redis.Redis", limits: Limits, kept: list[str]
) -> None:
    ask(a_process(limits), tickets("A"))
    assert client.keys() == [key.encode() for key in kept]


def test_nothing_is_left_in_redis_of_calls_that_ended(
    a_process: AProcess, tickets: Tickets, client: "redis.Redis"
) -> None:
    process, calls = a_process(Limits(max_calls=2, max_calls_per_shop=2)), tickets(*"AB")
    ask(process, calls)
    ask(process, [], calls)
    assert client.keys() == []


def test_a_trip_that_is_made_twice_takes_one_slot(a_process: AProcess, tickets: Tickets, client: "redis.Redis") -> None:
    process, calls = a_process(Limits(max_calls=1, max_calls_per_shop=1)), tickets("A")
    assert ask(process, calls) == ask(process, calls) == [0.0]
    assert client.zcard(CALLS) == client.zcard(SHOP_A) == 1


def test_a_redis_that_forgot_the_script_is_told_it_again(
    a_process: AProcess, tickets: Tickets, client: "redis.Redis"
) -> None:
    process = a_process(Limits(max_calls=2))
    ask(process, tickets("A"))
    client.script_flush()
    assert ask(process, tickets("A")) == [0.0]
