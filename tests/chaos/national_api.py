"""Breaking the national API for all calls; what goes wrong in one of many is in a row's faults."""

import time
from random import Random

from attrs import frozen

from tests.chaos.world import World


@frozen
class Down:
    """Every connection is closed at once, logins' too."""

    seconds: float

    def __call__(self, world: World, dice: Random) -> None:  # noqa: ARG002 - a strike
        """See :data:`~tests.chaos.row.Strike`."""
        world.wait_for_traffic()
        with world.incident("API outages"):
            world.town.api.switch_on({"down": True})
            time.sleep(self.seconds)
            world.town.api.switch_on({"down": False})
