"""Breaking Redis: stopped, killed, frozen, emptied, out of memory."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import redis
from attrs import frozen

from pharmasync.documents import DOCUMENT_TYPES
from tests.chaos.world import World

QUEUED = 20
"""So many messages must be lost for it to count."""


@contextmanager
def _client(world: World) -> Iterator["redis.Redis"]:
    with redis.Redis.from_url(world.town.valkey.url) as client:
        yield client


def _wait_for_messages(world: World) -> None:
    """Waits until Redis holds messages that no worker has fetched."""
    with _client(world) as client:
        world.wait_for(lambda: sum(int(client.llen(f"dramatiq:{kind.queue}")) for kind in DOCUMENT_TYPES) >= QUEUED)


@frozen
class Stopped:
    """Redis is stopped, and comes back with the messages of before: those that were worked off meanwhile, too."""

    seconds: float

    def __call__(self, world: World, dice: Random) -> None:
        """See :data:`~tests.chaos.row.Strike`."""
        _wait_for_messages(world)
        with _client(world) as client:
            client.save()
        time.sleep(dice.uniform(0.2, 0.4))  # what is worked off now comes back
        with world.incident("Redis stops"):
            world.town.valkey.kill()
            time.sleep(self.seconds)
            world.town.valkey.start()


@frozen
class Frozen:
    """Redis takes connections and says nothing."""

    seconds: float

    def __call__(self, world: World, dice: Random) -> None:  # noqa: ARG002 - a strike
        """See :data:`~tests.chaos.row.Strike`."""
        _wait_for_messages(world)
        pid = world.town.valkey.pid
        if pid is None:
            raise ProcessLookupError("valkey")
        with world.incident("Redis freezes"):
            os.kill(pid, signal.SIGSTOP)
            time.sleep(self.seconds)
            os.kill(pid, signal.SIGCONT)


def kill(world: World, dice: Random) -> None:
    """Redis is killed and comes back with nothing: no messages, no tokens, no scripts."""
    _wait_for_messages(world)
    time.sleep(dice.uniform(0.0, 0.2))
    with world.incident("Redis kills"):
        world.town.valkey.kill()
        world.town.valkey.start()


def empty(world: World, dice: Random) -> None:
    """FLUSHALL, with messages in flight."""
    _wait_for_messages(world)
    time.sleep(dice.uniform(0.0, 0.2))
    with world.incident("FLUSHALLs"), _client(world) as client:
        client.flushall()


@frozen
class Full:
    """Redis has no memory left (``maxmemory``, ``noeviction``): it answers and takes nothing."""

    seconds: float

    def __call__(self, world: World, dice: Random) -> None:  # noqa: ARG002 - a strike
        """See :data:`~tests.chaos.row.Strike`."""
        _wait_for_messages(world)
        with world.incident("times out of memory"), _client(world) as client:
            client.config_set("maxmemory-policy", "noeviction")
            client.config_set("maxmemory", 1)
            time.sleep(self.seconds)
            client.config_set("maxmemory", 0)
