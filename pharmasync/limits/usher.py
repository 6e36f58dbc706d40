"""Who hears when those who stand in line in Redis are called in."""

import contextlib
import logging
import threading
from typing import Any, Protocol

import redis
from attrs import define, field
from redis.client import PubSub

from pharmasync.limits.script import as_answer
from pharmasync.limits.ticket import Answer

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 2.0
"""How long Redis may take to let this process listen."""

WAKE_SECONDS = 60.0
"""How long one look for news waits; not without end, which not every release of the package knows to do."""


class Door(Protocol):
    """Where callers wait."""

    def call_in(self, number: int, shop_id: str, answer: Answer) -> None:
        """Answers a caller that stood in line."""

    def ask_again(self) -> None:
        """Somebody may have been called in unheard."""


@define(eq=False)
class Usher:
    """Listens on this process's channel, by a thread and a connection of its own.

    Attributes:
        client: Redis.
        channel: Where this process is spoken to.
        door: Who is told.
    """

    client: redis.Redis
    channel: str
    door: Door | None = field(default=None, init=False)
    _subscription: PubSub | None = field(default=None, init=False)

    def listen(self) -> None:
        """Makes sure that calls are heard, before anybody stands in line; one round trip where they were not.

        Raises:
            redis.RedisError: Redis is away.
        """
        if self._subscription is not None:
            return
        subscription = self.client.pubsub()  # type: ignore[no-untyped-call]
        subscription.subscribe(self.channel)
        if subscription.get_message(timeout=ANSWER_SECONDS) is None:
            subscription.close()
            raise redis.TimeoutError("no answer to SUBSCRIBE")
        self._subscription = subscription
        threading.Thread(target=self._hear, args=[subscription], name="limits-usher", daemon=True).start()

    def stop(self) -> None:
        """Ends listening: Redis passes this process over from then on. It may listen again."""
        subscription = self._subscription
        if subscription is not None:
            with contextlib.suppress(redis.RedisError):  # it is away, and calls nobody in
                subscription.unsubscribe()  # type: ignore[no-untyped-call]

    def _hear(self, subscription: PubSub) -> None:
        try:
            while subscription.subscribed:
                self._pass_on(subscription.get_message(timeout=WAKE_SECONDS))
        except redis.RedisError as error:
            logger.debug("Calls are not heard any more: %s", error)
        except Exception:  # whatever it was: all who stand in line are asked for again
            logger.exception("The calls of those who wait could not be heard")
        finally:
            self._subscription = None
            subscription.close()
            if self.door is not None:
                self.door.ask_again()

    def _pass_on(self, message: dict[str, Any] | None) -> None:
        if message is None or self.door is None:
            return
        if message["type"] == "subscribe":  # the connection is a new one
            self.door.ask_again()
        elif message["type"] == "message":
            number, microseconds, shop_id = message["data"].decode().split(" ", 2)
            self.door.call_in(int(number), shop_id, as_answer(int(microseconds)))
