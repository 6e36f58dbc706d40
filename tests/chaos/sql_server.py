"""Breaking SQL Server: connections cut in the middle of a statement, refused, a statement that hangs."""

import time
from random import Random

from attrs import define, frozen

from tests.chaos.proxy import Fate
from tests.chaos.world import World

CHANGE = "UPDATE".encode("utf-16-le")
"""What the text of every statement that changes a row has in it, as TDS carries it."""


OTHERS_SECONDS = 2.0
"""Who has not sent a statement so long after the first one was hung waits for it."""


@define
class Doom:
    """Decides over the next few statements that change something.

    Attributes:
        fates: Theirs, one after the other.
        met: How many have met theirs.
    """

    fates: list[Fate]
    met: int = 0

    def __call__(self, piece: bytes) -> Fate:
        """See :data:`~tests.chaos.proxy.Decide`."""
        if not self.fates or CHANGE not in piece:
            return Fate.PASS
        self.met += 1
        return self.fates.pop()


@frozen
class Cut:
    """Connections are cut in the middle of a statement: before it is there, or before its answer is."""

    statements: int

    def __call__(self, world: World, dice: Random) -> None:
        """See :data:`~tests.chaos.row.Strike`."""
        world.wait_for_traffic()
        doom = Doom(dice.choices((Fate.CUT_IN_IT, Fate.CUT_AFTER_IT), k=self.statements))
        with world.incident("cuts", self.statements):
            world.sql_proxy.decide = doom
            world.wait_for(lambda: not doom.fates)


@frozen
class Refused:
    """Every connection is cut, and none is taken for a while."""

    seconds: float

    def __call__(self, world: World, dice: Random) -> None:  # noqa: ARG002 - a strike
        """See :data:`~tests.chaos.row.Strike`."""
        world.wait_for_traffic()
        with world.incident("SQL Server outages"), world.sql_proxy.refusing():
            time.sleep(self.seconds)


@frozen
class Hung:
    """Statements hang for longer than their time-out, and are carried out after all when nobody waits any more.

    Several where there are several: those who wait for the first of them have no other to send.
    """

    statements: int
    seconds: float

    def __call__(self, world: World, dice: Random) -> None:  # noqa: ARG002 - a strike
        """See :data:`~tests.chaos.row.Strike`."""
        world.wait_for_traffic()
        doom = Doom([Fate.HANG] * self.statements)
        world.sql_proxy.hang_seconds = self.seconds
        before = world.ledger.on_their_way()
        world.sql_proxy.decide = doom
        world.wait_for(lambda: doom.met > 0)
        time.sleep(OTHERS_SECONDS)
        doom.fates.clear()
        time.sleep(self.seconds)  # until they are carried out, too late
        world.note("hung statements", doom.met, before)
