"""Consumers of Dramatiq's queues on Redis that make few round trips: acknowledgements and refills travel together.

An acknowledgement may come late, even never: the message then comes again and begins nothing, since its row is done.
"""

import threading
import time
from contextlib import suppress
from typing import Any

import redis
from attrs import define, field
from dramatiq.broker import MessageProxy
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.common import current_millis

MOST_WAITING = 32
"""How many acknowledgements wait at most; an idle worker sends them with its next look into the queue."""

REFILL_SHARE = 4
"""A worker looks for more messages once one part in so many of its prefetch is free."""

NAP_SECONDS = 0.005
"""How long a consumer that holds enough lets the worker's threads get on with it."""

NO_MAINTENANCE = 0
UNPACKED = 1
"""How much Dramatiq's script unpacks at a time in its maintenance, which is left to its own calls."""


@define(eq=False)
class Acknowledgements:
    """What a worker process has done with and not yet acknowledged, over all queues.

    Attributes:
        broker: The broker.
    """

    broker: RedisBroker
    _waiting: list[tuple[str, str]] = field(factory=list, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)

    def add(self, queue: str, redis_message_id: str) -> None:
        """Notes one.

        Raises:
            redis.RedisError: Many are waiting, and Redis is away; they go on waiting.
        """
        with self._lock:
            self._waiting.append((queue, redis_message_id))
            many = len(self._waiting) >= MOST_WAITING
        if many:
            self.send()

    def send(self) -> None:
        """Acknowledges all that are waiting, in one round trip.

        Raises:
            redis.RedisError: Redis is away; they go on waiting.
        """
        with self._lock:
            leaving, self._waiting = self._waiting, []
        if not leaving:
            return
        try:
            self._send(leaving)
        except redis.RedisError:
            with self._lock:
                self._waiting += leaving
            raise

    def _send(self, leaving: list[tuple[str, str]]) -> None:
        """What ``RedisBroker.do_ack`` does for each; the fetches see to the maintenance, and load a lost script."""
        broker, script = self.broker, self.broker.scripts["dispatch"].sha
        settings = (broker.broker_id, broker.heartbeat_timeout, broker.dead_message_ttl, NO_MAINTENANCE, UNPACKED)
        pipeline = broker.client.pipeline(transaction=False)
        for queue, redis_message_id in leaving:
            pipeline.evalsha(script, 1, broker.namespace, "ack", current_millis(), queue, *settings, redis_message_id)
        pipeline.execute()


class FrugalConsumer(_RedisConsumer):
    """Dramatiq's consumer, with acknowledgements that travel together and refills that are worth the way.

    Args:
        done: The worker's acknowledgements.
        given: What Dramatiq's consumer takes.
    """

    def __init__(self, done: Acknowledgements, *given: Any) -> None:
        super().__init__(*given)  # type: ignore[no-untyped-call] # dramatiq's consumer has no annotations
        self._done = done

    def ack(self, message: MessageProxy) -> None:
        """Notes that the message is done with."""
        self.queued_message_ids.discard(message.message_id)
        try:
            self._done.add(self.queue_name, message.options["redis_message_id"])
        except redis.RedisError:  # it goes on waiting, and the next fetch tells Dramatiq that Redis is away
            return

    def __next__(self) -> Any:
        """The next message; None where there is none, or enough are held."""
        if not self.message_cache:
            if self.prefetch - self.outstanding_message_count < max(1, self.prefetch // REFILL_SHARE):
                time.sleep(NAP_SECONDS)
                return None
            with suppress(redis.RedisError):  # the fetch below fails as well, and tells Dramatiq
                self._done.send()
        return super().__next__()  # type: ignore[no-untyped-call] # as above

    def close(self) -> None:
        """Acknowledges what is left."""
        with suppress(redis.RedisError):  # the messages come again and begin nothing
            self._done.send()
        super().close()
