"""In whatever order callers come, end and leave: the caps hold, no slot lies idle, and who came first goes first."""

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from attrs import define, field
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pharmasync.limits.limits import Limits
from pharmasync.limits.shared import CALLS, LINE, SharedLimits
from pharmasync.limits.ticket import Admitted, Ticket

pytestmark = pytest.mark.integration

CAPS = [Limits(max_calls=calls, max_calls_per_shop=of_shop) for calls in (None, 1, 3) for of_shop in (None, 1, 2)][1:]


@define
class Model:
    """Who calls and who waits, worked out in the plainest way."""

    limits: Limits
    calling: list[Ticket] = field(factory=list)
    waiting: list[Ticket] = field(factory=list)

    def ask(self, tickets: list[Ticket]) -> None:
        self.waiting += tickets
        for ticket in list(self.waiting):
            if self._has_room_for(ticket):
                self.waiting.remove(ticket)
                self.calling.append(ticket)

    def forget(self, tickets: list[Ticket]) -> None:
        self.calling = [ticket for ticket in self.calling if ticket not in tickets]
        self.waiting = [ticket for ticket in self.waiting if ticket not in tickets]

    def _has_room_for(self, ticket: Ticket) -> bool:
        of_shop = Counter(each.shop_id for each in self.calling)[ticket.shop_id]
        all_calls, shop_calls = self.limits.max_calls, self.limits.max_calls_per_shop
        return (all_calls is None or len(self.calling) < all_calls) and (shop_calls is None or of_shop < shop_calls)


@pytest.fixture
def processes(client: "redis.Redis") -> Iterator[list[SharedLimits]]:
    made = [SharedLimits(client, Limits(max_calls=1), longest_call=60.0) for _ in range(2)]
    yield made
    for process in made:
        process.usher.stop()


def numbers(client: "redis.Redis", keys: str) -> set[int]:
    """Of the tickets in all sorted sets of these names."""
    holders: list[Any] = [holder for key in client.keys(keys) for holder in client.zrange(key, 0, -1)]
    return {int(holder.split(b":")[1]) for holder in holders}


steps = st.tuples(
    st.integers(0, 1),
    st.lists(st.sampled_from("ABC"), max_size=3),
    st.lists(st.integers(0, 20), max_size=3),
)
"""Which process makes the trip, of which shops its callers are, and which of all tickets end or leave."""


@given(limits=st.sampled_from(CAPS), trips=st.lists(steps, max_size=15))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_redis_agrees_with_the_plain_model_after_every_trip(
    processes: list[SharedLimits], client: "redis.Redis", limits: Limits, trips: list[tuple[int, list[str], list[int]]]
) -> None:
    client.flushall()
    model, counter, owner = Model(limits), itertools.count(), dict[int, SharedLimits]()
    for process in processes:
        process.limits = limits
    for which, shops, leaving in trips:
        process, there = processes[which], model.calling + model.waiting
        callers = [Ticket(next(counter), shop, 0.0) for shop in shops]
        gone = [ticket for ticket in there if ticket.number in leaving and owner[ticket.number] is process]
        owner |= dict.fromkeys((ticket.number for ticket in callers), process)
        answers = process.ask(callers, gone, 0.0)
        model.forget(gone)
        model.ask(callers)
        admitted = {ticket.number for ticket in model.calling}
        assert numbers(client, f"{CALLS}*") == admitted
        assert numbers(client, f"{LINE}*") == {ticket.number for ticket in model.waiting}
        for ticket, answer in zip(callers, answers, strict=True):
            assert isinstance(answer, Admitted) is (ticket.number in admitted)
