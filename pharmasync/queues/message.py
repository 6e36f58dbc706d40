"""A row's message, as the producer makes it."""

from attrs import frozen
from dramatiq import Message


@frozen
class RowMessage:
    """One row's message.

    Attributes:
        queue: Its queue.
        actor: The actor that takes it.
        local_id: The first argument.
        shop_id: The second argument.
        attempts: How many attempts the row had when it was claimed; travels as an option beside the arguments, so
            that a message from an older claim cannot begin a row whose pause has not ended.
    """

    queue: str
    actor: str
    local_id: str
    shop_id: str
    attempts: int

    def encoded_for(self, redis_message_id: str) -> bytes:
        """As Redis keeps it under an id of its own."""
        return self.message().copy(options={"redis_message_id": redis_message_id}).encode()

    def message(self) -> Message[None]:
        """As Dramatiq knows it."""
        return Message(
            queue_name=self.queue,
            actor_name=self.actor,
            args=(self.local_id, self.shop_id),
            kwargs={},
            options={"attempts": self.attempts},
        )
