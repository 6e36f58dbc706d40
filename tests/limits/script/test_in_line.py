"""Who finds no slot stands in a line, and is called in by whoever gives one back."""

from itertools import pairwise

import pytest
import redis

from pharmasync.limits.limits import Limits, Patience
from pharmasync.limits.shared import CALLS, LINE, SharedLimits
from pharmasync.limits.ticket import Admitted, Refusal, Ticket
from tests.calls import runs, trips
from tests.limits.hearing import Hearing
from tests.limits.script.asking import SHOP_A, AProcess, Tickets, ask, free_at, microseconds, slots

pytestmark = pytest.mark.integration


@pytest.fixture
def one(a_process: AProcess, limits: Limits) -> SharedLimits:
    return a_process(limits)


@pytest.fixture
def hearing() -> Hearing:
    return Hearing()


@pytest.fixture
def other(a_process: AProcess, limits: Limits, hearing: Hearing) -> SharedLimits:
    process = a_process(limits)
    process.usher.door = hearing
    return process


@pytest.fixture
def limits() -> Limits:
    return Limits(max_calls=1)


@pytest.mark.parametrize(
    ("limits", "refusal"),
    [
        (Limits(max_calls=1), Refusal.OVERALL),
        (Limits(max_calls_per_shop=1), Refusal.SHOP),
        (Limits(max_calls=2, max_calls_per_shop=1), Refusal.SHOP),
        (Limits(max_calls=1, max_calls_per_shop=2), Refusal.OVERALL),
    ],
)
def test_the_slot_that_is_given_back_is_the_first_ones_in_line(
    one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, refusal: Refusal
) -> None:
    first, second, third = tickets(*"AAA")
    assert ask(one, [first]) == [0.0]
    assert ask(other, [second]) == [refusal]
    assert ask(one, [third], [first]) == [refusal]
    assert hearing.called_in() == (second.number, "A", Admitted(0.0))


@pytest.mark.parametrize(
    "limits", [Limits(max_calls=1), Limits(max_calls_per_shop=1), Limits(max_calls=2, max_calls_per_shop=1)]
)
def test_who_is_called_in_stands_in_no_line_any_more(
    one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
) -> None:
    first, second = tickets(*"AA")
    ask(one, [first])
    ask(other, [second])
    ask(one, [], [first])
    assert hearing.called_in()[0] == second.number
    assert client.keys(f"{LINE}*") == []


def test_all_are_called_in_in_the_order_of_their_coming(
    one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets
) -> None:
    calling, *coming = tickets(*"AABCA")
    ask(one, [calling])
    ask(other, coming[:3])
    ask(other, coming[3:])
    for ended, called_in in pairwise([calling, *coming]):
        ask(one if ended is calling else other, [], [ended])
        assert hearing.called_in()[0] == called_in.number


def test_a_message_that_nobody_waits_for_calls_in_too(
    one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
) -> None:
    first, second = tickets(*"AB")
    ask(one, [first])
    ask(other, [second])
    before = trips(client), runs(client)
    one.give_back([first])
    assert hearing.called_in() == (second.number, "B", Admitted(0.0))
    assert (trips(client), runs(client)) == (before[0], before[1] + 1)


@pytest.mark.parametrize("limits", [Limits(max_calls=2, max_calls_per_shop=1)])
def test_who_waits_for_a_slot_of_its_shop_lets_the_next_of_another_pass(
    one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets
) -> None:
    of_a, of_b, second_of_a, of_c = tickets(*"ABAC")
    ask(one, [of_a, of_b])
    ask(other, [second_of_a, of_c])
    ask(one, [], [of_b])
    assert hearing.called_in()[0] == of_c.number
    ask(one, [], [of_a])
    assert hearing.called_in()[0] == second_of_a.number


@pytest.mark.parametrize("limits", [Limits(max_calls=2, max_calls_per_shop=1)])
def test_who_finds_its_shop_full_when_its_turn_comes_keeps_its_place_in_the_shops_line(
    one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
) -> None:
    of_b, of_c, first_of_a, second_of_a, third_of_a = tickets(*"BCAAA")
    ask(one, [of_b, of_c])
    ask(other, [first_of_a, second_of_a, third_of_a])
    ask(one, [], [of_b, of_c])
    assert hearing.called_in()[0] == first_of_a.number
    assert [holder for holder, _ in slots(client, SHOP_A)] == [f"{other.process}:{first_of_a.number}:A".encode()]
    ask(other, [], [first_of_a])
    assert hearing.called_in()[0] == second_of_a.number


def test_who_left_the_line_is_not_called_in(
    one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
) -> None:
    first, left, third = tickets(*"AAA")
    ask(one, [first])
    ask(other, [left, third])
    ask(other, [], [left])
    ask(one, [], [first])
    assert hearing.called_in()[0] == third.number
    assert client.zcard(LINE) == 0


def test_a_process_that_does_not_listen_any_more_is_passed_over(
    one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
) -> None:
    first, of_the_dead, third = tickets(*"AAA")
    ask(one, [first])
    ask(other, [of_the_dead, third])
    killed = f"killed:{of_the_dead.number}:A"
    client.zadd(LINE, {killed: 1.0 * microseconds(client)})
    client.zrem(LINE, f"{other.process}:{of_the_dead.number}:A")
    client.zadd(LINE, {f"{other.process}:{third.number}:A": 1.0 * microseconds(client) + 5e6})
    ask(one, [], [first])
    assert hearing.called_in()[0] == third.number
    assert [holder for holder, _ in slots(client, CALLS)] == [f"{other.process}:{third.number}:A".encode()]


def test_nobody_stands_in_line_for_longer_than_the_patience(
    one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
) -> None:
    first, second, third = tickets(*"AAA")
    ask(one, [first])
    ask(other, [second, third])
    assert 0 < client.pttl(LINE) <= Patience().overall * 1000
    long_ago = microseconds(client) - (Patience().overall + 2) * 1e6
    client.zadd(LINE, {f"{other.process}:{second.number}:A": long_ago})
    ask(one, [], [first])
    assert hearing.called_in()[0] == third.number


@pytest.mark.parametrize("limits", [Limits(max_rps=0.5, max_calls=1)])
def test_who_is_called_in_has_a_moment_of_its_own(
    one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
) -> None:
    first, second = tickets(*"AA")
    ask(one, [first])
    start = free_at(client)
    ask(other, [second])
    ask(one, [], [first])
    _, _, answer = hearing.called_in()
    assert isinstance(answer, Admitted)
    assert answer.wait == pytest.approx(2.0, abs=0.5)
    assert free_at(client) - start == 2_000_000


@pytest.mark.parametrize("limits", [Limits(max_rps=0.05, max_calls=1)])
def test_whose_moment_would_come_too_late_is_told_so_and_takes_nothing(
    one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
) -> None:
    first, second = tickets(*"AA")
    ask(one, [first])
    start = free_at(client)
    ask(other, [second])
    ask(one, [], [first])
    assert hearing.called_in() == (second.number, "A", Refusal.RATE)
    assert (free_at(client), client.zcard(CALLS), client.zcard(LINE)) == (start, 0, 0)


def test_who_asks_again_keeps_its_place(
    one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets
) -> None:
    first, second, third = tickets(*"AAA")
    ask(one, [first])
    ask(other, [second])
    ask(other, [third])
    assert ask(other, [second]) == [Refusal.OVERALL]
    ask(one, [], [first])
    assert hearing.called_in()[0] == second.number


def test_who_asks_again_and_was_called_in_unheard_is_told_again(
    one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
) -> None:
    first, second = tickets(*"AA")
    ask(one, [first])
    ask(other, [second])
    ask(one, [], [first])
    hearing.called_in()
    assert ask(other, [second]) == [0.0]
    assert client.zcard(CALLS) == 1


@pytest.mark.parametrize("limits", [Limits(max_calls_per_shop=1)])
def test_a_shops_name_may_have_any_letters(
    one: SharedLimits, other: SharedLimits, hearing: Hearing, client: "redis.Redis"
) -> None:
    name = "Nhà thuốc: số 7"
    first, second = Ticket(1, name, 0.0), Ticket(2, name, 0.0)
    ask(one, [first])
    ask(other, [second])
    ask(one, [], [first])
    assert hearing.called_in() == (2, name, Admitted(0.0))
    ask(other, [], [second])
    assert client.keys() == []
