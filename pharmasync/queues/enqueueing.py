"""Enqueueing many rows at once. Dramatiq has no batch enqueue: its own script, in one pipeline, does it on Redis."""

from collections.abc import Sequence
from uuid import uuid4

import redis
from dramatiq import Broker, DramatiqError
from dramatiq.brokers.redis import RedisBroker
from dramatiq.common import current_millis

from pharmasync.queues.message import RowMessage

BATCH = 500
"""How many messages travel in one pipeline."""

NO_MAINTENANCE = 0
UNPACKED = 1
"""How much the script unpacks at a time in its maintenance, which an enqueue leaves to the workers."""


def enqueue(broker: Broker, rows: Sequence[RowMessage]) -> list[int]:
    """Enqueues messages and returns the places, from 0, of those that may not be in their queue.

    A message that is there although it was returned does no harm: its row was handed back, and it begins nothing.
    """
    if isinstance(broker, RedisBroker):
        starts = range(0, len(rows), BATCH)
        return [start + place for start in starts for place in _enqueue_together(broker, rows[start : start + BATCH])]
    return _enqueue_one_by_one(broker, rows)


def _enqueue_one_by_one(broker: Broker, rows: Sequence[RowMessage]) -> list[int]:
    for place, row in enumerate(rows):
        try:
            broker.enqueue(row.message())
        except (DramatiqError, ConnectionError):
            return list(range(place, len(rows)))
    return []


def _enqueue_together(broker: RedisBroker, rows: Sequence[RowMessage]) -> list[int]:
    """What ``broker.enqueue`` does for each of the messages, in one round trip.

    The script's arguments are those of Dramatiq 2.2's ``RedisBroker._dispatch``; a test holds the two side by side.
    """
    pipeline = broker.client.pipeline(transaction=False)
    try:
        for row in rows:
            redis_message_id = str(uuid4())
            broker.scripts["dispatch"](
                keys=[broker.namespace],
                args=[
                    "enqueue",
                    current_millis(),
                    row.queue,
                    broker.broker_id,
                    broker.heartbeat_timeout,
                    broker.dead_message_ttl,
                    NO_MAINTENANCE,
                    UNPACKED,
                    redis_message_id,
                    row.encoded_for(redis_message_id),
                ],
                client=pipeline,
            )
        results = pipeline.execute(raise_on_error=False)
    except redis.RedisError:
        return list(range(len(rows)))
    return [place for place, result in enumerate(results) if isinstance(result, Exception)]
