"""Whose turn it is: every shop one turn, however many of its callers wait."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmasync.limits.ticket import Ticket
from pharmasync.limits.turns import Turns

Tickets = Callable[..., list[Ticket]]


def joined(tickets: list[Ticket]) -> Turns:
    turns = Turns()
    for ticket in tickets:
        turns.join(ticket)
    return turns


def shops(turns: Turns) -> str:
    return "".join(ticket.shop_id for ticket in turns)


def taken(turns: Turns, count: int) -> str:
    order = ""
    for _ in range(count):
        ticket = next(iter(turns))
        turns.take(ticket)
        order += ticket.shop_id
    return order


@pytest.mark.parametrize(
    ("came", "order"),
    [
        ("", ""),
        ("A", "A"),
        ("AAA", "AAA"),
        ("AAABB", "ABABA"),
        ("AAAAAB", "ABAAAA"),
        ("ABCABC", "ABCABC"),
        ("CCBBAA", "CBACBA"),
    ],
)
def test_shops_take_turns_in_the_order_in_which_they_came(tickets: Tickets, came: str, order: str) -> None:
    assert shops(joined(tickets(*came))) == order
    assert taken(joined(tickets(*came)), len(came)) == order


def test_within_a_shop_who_came_first_goes_first(tickets: Tickets) -> None:
    came = tickets(*"AABAB")
    assert [ticket.number for ticket in joined(came)] == [0, 2, 1, 4, 3]


def test_a_shop_with_fifty_times_more_callers_has_every_other_turn(tickets: Tickets) -> None:
    turns = joined(tickets(*("big",) * 150, *("small",) * 3))
    order = [ticket.shop_id for ticket in turns]
    assert order[:7] == ["big", "small", "big", "small", "big", "small", "big"]


def test_a_shop_that_had_its_turn_goes_behind_those_that_came_meanwhile(tickets: Tickets) -> None:
    turns = joined(tickets(*"AAA"))
    taken(turns, 1)
    turns.join(*tickets("B"))
    assert taken(turns, 1) == "A"
    assert shops(turns) == "BA"


def test_who_leaves_costs_the_others_no_turn(tickets: Tickets) -> None:
    came = tickets(*"AABB")
    turns = joined(came)
    turns.leave(came[0])
    assert [ticket.number for ticket in turns] == [1, 2, 3]


def test_who_left_may_leave_again(tickets: Tickets) -> None:
    (only,) = tickets("A")
    turns = joined([only])
    turns.leave(only)
    turns.leave(only)
    assert shops(turns) == ""


@given(st.text("ABCD", max_size=30), st.integers(0, 30))
def test_the_order_that_is_told_is_the_order_in_which_turns_are_taken(came: str, count: int) -> None:
    callers = [Ticket(number, shop, 0.0) for number, shop in enumerate(came)]
    count = min(count, len(came))
    told = shops(joined(callers))
    assert taken(joined(callers), count) == told[:count]


def test_a_shop_that_left_without_a_turn_and_comes_again_comes_behind_those_who_waited(tickets: Tickets) -> None:
    came = tickets(*"AB")
    turns = joined(came)
    turns.leave(came[0])
    turns.join(*tickets("A"))
    assert shops(turns) == "BA"
