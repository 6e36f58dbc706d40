"""The points at which a process can be told to die, named after what is true there."""

from enum import StrEnum


class Point(StrEnum):
    """A step between two effects on the outside world."""

    CLAIMED = "claimed"
    """A worker has the message; the row is queued."""

    BEGUN = "begun"
    """The row is being sent in SQL Server; nothing else has happened."""

    LOGGED_IN = "logged-in"
    """The national API gave a token; nobody else has it yet, and the login's lock is held."""

    UNSENT = "unsent"
    """The request is ready and not written."""

    SENT = "sent"
    """The request is written; nobody waits for its answer yet."""

    ANSWERED = "answered"
    """The national API's answer is there."""

    DECIDED = "decided"
    """The outcome is decided and not written."""

    WRITTEN = "written"
    """The outcome is in SQL Server; the message is not acknowledged."""

    TAKEN = "taken"
    """The producer has claimed rows; none of their messages is sent."""

    HALF_ENQUEUED = "half-enqueued"
    """Half of the messages are sent."""

    ENQUEUED = "enqueued"
    """All of them are, and the producer does not know it yet."""
