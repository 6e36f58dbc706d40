"""Dramatiq's broker on Redis, and how long its queues are."""

from collections.abc import Sequence

import redis
from dramatiq import Middleware
from dramatiq.broker import Consumer
from dramatiq.brokers.redis import RedisBroker

from pharmasync.errors import ServerAwayError

HEARTBEAT_MS = 15_000
"""A worker that is silent for so long is dead, and its messages go back to the queue."""

MAINTENANCE_PER_MILLION = 20_000
"""How many of a million commands look for dead workers. Dramatiq's 1,000 took up to 20 minutes in an idle system."""

CONNECT_SECONDS = 5.0


IDLE_MS = 200
"""How long an idle worker waits at most before it looks into its queues again. Dramatiq's 1,000 would be most of the
time that a new row takes to the national API."""


class PromptRedisBroker(RedisBroker):
    """Dramatiq's broker, with consumers that don't doze off."""

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        """A consumer whose waits never grow beyond :data:`IDLE_MS`."""
        return super().consume(queue_name, prefetch, min(timeout, IDLE_MS))


def connect_broker(url: str, middleware: Sequence[Middleware] = ()) -> RedisBroker:
    """The broker at ``url``; nothing is sent until it is used.

    Only the given middleware works on it: Dramatiq's own Retries would repeat what the table has decided already.
    """
    client = redis.Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS, health_check_interval=30)
    return PromptRedisBroker(  # type: ignore[no-untyped-call] # dramatiq's constructor has no annotations
        client=client,
        middleware=list(middleware),
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=MAINTENANCE_PER_MILLION,
    )


def waiting(broker: RedisBroker, queue: str) -> int:
    """How many messages wait in a queue, without those that workers hold.

    Raises:
        ServerAwayError: Redis is away.
    """
    try:
        length: int = broker.client.llen(f"{broker.namespace}:{queue}")
    except redis.RedisError as error:
        raise ServerAwayError("Redis", error) from error
    return length
