"""The machine: every move that anybody can make, in any order, and what must be true after each of them."""

from collections import Counter
from collections.abc import Callable
from enum import Enum
from typing import Any

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.sandbox.national.switches import Switches
from tests.properties import laws
from tests.properties.delivering import Delivery
from tests.properties.fates import any_fate, bad_fate
from tests.properties.messages import made_by_hand
from tests.properties.national_api import Habits
from tests.properties.rest import come_to_rest
from tests.properties.sql_fates import SqlFate
from tests.properties.time_and_operators import let_time_pass, pause, resume, retry
from tests.properties.world import FACILITIES, Actor, World

MOST_ROWS = 3
MOST_ACTORS = 4

MakeWorld = Callable[[Habits, bool], World]

KINDS = {kind.name: kind for kind in DOCUMENT_TYPES}

kinds = st.sampled_from(sorted(KINDS))
shops = st.sampled_from(sorted(FACILITIES))
codes = st.sampled_from(["A", "B", "C", "D", "E"])
few = st.integers(0, 3)
"""So many steps go well."""


class Beginning(Enum):
    """How work begins."""

    NEW = "a pharmacy inserts a row, a producer claims it, and a worker takes its message"
    AGAIN = "the time of a row comes, and so on"
    SCAN = "a producer scans"
    OLD_MESSAGE = "a worker takes any message there ever was"
    HAND_MADE_MESSAGE = "a worker takes a message that somebody made by hand"


class Progress(Enum):
    """How work goes on."""

    ANYHOW = "as it comes"
    WELL = "well, for some steps"
    BADLY = "something goes wrong"
    NEVER = "somebody dies"


beginnings = st.sampled_from([*Beginning, Beginning.NEW, Beginning.AGAIN, Beginning.AGAIN])
progresses = st.sampled_from([*[Progress.ANYHOW] * 6, *[Progress.WELL] * 2, *[Progress.BADLY] * 2, Progress.NEVER])

nth = st.integers(0, 9)
"""One of several, by its number; the last comes first."""


class StateOfRows(RuleBasedStateMachine):
    """All moves.

    Args:
        make_world: Makes a world without rows.
        seen: Where what was seen in all examples is counted.
    """

    def __init__(self, make_world: MakeWorld, seen: Counter[str]) -> None:
        super().__init__()
        self._make_world = make_world
        self._seen = seen
        self.world: World

    @initialize(
        kind=kinds,
        second_post=st.sampled_from(["store", "store", "reject", "same_id"]),
        put_unknown=st.sampled_from(["refuse", "refuse_400", "store"]),
        get_invoice=st.booleans(),
        corrects=st.sampled_from([True, True, False]),
        limited=st.booleans(),
    )
    def there_are_an_api_and_a_row(self, *, kind: str, corrects: bool, limited: bool, **switches: Any) -> None:
        self.world = self._make_world(Habits(Switches(**switches), corrects), limited)
        self.world.insert(KINDS[kind], "A", "S1")

    @precondition(lambda self: self.has_room)
    @rule(beginning=beginnings, number=nth, kind=kinds, code=codes, shop=shops, steps=few)
    def work_begins(self, beginning: Beginning, number: int, kind: str, code: str, shop: str, steps: int) -> None:  # noqa: PLR0913, PLR0917 - what all beginnings need
        world = self.world
        match beginning:
            case Beginning.NEW if len(world.documents) < MOST_ROWS:
                world.insert(KINDS[kind], code, shop)
                self._take_what_is_due(steps)
            case Beginning.SCAN:
                world.finish(world.start_scan(), steps)
            case Beginning.OLD_MESSAGE if world.messages:
                world.finish(world.start_delivery(_pick(world.messages, number)), steps)
            case Beginning.HAND_MADE_MESSAGE:
                world.finish(world.start_delivery(made_by_hand(_pick(world.documents, number))), steps)
            case _:
                let_time_pass(world, [_pick(world.documents, number)])
                self._take_what_is_due(steps)

    @precondition(lambda self: self.world.actors)
    @rule(moves=st.integers(1, 5), data=st.data())
    def work_goes_on(self, moves: int, data: st.DataObject) -> None:
        """So many moves, each of anybody's."""
        for _ in range(moves):
            if self.world.actors:
                self._go_on(_pick(self.world.actors, data.draw(nth)), data.draw(progresses), data)

    @precondition(lambda self: any(row.is_open and row.due_in > 0 for row in self.world.ledger.rows.values()))
    @rule(number=st.none() | nth)
    def time_passes(self, number: int | None) -> None:
        """For one row, or for all of them."""
        documents = self.world.documents
        let_time_pass(self.world, documents if number is None else [_pick(documents, number)])

    @precondition(lambda self: self.leased)
    @rule(number=nth, left=st.sampled_from([0.5, 0.0]), fate=st.none() | st.sampled_from(SqlFate))
    def a_lease_is_renewed_or_not(self, number: int, left: float, fate: SqlFate | None) -> None:
        """Where it is not, only so much of it is left."""
        delivery = _pick(self.leased, number)
        if fate is None:
            delivery.age_lease(left)
        else:
            delivery.renew_lease(self.world.sql, fate)
            self.world.observe(laws.Who.LEASES)

    @precondition(lambda self: self.world.paused or self.world.failed or self.world.actors)
    @rule(number=nth, shop=shops)
    def an_operator_acts(self, number: int, shop: str) -> None:
        """Resumes what is paused, else retries what failed, else pauses a shop: a paused shop is a dull one."""
        if self.world.paused:
            resume(self.world, _pick(self.world.paused, number))
        elif self.world.failed:
            retry(self.world, _pick(self.world.failed, number).shop)
        else:
            pause(self.world, shop)

    @invariant()
    def nothing_is_stored_twice(self) -> None:
        laws.nothing_is_stored_twice(self.world.api.doubled())

    @invariant()
    def one_worker_may_send(self) -> None:
        laws.one_worker_may_send(each.row for each in self.world.deliveries if each.may_post and each.row)

    def teardown(self) -> None:
        try:
            come_to_rest(self.world)
        finally:
            for name in sorted(self.world.ledger.seen):
                event(name)
            self._seen += self.world.ledger.seen
            for actor in list(self.world.actors):
                self.world.kill(actor)

    def _go_on(self, actor: Actor, progress: Progress, data: st.DataObject) -> None:
        match progress:
            case Progress.WELL:
                self.world.finish(actor, data.draw(few))
            case Progress.BADLY:
                self.world.step(actor, data.draw(bad_fate(actor.player.stands_before)))
            case Progress.NEVER:
                self.world.kill(actor)
            case _:
                self.world.step(actor, data.draw(any_fate(actor.player.stands_before)))

    def _take_what_is_due(self, steps: int) -> None:
        known = len(self.world.messages)
        self.world.finish(self.world.start_scan())
        for message in self.world.messages[known:][: MOST_ACTORS - len(self.world.actors)]:
            self.world.finish(self.world.start_delivery(message), steps)

    @property
    def leased(self) -> list[Delivery]:
        return [delivery for delivery in self.world.deliveries if delivery.lease is not None]

    @property
    def has_room(self) -> bool:
        return len(self.world.actors) < MOST_ACTORS


def _pick(several: list[Any], number: int) -> Any:
    return several[-1 - number % len(several)]
