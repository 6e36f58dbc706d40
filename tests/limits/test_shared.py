"""The script in a real Redis: caps, the rate, and what is left of processes that died."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
import redis

from pharmasync.limits.limits import Limits, Patience
from pharmasync.limits.shared import CALLS, LINE, RATE, SharedLimits
from pharmasync.limits.ticket import Admitted, Refusal, Ticket
from tests.calls import runs, trips
from tests.limits.hearing import Hearing

pytestmark = pytest.mark.integration

Tickets = Callable[..., list[Ticket]]
SHOP_A = f"{CALLS}:A"
LONGEST_CALL = 30.0


def ask(process: SharedLimits, callers: list[Ticket], ended: list[Ticket] | None = None) -> list[float | Refusal]:
    """How long each caller waits until it may call, or why it may not."""
    answers = process.ask(callers, ended or [], 0.0)
    return [answer.wait if isinstance(answer, Admitted) else answer for answer in answers]


@pytest.fixture
def a_process(client: "redis.Redis") -> Iterator[Callable[[Limits], SharedLimits]]:
    made: list[SharedLimits] = []

    def make(limits: Limits) -> SharedLimits:
        made.append(SharedLimits(client, limits, LONGEST_CALL))
        return made[-1]

    yield make
    for process in made:
        process.usher.stop()


AProcess = Callable[[Limits], SharedLimits]


def free_at(client: "redis.Redis") -> int:
    """The moment that is free for the next call, in microseconds."""
    return int(client.get(RATE) or 0)


def slots(client: "redis.Redis", key: str) -> list[tuple[bytes, float]]:
    """Who calls, and until when at the latest, in microseconds."""
    members: Any = client.zrange(key, 0, -1, withscores=True)
    return list(members)


def microseconds(client: "redis.Redis") -> int:
    """Redis's own clock."""
    now: Any = client.time()
    return int(now[0]) * 1_000_000


class TestCaps:
    """Calls under way, over all processes."""

    def test_no_more_are_admitted_than_are_allowed(self, a_process: AProcess, tickets: Tickets) -> None:
        one, other = a_process(Limits(max_calls=3)), a_process(Limits(max_calls=3))
        assert ask(one, tickets(*"AB")) == [0.0, 0.0]
        assert ask(other, tickets(*"AB")) == [0.0, Refusal.OVERALL]

    def test_a_shop_at_its_cap_stops_no_other_shop(self, a_process: AProcess, tickets: Tickets) -> None:
        one, other = a_process(Limits(max_calls_per_shop=2)), a_process(Limits(max_calls_per_shop=2))
        ask(one, tickets("A"))
        assert ask(other, tickets(*"AABA")) == [0.0, Refusal.SHOP, 0.0, Refusal.SHOP]

    def test_both_caps_hold(self, a_process: AProcess, tickets: Tickets) -> None:
        both = a_process(Limits(max_calls=3, max_calls_per_shop=2))
        assert ask(both, tickets(*"AAABB")) == [0.0, 0.0, Refusal.SHOP, 0.0, Refusal.OVERALL]

    def test_what_a_shops_cap_refuses_takes_no_slot_overall(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        ask(a_process(Limits(max_calls=9, max_calls_per_shop=1)), tickets(*"AA"))
        assert client.zcard(CALLS) == client.zcard(SHOP_A) == 1

    def test_what_is_given_back_is_there_for_the_next_in_the_same_trip(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
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
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis", limits: Limits, kept: list[str]
    ) -> None:
        ask(a_process(limits), tickets("A"))
        assert client.keys() == [key.encode() for key in kept]

    def test_nothing_is_left_in_redis_of_calls_that_ended(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        process, calls = a_process(Limits(max_calls=2, max_calls_per_shop=2)), tickets(*"AB")
        ask(process, calls)
        ask(process, [], calls)
        assert client.keys() == []

    def test_a_trip_that_is_made_twice_takes_one_slot(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        process, calls = a_process(Limits(max_calls=1, max_calls_per_shop=1)), tickets("A")
        assert ask(process, calls) == ask(process, calls) == [0.0]
        assert client.zcard(CALLS) == client.zcard(SHOP_A) == 1

    def test_a_redis_that_forgot_the_script_is_told_it_again(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        process = a_process(Limits(max_calls=2))
        ask(process, tickets("A"))
        client.script_flush()
        assert ask(process, tickets("A")) == [0.0]


class TestAProcessThatDied:
    """Its slots end when the longest call has surely ended, by Redis's clock."""

    def test_a_slot_ends_with_the_longest_call(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        process = a_process(Limits(max_calls=1))
        ask(process, tickets("A"))
        ((holder, ends),) = slots(client, CALLS)
        assert holder.decode().startswith(process.process)
        assert ends - microseconds(client) == pytest.approx(LONGEST_CALL * 1e6, abs=2e6)

    def test_a_slot_that_ended_is_free(self, a_process: AProcess, tickets: Tickets, client: "redis.Redis") -> None:
        limits = Limits(max_calls=1, max_calls_per_shop=1)
        ask(a_process(limits), tickets("A"))
        other, in_vain = a_process(limits), tickets("A")
        assert ask(other, in_vain) == [Refusal.SHOP]
        ask(other, [], in_vain)
        for key in (CALLS, SHOP_A):
            ((holder, _),) = slots(client, key)
            client.zadd(key, {holder: microseconds(client) - 1})
        assert ask(a_process(limits), tickets("A")) == [0.0]

    def test_who_stands_in_line_for_a_slot_that_ended_is_called_in_by_whoever_asks_next(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        limits = Limits(max_calls=1)
        (first,), (second,), others = tickets("A"), tickets("B"), tickets("C")
        ask(a_process(limits), [first])
        other = a_process(limits)
        ask(other, [second])
        ((holder, _),) = slots(client, CALLS)
        client.zadd(CALLS, {holder: microseconds(client) - 1})
        assert ask(a_process(limits), others) == [Refusal.OVERALL]
        ((holder, _),) = slots(client, CALLS)
        assert holder.decode() == f"{other.process}:{second.number}:B"

    def test_a_call_that_waits_for_its_moment_has_its_whole_time_after_that(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        process = a_process(Limits(max_rps=0.2, max_calls=2))
        ask(process, tickets(*"AA"))
        (_, first), (_, second) = slots(client, CALLS)
        assert second - first == 5_000_000

    def test_whatever_it_left_vanishes(self, a_process: AProcess, tickets: Tickets, client: "redis.Redis") -> None:
        ask(a_process(Limits(max_rps=1.0, max_calls=1, max_calls_per_shop=1)), tickets("A"))
        assert len(client.keys()) == 3
        longest = (LONGEST_CALL + Patience().overall) * 1000
        assert all(0 < client.pttl(key) <= longest for key in client.scan_iter())


class TestRate:
    """Moments, given out over all processes."""

    def test_calls_are_spaced_evenly_over_all_processes(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        processes = [a_process(Limits(max_rps=4.0)) for _ in range(2)]
        ask(processes[0], tickets("A"))
        start = free_at(client)
        for turn in range(10):
            (wait,) = ask(processes[turn % 2], tickets("A"))
            assert isinstance(wait, float)
            assert wait == pytest.approx(0.25 * (turn + 1), abs=0.2)
        assert free_at(client) - start == 10 * 250_000

    def test_one_trip_gives_out_the_moments_of_a_short_time(self, a_process: AProcess, tickets: Tickets) -> None:
        assert ask(a_process(Limits(max_rps=50.0)), tickets(*"A" * 20)) == pytest.approx([0.0, 0.02, 0.04, 0.06])

    def test_a_slow_rate_gives_out_one_moment_ahead(self, a_process: AProcess, tickets: Tickets) -> None:
        process = a_process(Limits(max_rps=0.5))
        assert ask(process, tickets(*"AAA")) == [0.0, 2.0]

    def test_time_that_was_not_used_is_not_saved_up(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        client.set(RATE, 1)
        assert ask(a_process(Limits(max_rps=1.0)), tickets(*"AA")) == [0.0, 1.0]

    def test_a_moment_beyond_a_callers_patience_is_not_given_out(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        process = a_process(Limits(max_rps=0.2))
        ask(process, tickets("A"))
        start = free_at(client)
        (impatient,), (patient,) = tickets("A", since=-6.0), tickets("B")
        refused, wait = ask(process, [impatient, patient])
        assert refused is Refusal.RATE
        assert wait == pytest.approx(5.0, abs=0.5)
        assert free_at(client) - start == 5_000_000

    def test_a_caller_that_waited_long_takes_a_moment_that_is_there(
        self, a_process: AProcess, tickets: Tickets
    ) -> None:
        assert ask(a_process(Limits(max_rps=1.0)), tickets("A", since=-99.0)) == [0.0]

    def test_what_a_cap_refuses_costs_no_moment(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        process = a_process(Limits(max_rps=1.0, max_calls=2, max_calls_per_shop=1))
        ask(process, tickets("A"))
        start = free_at(client)
        assert ask(process, tickets("A")) == [Refusal.SHOP]
        assert free_at(client) == start
        ask(process, tickets("B"))
        start = free_at(client)
        assert ask(process, tickets("C")) == [Refusal.OVERALL]
        assert free_at(client) == start

    def test_what_the_rate_refuses_takes_no_slot(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        process = a_process(Limits(max_rps=0.2, max_calls=9, max_calls_per_shop=9))
        ask(process, tickets("A"))
        assert ask(process, tickets("A", since=-9.0)) == [Refusal.RATE]
        assert client.zcard(CALLS) == client.zcard(SHOP_A) == 1

    def test_a_clock_that_was_set_back_stops_nobody(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        client.set(RATE, microseconds(client) + 3_600_000_000)
        assert ask(a_process(Limits(max_rps=10.0)), tickets("A")) == [0.0]


class TestInLine:
    """Whom a cap refuses is called in by whoever gives a slot back."""

    @pytest.fixture
    def one(self, a_process: AProcess, limits: Limits) -> SharedLimits:
        return a_process(limits)

    @pytest.fixture
    def hearing(self) -> Hearing:
        return Hearing()

    @pytest.fixture
    def other(self, a_process: AProcess, limits: Limits, hearing: Hearing) -> SharedLimits:
        process = a_process(limits)
        process.usher.door = hearing
        return process

    @pytest.fixture
    def limits(self) -> Limits:
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
        self, one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, refusal: Refusal
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
        self, one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        first, second = tickets(*"AA")
        ask(one, [first])
        ask(other, [second])
        ask(one, [], [first])
        assert hearing.called_in()[0] == second.number
        assert client.keys(f"{LINE}*") == []

    def test_all_are_called_in_in_the_order_of_their_coming(
        self, one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets
    ) -> None:
        calling, *coming = tickets(*"AABCA")
        ask(one, [calling])
        ask(other, coming[:3])
        ask(other, coming[3:])
        for ended, called_in in pairwise([calling, *coming]):
            ask(one if ended is calling else other, [], [ended])
            assert hearing.called_in()[0] == called_in.number

    def test_a_message_that_nobody_waits_for_calls_in_too(
        self, one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
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
        self, one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets
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
        self, one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
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
        self, one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        first, left, third = tickets(*"AAA")
        ask(one, [first])
        ask(other, [left, third])
        ask(other, [], [left])
        ask(one, [], [first])
        assert hearing.called_in()[0] == third.number
        assert client.zcard(LINE) == 0

    def test_a_process_that_does_not_listen_any_more_is_passed_over(
        self, one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
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
        self, one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
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
        self, one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
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
        self, one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        first, second = tickets(*"AA")
        ask(one, [first])
        start = free_at(client)
        ask(other, [second])
        ask(one, [], [first])
        assert hearing.called_in() == (second.number, "A", Refusal.RATE)
        assert (free_at(client), client.zcard(CALLS), client.zcard(LINE)) == (start, 0, 0)

    def test_who_asks_again_keeps_its_place(
        self, one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets
    ) -> None:
        first, second, third = tickets(*"AAA")
        ask(one, [first])
        ask(other, [second])
        ask(other, [third])
        assert ask(other, [second]) == [Refusal.OVERALL]
        ask(one, [], [first])
        assert hearing.called_in()[0] == second.number

    def test_who_asks_again_and_was_called_in_unheard_is_told_again(
        self, one: SharedLimits, other: SharedLimits, hearing: Hearing, tickets: Tickets, client: "redis.Redis"
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
        self, one: SharedLimits, other: SharedLimits, hearing: Hearing, client: "redis.Redis"
    ) -> None:
        name = "Nhà thuốc: số 7"
        first, second = Ticket(1, name, 0.0), Ticket(2, name, 0.0)
        ask(one, [first])
        ask(other, [second])
        ask(one, [], [first])
        assert hearing.called_in() == (2, name, Admitted(0.0))
        ask(other, [], [second])
        assert client.keys() == []
