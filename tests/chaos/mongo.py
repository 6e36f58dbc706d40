"""Breaking MongoDB."""

import time
from random import Random

from attrs import frozen

from tests.chaos.world import World


@frozen
class Stopped:
    """MongoDB is killed and comes back after a while."""

    seconds: float

    def __call__(self, world: World, dice: Random) -> None:  # noqa: ARG002 - a strike
        """See :data:`~tests.chaos.row.Strike`."""
        world.wait_for_traffic()
        with world.incident("MongoDB outages"):
            world.town.mongod.kill()
            time.sleep(self.seconds)
            world.town.mongod.start()


@frozen
class Slow:
    """Whatever goes to MongoDB or comes from it takes a while, to the end of the run."""

    seconds: float

    def __call__(self, world: World, dice: Random) -> None:  # noqa: ARG002 - a strike
        """See :data:`~tests.chaos.row.Strike`."""
        with world.incident("slow MongoDBs"):
            world.mongo_proxy.delay = self.seconds
