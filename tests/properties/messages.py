"""The messages of an example: none is ever forgotten, each may be delivered again at any time."""

from collections.abc import Mapping, Sequence
from enum import Enum

from attrs import frozen
from dramatiq import Message

from pharmasync.documents import DOCUMENT_TYPES, DocumentType
from pharmasync.queues import RowMessage
from tests.properties.rows import Document, Key


class EnqueueFate(Enum):
    """What becomes of messages on their way to the broker."""

    WELL = "they get there"
    REFUSED = "none gets there, and the producer knows"
    ANSWER_LOST = "they get there, and the producer does not know"
    FORGOTTEN = "the producer thinks that they got there, and the broker forgets them"

    @property
    def gets_there(self) -> bool:
        """Whether workers see them."""
        return self in {EnqueueFate.WELL, EnqueueFate.ANSWER_LOST}

    @property
    def is_known(self) -> bool:
        """Whether the producer thinks that they got there."""
        return self in {EnqueueFate.WELL, EnqueueFate.FORGOTTEN}


@frozen
class Enqueue:
    """Messages that are about to be enqueued."""

    messages: Sequence[RowMessage]


@frozen
class KeptMessage:
    """A message.

    Attributes:
        kind: The type of its document.
        message: As a worker gets it.
        claimed_at: The move in which its row was claimed; None for one that was made by hand.
    """

    kind: DocumentType
    message: "Message[None]"
    claimed_at: int | None = None


def claimed(message: RowMessage, claimed_at: Mapping[Key, int]) -> KeptMessage:
    """A producer's message about a row that it claimed in one of these moves."""
    (kind,) = (kind for kind in DOCUMENT_TYPES if kind.queue == message.queue)
    return KeptMessage(kind, message.message(), claimed_at[kind.name, message.claimed.row_id])


def made_by_hand(document: Document) -> KeptMessage:
    """A message with nothing but its arguments, as somebody enqueues it who knows the row's name."""
    kind = document.kind
    arguments = (document.code, document.shop)
    message: Message[None] = Message(
        queue_name=kind.queue, actor_name=kind.actor, args=arguments, kwargs={}, options={}
    )
    return KeptMessage(kind, message)
