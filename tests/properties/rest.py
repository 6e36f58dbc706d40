"""The end of an example: the world becomes kind, time passes, and all that there is to do is done."""

from tests.properties import laws
from tests.properties.time_and_operators import let_time_pass
from tests.properties.world import World

ROUNDS = 15
"""More than the attempts of the settings that examples have, and those that end in silence."""


def come_to_rest(world: World) -> None:
    """Ends whatever is under way, and works until nothing is due any more."""
    while world.actors:
        world.finish(world.actors[0])
    for _ in range(ROUNDS):
        if not any(row.is_open for row in world.ledger.rows.values()):
            break
        let_time_pass(world, world.documents)
        known = len(world.messages)
        world.finish(world.start_scan())
        for message in world.messages[known:]:
            world.finish(world.start_delivery(message))
    judge(world)


def judge(world: World) -> None:
    """Nothing is lost, nothing is twice, and nothing is left."""
    for document in world.documents:
        row = world.ledger.rows[document.key]
        stored = world.api.held(document.kind, document.facility, document.code)
        laws.it_came_to_rest(row, paused=document.shop in world.paused)
        laws.what_is_delivered_is_stored(row, document, stored)
        if stored is not None and (stored.kind, stored.facility, stored.code) not in world.api.doubts.troubled:
            laws.what_failed_is_not_stored(row, document, stored)
    laws.nothing_is_stored_twice(world.api.doubled())
