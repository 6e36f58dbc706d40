"""The rate: calls are spaced evenly over all processes."""

import pytest
import redis

from pharmasync.limits.limits import Limits
from pharmasync.limits.shared import CALLS, RATE
from pharmasync.limits.ticket import Refusal
from tests.limits.script.asking import SHOP_A, AProcess, Tickets, ask, free_at, microseconds

pytestmark = pytest.mark.integration


def test_calls_are_spaced_evenly_over_all_processes(
    a_process: AProcess, tickets: Tickets, client: "redis.Redis"
) -> None:
    processes = [a_process(Limits(max_rps=4.0)) for _ in range(2)]
    ask(processes[0], tickets("A"))
    start = free_at(client)
    for turn in range(10):
        (wait,) = ask(processes[turn % 2], tickets("A"))
        assert isinstance(wait, float)
        assert wait == pytest.approx(0.25 * (turn + 1), abs=0.2)
    assert free_at(client) - start == 10 * 250_000


def test_one_trip_gives_out_the_moments_of_a_short_time(a_process: AProcess, tickets: Tickets) -> None:
    assert ask(a_process(Limits(max_rps=50.0)), tickets(*"A" * 20)) == pytest.approx([0.0, 0.02, 0.04, 0.06])


def test_a_slow_rate_gives_out_one_moment_ahead(a_process: AProcess, tickets: Tickets) -> None:
    process = a_process(Limits(max_rps=0.5))
    assert ask(process, tickets(*"AAA")) == [0.0, 2.0]


def test_time_that_was_not_used_is_not_saved_up(a_process: AProcess, tickets: Tickets, client: "redis.Redis") -> None:
    client.set(RATE, 1)
    assert ask(a_process(Limits(max_rps=1.0)), tickets(*"AA")) == [0.0, 1.0]


def test_a_moment_beyond_a_callers_patience_is_not_given_out(
    a_process: AProcess, tickets: Tickets, client: "redis.Redis"
) -> None:
    process = a_process(Limits(max_rps=0.2))
    ask(process, tickets("A"))
    start = free_at(client)
    (impatient,), (patient,) = tickets("A", since=-6.0), tickets("B")
    refused, wait = ask(process, [impatient, patient])
    assert refused is Refusal.RATE
    assert wait == pytest.approx(5.0, abs=0.5)
    assert free_at(client) - start == 5_000_000


def test_a_caller_that_waited_long_takes_a_moment_that_is_there(a_process: AProcess, tickets: Tickets) -> None:
    assert ask(a_process(Limits(max_rps=1.0)), tickets("A", since=-99.0)) == [0.0]


def test_what_a_cap_refuses_costs_no_moment(a_process: AProcess, tickets: Tickets, client: "redis.Redis") -> None:
    process = a_process(Limits(max_rps=1.0, max_calls=2, max_calls_per_shop=1))
    ask(process, tickets("A"))
    start = free_at(client)
    assert ask(process, tickets("A")) == [Refusal.SHOP]
    assert free_at(client) == start
    ask(process, tickets("B"))
    start = free_at(client)
    assert ask(process, tickets("C")) == [Refusal.OVERALL]
    assert free_at(client) == start


def test_what_the_rate_refuses_takes_no_slot(a_process: AProcess, tickets: Tickets, client: "redis.Redis") -> None:
    process = a_process(Limits(max_rps=0.2, max_calls=9, max_calls_per_shop=9))
    ask(process, tickets("A"))
    assert ask(process, tickets("A", since=-9.0)) == [Refusal.RATE]
    assert client.zcard(CALLS) == client.zcard(SHOP_A) == 1


def test_a_clock_that_was_set_back_stops_nobody(a_process: AProcess, tickets: Tickets, client: "redis.Redis") -> None:
    client.set(RATE, microseconds(client) + 3_600_000_000)
    assert ask(a_process(Limits(max_rps=10.0)), tickets("A")) == [0.0]
