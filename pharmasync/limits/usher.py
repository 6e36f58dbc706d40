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

ANSWER_SECONDS = 1.0
"""How long Redis may take, once and then again, to let this process listen."""

SILENT_SECONDS = 10.0
"""After so long without a word Redis is asked for one, and after as long again it is not believed to be there: a
firewall that forgets a silent connection tells neither side.
"""


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
        subscription = self._subscription = self.client.pubsub()  # type: ignore[no-untyped-call]
        try:
            subscription.subscribe(self.channel)
            _next_message(subscription, ANSWER_SECONDS)
            threading.Thread(target=self._hear, args=[subscription], name="limits-usher", daemon=True).start()
        except BaseException:
            self._subscription = None
            subscription.close()
            raise

    def stop(self) -> None:
        """Ends listening: Redis passes this process over from then on. It may listen again."""
        subscription = self._subscription
        if subscription is not None:
            with contextlib.suppress(Exception):  # the other thread may just lose it, which ends it too
                subscription.unsubscribe()  # type: ignore[no-untyped-call]

    def _hear(self, subscription: PubSub) -> None:
        try:
            while subscription.subscribed:
                self._pass_on(_next_message(subscription, SILENT_SECONDS))
        except redis.RedisError as error:
            logger.debug("Calls are not heard any more: %s", error)
        except Exception:  # whatever it was: all who stand in line are asked for again
            logger.exception("The calls of those who wait could not be heard")
        finally:
            self._subscription = None
            subscription.close()
            if self.door is not None:
                self.door.ask_again()

    def _pass_on(self, message: dict[str, Any]) -> None:
        if self.door is None:
            return
        if message["type"] == "subscribe":  # the connection is a new one
            self.door.ask_again()
        elif message["type"] == "message":
            number, microseconds, shop_id = message["data"].decode().split(" ", 2)
            self.door.call_in(int(number), shop_id, as_answer(int(microseconds)))


def _next_message(subscription: PubSub, patience: float) -> dict[str, Any]:
    """What Redis says next; it is asked for a word after ``patience`` seconds, and left after as many again."""
    for _ in range(2):
        message: dict[str, Any] | None = subscription.get_message(timeout=patience)
        if message is not None:
            return message
        subscription.ping()
    raise redis.TimeoutError("Redis does not answer")
