"""A row's message, as the producer makes it and a worker reads it."""

from collections.abc import Mapping

from attrs import frozen
from dramatiq import Message

from pharmasync.row import ClaimedAs

ROW = "row"
ATTEMPTS = "attempts"


@frozen
class RowMessage:
    """One row's message.

    Attributes:
        queue: Its queue.
        actor: The actor that takes it.
        local_id: The first argument.
        shop_id: The second argument.
        claimed: Travels as options beside the arguments. The row's id spares the worker a search; the count of
            attempts keeps a message from an older claim from beginning a row whose pause has not ended.
    """

    queue: str
    actor: str
    local_id: str
    shop_id: str
    claimed: ClaimedAs

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
            options={ROW: self.claimed.row_id, ATTEMPTS: self.claimed.attempts},
        )


def claimed_as(options: Mapping[str, object]) -> ClaimedAs | None:
    """What a message's options tell of its row; None where it was made by hand."""
    match options:
        case {"row": int(row_id), "attempts": int(attempts)}:
            return ClaimedAs(row_id, attempts)
    return None
