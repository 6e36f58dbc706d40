"""What is left of processes that died comes free by itself."""

import pytest
import redis

from pharmasync.limits.limits import Limits, Patience
from pharmasync.limits.shared import CALLS
from pharmasync.limits.ticket import Refusal
from tests.limits.script.asking import LONGEST_CALL, SHOP_A, AProcess, Tickets, ask, microseconds, slots

pytestmark = pytest.mark.integration


def test_a_slot_ends_with_the_longest_call(a_process: AProcess, tickets: Tickets, client: "redis.Redis") -> None:
    process = a_process(Limits(max_calls=1))
    ask(process, tickets("A"))
    ((holder, ends),) = slots(client, CALLS)
    assert holder.decode().startswith(process.process)
    assert ends - microseconds(client) == pytest.approx(LONGEST_CALL * 1e6, abs=2e6)


def test_a_slot_that_ended_is_free(a_process: AProcess, tickets: Tickets, client: "redis.Redis") -> None:
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
    a_process: AProcess, tickets: Tickets, client: "redis.Redis"
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
    a_process: AProcess, tickets: Tickets, client: "redis.Redis"
) -> None:
    process = a_process(Limits(max_rps=0.2, max_calls=2))
    ask(process, tickets(*"AA"))
    (_, first), (_, second) = slots(client, CALLS)
    assert second - first == 5_000_000


def test_whatever_it_left_vanishes(a_process: AProcess, tickets: Tickets, client: "redis.Redis") -> None:
    ask(a_process(Limits(max_rps=1.0, max_calls=1, max_calls_per_shop=1)), tickets("A"))
    assert len(client.keys()) == 3
    longest = (LONGEST_CALL + Patience().overall) * 1000
    assert all(0 < client.pttl(key) <= longest for key in client.scan_iter())
