"""Queues that keep what a producer sends, and the producer that fills them."""

from collections.abc import Sequence
from random import Random

from attrs import define, field

from pharmasync.queues import RowMessage
from pharmasync.schedulers.producer import Producer
from pharmasync.sqlserver.connection import SqlServer


@define
class RecordedQueues:
    """Stands in for Redis where a test wants to see the order of the messages, or to lose them."""

    room: int = 1000
    messages: list[RowMessage] = field(factory=list)

    def waiting(self, queue: str) -> int:
        return sum(message.queue == queue for message in self.messages)

    def enqueue(self, messages: Sequence[RowMessage]) -> list[int]:
        taken = list(messages)[: max(0, self.room - len(self.messages))]
        self.messages += taken
        return list(range(len(taken), len(messages)))


def producer(sql: SqlServer, queues: RecordedQueues, high_water: int = 100, seed: int = 1) -> Producer:
    dice = Random(seed)  # noqa: S311 - the same chances in every run
    return Producer(sql=sql, queues=queues, high_water=high_water, lease=60, dice=dice)
