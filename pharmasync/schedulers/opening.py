"""Makes the producer as the settings say, for its process and for ``pharmasync scan``."""

from collections.abc import Sequence

from attrs import frozen

from pharmasync.queues import RowBroker, RowMessage, connect_broker
from pharmasync.schedulers.producer import Producer
from pharmasync.settings import Settings
from pharmasync.wiring import circuit_intake, sql_server


@frozen
class BrokerQueues:
    """The broker's queues."""

    broker: RowBroker

    def waiting(self, queue: str) -> int:
        """How many messages wait in a queue."""
        return self.broker.waiting(queue)

    def enqueue(self, messages: Sequence[RowMessage]) -> Sequence[int]:
        """Enqueues messages and returns the places of those that may not have got there."""
        return self.broker.enqueue_rows(messages)


def open_producer(settings: Settings) -> Producer:
    """The producer as the settings say."""
    return Producer(
        sql=sql_server(settings),
        queues=BrokerQueues(connect_broker(settings.broker)),
        high_water=settings.queue_high_water,
        lease=settings.queued_lease_seconds,
        intake=circuit_intake(settings),
    )
