"""Killing workers and producers with SIGKILL: at every step, from outside, one alone, all at once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from attrs import frozen

from tests.chaos.member import Member
from tests.chaos.point import Point
from tests.chaos.world import World

KILLS = "kills"


@contextmanager
def replaced(world: World) -> Iterator[None]:
    """Waits until whoever is killed inside was started again; Dramatiq needs a while to see that a child died."""
    lives = world.crew.lives
    yield
    world.wait_for(lambda: world.crew.lives > lives)


@frozen
class DieAt:
    """A process dies at a point of its own work.

    Attributes:
        point: Where.
        latest: It does so at the latest when it comes there for this time; which time it is, is drawn.
    """

    point: Point
    latest: int = 20

    def __call__(self, world: World, dice: Random) -> None:
        """See :data:`~tests.chaos.row.Strike`."""
        died = len(world.orders.carried_out())
        with replaced(world):
            world.orders.give(self.point, dice.randint(1, self.latest))
            try:
                world.wait_for(lambda: len(world.orders.carried_out()) > died)
            finally:
                world.orders.withdraw(self.point)
            world.note(KILLS)


@frozen
class DieWhileAnswersAreHeld:
    """A worker process dies after the national API stored its documents, and before it gave an answer.

    Attributes:
        seconds: How long the API holds answers.
    """

    seconds: float = 4.0

    def __call__(self, world: World, dice: Random) -> None:
        """See :data:`~tests.chaos.row.Strike`."""
        held = self._held(world)
        world.town.api.switch_on({"stall": 1.0, "stall_seconds": self.seconds})
        try:
            wanted = held + dice.randint(5, 20)
            world.wait_for(lambda: self._held(world) >= wanted)
            with replaced(world), world.incident(KILLS):
                _at_work(world, world.crew.groups[0]).kill_a_child(dice)
        finally:
            world.town.api.switch_on({"stall": 0.0})

    @staticmethod
    def _held(world: World) -> int:
        return int(world.town.api.state()["faults_played"].get("stall", 0))


def kill_a_producer(world: World, dice: Random) -> None:
    """A producer is killed from outside, at any moment of its work."""
    world.wait_for_traffic()
    with replaced(world), world.incident(KILLS):
        _at_work(world, dice.choice(world.crew.producers)).kill_alone()


def kill_a_master(world: World, dice: Random) -> None:
    """Dramatiq's master is killed; its workers stay behind, beside those of the master that is started in its place."""
    world.wait_for_traffic()
    with replaced(world), world.incident(KILLS):
        _at_work(world, dice.choice(world.crew.groups)).kill_alone()


def kill_a_worker(world: World, dice: Random) -> None:
    """A worker process is killed from outside, with whatever its threads are at."""
    world.wait_for_traffic()
    with replaced(world), world.incident(KILLS):
        _at_work(world, dice.choice(world.crew.groups)).kill_a_child(dice)


def kill_everybody(world: World, dice: Random) -> None:  # noqa: ARG001 - a strike
    """All processes are killed together."""
    world.wait_for_traffic()
    with replaced(world), world.crew.unattended(), world.incident(KILLS, len(world.crew.members)):
        for member in world.crew.members:
            member.kill_whole()


@frozen
class Freeze:
    """A worker group stands still for longer than its leases, as a virtual machine that is moved, and then goes on."""

    seconds: float

    def __call__(self, world: World, dice: Random) -> None:
        """See :data:`~tests.chaos.row.Strike`."""
        world.wait_for_traffic()
        frozen_group = _at_work(world, dice.choice(world.crew.groups))
        with world.incident("freezes"):
            frozen_group.freeze()
        time.sleep(self.seconds)
        frozen_group.thaw()


def _at_work(world: World, member: Member) -> Member:
    world.wait_for(lambda: member.ready)
    return member
