"""Dramatiq's broker on Redis. Dramatiq has no batch enqueue: its own script, in one pipeline, does it."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import redis
from dramatiq import Middleware
from dramatiq.broker import Consumer
from dramatiq.brokers.redis import RedisBroker
from dramatiq.common import current_millis

from pharmasync.errors import ServerAwayError
from pharmasync.queues.message import RowMessage
from pharmasync.queues.redis_consumer import NO_MAINTENANCE, UNPACKED, Acknowledgements, FrugalConsumer
from pharmasync.queues.row_broker import RowBroker

HEARTBEAT_MS = 15_000
"""A worker that is silent for so long is dead, and its messages go back to the queue."""

MAINTENANCE_PER_MILLION = 20_000
"""How many of a million commands look for dead workers. Dramatiq's 1,000 took up to 20 minutes in an idle system."""

CONNECT_SECONDS = 5.0

ANSWER_SECONDS = 30.0
"""A Redis that is silent for so long is away."""

IDLE_MS = 200
"""How long an idle worker waits at most before it looks into its queues again. Dramatiq's 1,000 would be most of the
time that a new row takes to the national API."""

DELAYED = ".DQ"
DELAYED_IDLE_MS = 1000
"""The same for Dramatiq's queues of delayed messages: pharmasync sends none, somebody else's are at least served."""

BATCH = 500
"""How many messages travel in one pipeline."""


class PromptRedisBroker(RowBroker, RedisBroker):
    """Dramatiq's broker, with consumers that don't doze off, and with messages that travel together."""

    server = "Redis"

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)  # type: ignore[no-untyped-call] # dramatiq's broker for Redis has no annotations
        self.acknowledgements = Acknowledgements(self)

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        """A consumer whose waits never grow beyond :data:`IDLE_MS`, or :data:`DELAYED_IDLE_MS`."""
        idle = DELAYED_IDLE_MS if queue_name.endswith(DELAYED) else IDLE_MS
        return FrugalConsumer(self.acknowledgements, self, queue_name, prefetch, min(timeout, idle))

    def close(self) -> None:
        """Hangs up; Dramatiq's own leaves that to the end of the process."""
        self.client.close()

    def ping(self) -> None:
        """Asks Redis whether it is there.

        Raises:
            ServerAwayError: It is not.
        """
        try:
            self.client.ping()
        except redis.RedisError as error:
            raise ServerAwayError(self.server, error) from error

    def waiting(self, queue: str) -> int:
        """How many messages wait in a queue, without those that workers hold.

        Raises:
            ServerAwayError: Redis is away.
        """
        try:
            length: int = self.client.llen(f"{self.namespace}:{queue}")
        except redis.RedisError as error:
            raise ServerAwayError(self.server, error) from error
        return length

    def enqueue_rows(self, rows: Sequence[RowMessage]) -> list[int]:
        """Enqueues messages and returns the places, from 0, of those that may not be in their queue."""
        starts = range(0, len(rows), BATCH)
        return [start + place for start in starts for place in self._enqueue_together(rows[start : start + BATCH])]

    def _enqueue_together(self, rows: Sequence[RowMessage]) -> list[int]:
        """What ``self.enqueue`` does for each of the messages, in one round trip.

        The script's arguments are those of Dramatiq 2.2's ``RedisBroker._dispatch``; a test holds the two side by side.
        """
        pipeline = self.client.pipeline(transaction=False)
        try:
            for row in rows:
                redis_message_id = str(uuid4())
                self.scripts["dispatch"](
                    keys=[self.namespace],
                    args=[
                        "enqueue",
                        current_millis(),
                        row.queue,
                        self.broker_id,
                        self.heartbeat_timeout,
                        self.dead_message_ttl,
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


def connect_redis(url: str, middleware: Sequence[Middleware] = ()) -> PromptRedisBroker:
    """The broker at ``url``; nothing is sent until it is used."""
    client = redis.Redis.from_url(
        url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=ANSWER_SECONDS, health_check_interval=30
    )
    return PromptRedisBroker(
        client=client,
        middleware=list(middleware),
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=MAINTENANCE_PER_MILLION,
    )
