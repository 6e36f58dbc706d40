"""The script in a real Redis: caps, the rate, and what is left of processes that died."""

from collections.abc import Callable
from typing import Any

import pytest
import redis

from pharmasync.limits import shared
from pharmasync.limits.limits import Limits, Patience
from pharmasync.limits.shared import CALLS, RATE, SharedLimits
from pharmasync.limits.ticket import Admitted, Ask, Refusal, Ticket

pytestmark = pytest.mark.integration

Tickets = Callable[..., list[Ticket]]
SHOP_A = f"{CALLS}:A"
LONGEST_CALL = 30.0
FIRST_MS = 20_000
"""A claim that no stall of the test's machine outlasts."""


def ask(process: SharedLimits, callers: list[Ticket], ended: list[Ticket] | None = None) -> list[float | Refusal]:
    """Asks for callers that have just come."""
    return waits(process, [Ask(ticket=ticket) for ticket in callers], ended)


def waits(process: SharedLimits, asks: list[Ask], ended: list[Ticket] | None = None) -> list[float | Refusal]:
    """How long each caller waits until it may call, or why it may not."""
    answers = process.ask(asks, ended or [])
    return [answer.wait if isinstance(answer, Admitted) else answer for answer in answers]


@pytest.fixture
def a_process(client: "redis.Redis") -> Callable[[Limits], SharedLimits]:
    return lambda limits: SharedLimits(client, limits, LONGEST_CALL)


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


def trips(client: "redis.Redis") -> int:
    stats = client.info("commandstats")
    return int(stats.get("cmdstat_evalsha", {}).get("calls", 0))


class TestCaps:
    """Calls under way, over all processes."""

    def test_no_more_are_admitted_than_are_allowed(self, a_process: AProcess, tickets: Tickets) -> None:
        one, other = a_process(Limits(max_calls=3)), a_process(Limits(max_calls=3))
        assert ask(one, tickets(*"AB")) == [0.0, 0.0]
        assert ask(other, tickets(*"AB")) == [0.0, Refusal.OVERALL]

    def test_after_the_last_slot_nobody_else_is_looked_at(self, a_process: AProcess, tickets: Tickets) -> None:
        assert ask(a_process(Limits(max_calls=1)), tickets(*"ABCD")) == [0.0, Refusal.OVERALL]

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

    @pytest.mark.parametrize(
        "limits",
        [Limits(max_calls=4), Limits(max_calls_per_shop=4), Limits(max_calls=4, max_calls_per_shop=5)],
        ids=["overall", "shop", "both"],
    )
    def test_who_is_admitted_learns_whether_half_of_the_slots_are_left(
        self, a_process: AProcess, tickets: Tickets, limits: Limits
    ) -> None:
        answers = a_process(limits).ask([Ask(ticket=ticket) for ticket in tickets(*"AAA")], [])
        assert answers == [Admitted(0.0, roomy=True), Admitted(0.0, roomy=True), Admitted(0.0, roomy=False)]

    def test_a_shops_last_slot_is_not_roomy_where_there_are_many_overall(
        self, a_process: AProcess, tickets: Tickets
    ) -> None:
        process = a_process(Limits(max_calls=99, max_calls_per_shop=1))
        assert process.ask([Ask(ticket=ticket) for ticket in tickets("A")], []) == [Admitted(0.0, roomy=False)]

    def test_what_is_given_back_is_there_for_the_next_in_the_same_trip(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        process = a_process(Limits(max_calls=1, max_calls_per_shop=1))
        first, second = tickets(*"AA")
        ask(process, [first])
        before = trips(client)
        assert ask(process, [second], [first]) == [0.0]
        assert trips(client) - before == 1

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
        assert ask(a_process(limits), tickets("A")) == [Refusal.SHOP]
        for key in (CALLS, SHOP_A):
            ((holder, _),) = slots(client, key)
            client.zadd(key, {holder: microseconds(client) - 1})
        assert ask(a_process(limits), tickets("A")) == [0.0]

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
        impatient, patient = (
            Ask(ticket=ticket, waited=waited) for ticket, waited in zip(tickets(*"AB"), (6.0, 0.0), strict=True)
        )
        refused, wait = waits(process, [impatient, patient])
        assert refused is Refusal.RATE
        assert wait == pytest.approx(5.0, abs=0.5)
        assert free_at(client) - start == 5_000_000

    def test_a_caller_that_waited_long_takes_a_moment_that_is_there(
        self, a_process: AProcess, tickets: Tickets
    ) -> None:
        late = [Ask(ticket=ticket, waited=99.0) for ticket in tickets("A")]
        assert waits(a_process(Limits(max_rps=1.0)), late) == [0.0]

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
        late = [Ask(ticket=ticket, waited=9.0) for ticket in tickets("A")]
        assert waits(process, late) == [Refusal.RATE]
        assert client.zcard(CALLS) == client.zcard(SHOP_A) == 1

    def test_a_clock_that_was_set_back_stops_nobody(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        client.set(RATE, microseconds(client) + 3_600_000_000)
        assert ask(a_process(Limits(max_rps=10.0)), tickets("A")) == [0.0]


class TestStarving:
    """A process that gives a slot back could take it again for ever."""

    @pytest.fixture(autouse=True)
    def _patiently(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shared, "FIRST_MS", FIRST_MS)

    @pytest.mark.parametrize(
        ("limits", "refusal"),
        [(Limits(max_calls=1), Refusal.OVERALL), (Limits(max_calls_per_shop=1), Refusal.SHOP)],
        ids=["overall", "shop"],
    )
    def test_a_process_that_starves_is_left_the_next_slot(
        self, a_process: AProcess, tickets: Tickets, limits: Limits, refusal: Refusal
    ) -> None:
        busy, starving = a_process(limits), a_process(limits)
        first, second, third = tickets(*"AAA")
        ask(busy, [first])
        hungry = Ask(ticket=third, starving=True, shop_starving=True)
        assert waits(starving, [hungry]) == [refusal]
        assert ask(busy, [second], [first]) == [refusal]
        assert waits(starving, [hungry]) == [0.0]
        assert ask(starving, [], [third]) == []
        assert ask(busy, [second]) == [0.0]

    def test_one_that_has_just_been_served_is_not(self, a_process: AProcess, tickets: Tickets) -> None:
        limits = Limits(max_calls=1)
        busy, other = a_process(limits), a_process(limits)
        first, second, third = tickets(*"AAA")
        ask(busy, [first])
        assert ask(other, [third]) == [Refusal.OVERALL]
        assert ask(busy, [second], [first]) == [0.0]

    def test_the_slots_that_it_does_not_need_are_the_others(self, a_process: AProcess, tickets: Tickets) -> None:
        limits = Limits(max_calls=2)
        busy, starving = a_process(limits), a_process(limits)
        first, second, third, fourth = tickets(*"AAAA")
        ask(busy, [first, second])
        starving.ask([Ask(ticket=third, starving=True)], [])
        assert ask(busy, [fourth], [first, second]) == [0.0]

    def test_its_claim_ends_soon_where_it_is_not_heard_of(
        self, a_process: AProcess, tickets: Tickets, client: "redis.Redis"
    ) -> None:
        limits = Limits(max_calls=1)
        ask(a_process(limits), tickets("A"))
        a_process(limits).ask([Ask(ticket=ticket, starving=True) for ticket in tickets("A")], [])
        assert 0 < client.pttl(f"first:{CALLS}") <= FIRST_MS
