"""A producer's scan, played: production's own, between a SQL Server and queues before which it stops."""

from collections.abc import Sequence
from contextlib import suppress
from random import Random

from attrs import define, field

from pharmasync.errors import ServerAwayError
from pharmasync.queues import RowMessage
from pharmasync.schedulers.producer import Producer
from pharmasync.settings import Settings
from pharmasync.wiring import sql_server
from tests.properties.messages import Enqueue
from tests.properties.players import Player, stop_before
from tests.properties.rows import Key
from tests.properties.sql_fates import PlayersSql


class PlayersQueues:
    """Queues with room: a player stops before it enqueues."""

    def waiting(self, queue: str) -> int:
        """None."""
        return 0 if queue else -1

    def enqueue(self, messages: Sequence[RowMessage]) -> Sequence[int]:
        """See :class:`~pharmasync.schedulers.producer.Queues`."""
        places: Sequence[int] = stop_before(Enqueue(messages)) if messages else []
        return places


@define(eq=False)
class Scan:
    """One scan of one producer.

    Attributes:
        claimed_at: The move in which it claimed each of its rows.
    """

    settings: Settings
    name: str
    claimed_at: dict[Key, int] = field(factory=dict, init=False)
    player: Player = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.player = Player(self.name, self._scan)

    def _scan(self) -> None:
        settings = self.settings
        producer = Producer(
            sql=PlayersSql(sql_server(settings)._address),
            queues=PlayersQueues(),
            high_water=settings.queue_high_water,
            lease=settings.queued_lease_seconds,
            dice=Random(0),  # noqa: S311 - an example has to come again
        )
        with suppress(ServerAwayError):  # production says so in its log, and scans again at the next tick
            producer.scan()
