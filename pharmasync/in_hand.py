"""What a worker thread has in hand: the delivery that it works on, for the actor to fill and the middleware to read."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from attrs import define, field

from pharmasync.decisions.outcome import Outcome
from pharmasync.leases import Lease
from pharmasync.row import BegunRow, ClaimedAs


@define(kw_only=True)
class InHand:
    """One delivery, from its message to its outcome.

    Attributes:
        message_id: The message's id.
        queue: The queue it came from.
        claimed: What the message tells of its row; None in a message made by hand.
        row: The row, once it is begun.
        lease: Its lease, which is kept up as long as it is in hand.
        payload: Makes the document as it is sent, or the row as it was read where it could not be built; only a
            failure asks for it.
        sent: Whether a call that may store the document was made.
        http_status: The status of the answer about it, the last one's; None where the last call got none.
        outcome: What was decided about it.
        written: Whether the outcome is in SQL Server.
        started_at: When it began, UTC.
        started: The same on the monotonic clock, in seconds.
    """

    message_id: str
    queue: str
    claimed: ClaimedAs | None
    row: BegunRow | None = None
    lease: Lease | None = None
    payload: Callable[[], dict[str, object]] | None = field(default=None, repr=False)
    sent: bool = False
    http_status: int | None = None
    outcome: Outcome | None = None
    written: bool = False
    started_at: datetime = field(factory=lambda: datetime.now(UTC))
    started: float = field(factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long it has been in hand."""
        return time.monotonic() - self.started


_thread = threading.local()


def in_hand() -> InHand:
    """What this thread has in hand.

    Raises:
        LookupError: It processes no message.
    """
    held: InHand | None = getattr(_thread, "held", None)
    if held is None:
        raise LookupError("this thread has no message in hand")
    return held


def take(message_id: str, queue: str, claimed: ClaimedAs | None) -> None:
    """Takes a message in hand."""
    _thread.held = InHand(message_id=message_id, queue=queue, claimed=claimed)


def let_go() -> None:
    """Lets go of it."""
    held: InHand | None = getattr(_thread, "held", None)
    _thread.held = None
    if held is not None and held.lease is not None:
        held.lease.let_go()
