"""The six states of a row; SQL Server holds them, and every transition is one UPDATE guarded by the state it expects.

::

    PENDING_SYNC ──claim──> SYNC_QUEUED ──begin──> SYNC_SENDING ──answer──> SYNC_SUCCESS | SYNC_FAILED
         ^                     │                       │  │
         └──── handed back ────┘                       │  └──no answer, or the lease ended──> SYNC_UNCERTAIN
         └──── sent again later, shop paused ──────────┘                                          │
                                        SYNC_SENDING <──begin: find out first, then send ─────────┘

Source: contract, "The state of a row".
"""

from enum import StrEnum


class Status(StrEnum):
    """``status`` of the three header tables."""

    PENDING = "PENDING_SYNC"
    QUEUED = "SYNC_QUEUED"
    SENDING = "SYNC_SENDING"
    UNCERTAIN = "SYNC_UNCERTAIN"
    SUCCESS = "SYNC_SUCCESS"
    FAILED = "SYNC_FAILED"


OPEN = (Status.PENDING, Status.QUEUED, Status.SENDING, Status.UNCERTAIN)
"""What the producer picks up once ``sync_due_at`` is NULL or past."""

BEGUN_FROM = (Status.QUEUED, Status.UNCERTAIN)
"""What a worker may begin: somebody claimed it."""

ANSWERED_FROM = (Status.SENDING, Status.UNCERTAIN)
"""What an outcome may be written over. UNCERTAIN, since the lease may have ended while the answer was on its way."""

SET_BACK = (Status.PENDING, Status.QUEUED)
"""Where a row is whose owner changed it while it was being sent, and wants it sent as it is now."""
