"""The journal: what was tried, what failed and what was mended, for people to read, in MongoDB.

The journal never decides. SQL Server knows the state of a row; the journal tells how it came about. So nothing here may
delay, fail or repeat a delivery: an entry is handed to a `JournalWriter`, which returns at once and does the rest in a
thread of its own, whatever MongoDB is doing.
"""

from pharmasync.journal.database import SYNC_FAILURES, TASK_LOGS, connect, ensure_indexes, open_journal
from pharmasync.journal.entries import Attempt, Entry, Failure, Resolution
from pharmasync.journal.masking import MASK, mask
from pharmasync.journal.writer import JournalWriter

__all__ = [
    "MASK",
    "SYNC_FAILURES",
    "TASK_LOGS",
    "Attempt",
    "Entry",
    "Failure",
    "JournalWriter",
    "Resolution",
    "connect",
    "ensure_indexes",
    "mask",
    "open_journal",
]
