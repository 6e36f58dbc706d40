"""Orders of moves that the machine found once, as plain tests."""

import pytest

from pharmasync.decisions.doubt import Doubt
from pharmasync.decisions.pauses import Pauses
from pharmasync.decisions.table import Attempt, decide
from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT
from pharmasync.errors import DeliveryError, UnavailableError, UncertainError
from pharmasync.sandbox.national.switches import Switches
from tests.properties.call_fates import TurnFate
from tests.properties.machine import MakeWorld
from tests.properties.national_api import Habits
from tests.properties.rest import come_to_rest
from tests.properties.sql_fates import SqlFate
from tests.properties.time_and_operators import let_time_pass
from tests.properties.world import World

pytestmark = pytest.mark.integration


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A world in which calls wait for their turn."""
    return make_world(Habits(Switches()), True)


def test_a_younger_twin_whose_worker_died_does_not_take_the_older_ones_document_for_its_own(world: World) -> None:
    older = world.insert(GOODS_ISSUE_SLIP, "A", "S1")
    world.finish(world.start_scan())
    sending = world.start_delivery(world.messages[0])
    world.finish(sending, steps=1)
    younger = world.insert(GOODS_ISSUE_SLIP, "A", "S2")
    world.finish(world.start_scan())
    dying = world.start_delivery(world.messages[1])
    world.finish(dying, steps=1)
    world.kill(dying)
    world.finish(sending)
    come_to_rest(world)
    assert [world.ledger.rows[each.key].status for each in (older, younger)] == ["SYNC_SUCCESS", "SYNC_FAILED"]


@pytest.mark.parametrize("fate", [SqlFate.ANSWER_LOST, SqlFate.ANSWER_LOST_WHEN_IDLE])
def test_an_attempt_that_was_handed_back_is_not_handed_back_again_from_under_the_next_one(
    world: World, fate: SqlFate
) -> None:
    document = world.insert(PURCHASE_RECEIPT, "A", "S1")
    world.finish(world.start_scan())
    first = world.start_delivery(world.messages[0])
    world.finish(first, steps=1)
    world.step(first, TurnFate.NO_ROOM)  # no room for its call: it hands its attempt back
    world.step(first, fate)
    let_time_pass(world, [document])
    world.finish(world.start_scan())
    second = world.start_delivery(world.messages[1])
    world.finish(second, steps=2)
    if first in world.actors:
        world.finish(first)
    assert world.ledger.rows[document.key].status == "SYNC_SENDING"
    world.finish(second)
    come_to_rest(world)


def families(*roots: type[DeliveryError]) -> list[type[DeliveryError]]:
    """These errors and all that belong to them."""
    return [*roots, *(each for root in roots for below in root.__subclasses__() for each in families(below))]


@pytest.mark.parametrize("error", families(UncertainError, UnavailableError))
@pytest.mark.parametrize("doubt", Doubt)
def test_an_attempt_that_may_have_stored_something_is_never_taken_back(
    error: type[DeliveryError], doubt: Doubt
) -> None:
    """Otherwise the attempt before it could write late, as if there had been no other, that nothing was sent."""
    outcome = decide(error("no answer"), Attempt(number=2, doubt=doubt, sent=True), Pauses())
    assert outcome is not None
    assert outcome.counted
