"""Storing a batch of records in MongoDB."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from pymongo import InsertOne, UpdateMany, UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from pharmasync.journal.database import SYNC_FAILURES, TASK_LOGS, JournalDatabase
from pharmasync.journal.record import Record

logger = logging.getLogger(__name__)

_DUPLICATE_KEY = 11000


class BatchStore:
    """Stores batches over one connection, which it opens when the first batch comes.

    Args:
        connect: Gives the journal's database. Called again if it raises.
    """

    def __init__(self, connect: Callable[[], JournalDatabase]) -> None:
        self._connect = connect
        self._database: JournalDatabase | None = None

    def store(self, batch: Sequence[Record]) -> int:
        """Store a batch, in one round trip for each kind of entry. Storing the same batch again changes nothing.

        Failures come before resolutions, so a row that failed and was delivered within one batch ends up resolved.

        Args:
            batch: The records.

        Returns:
            How many of them MongoDB refused for good. Each has been logged.

        Raises:
            Exception: Whatever `connect` raises, or a `pymongo.errors.PyMongoError`: the batch, or a part of it, is
                not stored.
        """
        if self._database is None:
            self._database = self._connect()
        refused = 0
        for collection, kind in ((TASK_LOGS, InsertOne), (SYNC_FAILURES, UpdateOne), (SYNC_FAILURES, UpdateMany)):
            records = [each for each in batch if each.collection == collection and isinstance(each.statement, kind)]
            if records:
                refused += _apply(self._database[collection], records)
        return refused

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._database is not None:
            self._database.client.close()
            self._database = None


def _apply(collection: Collection[dict[str, Any]], records: Sequence[Record]) -> int:
    """Carry out the statements of records and return how many MongoDB refused for good.

    Unordered: a refused statement does not hold up those behind it.
    """
    try:
        collection.bulk_write([record.statement for record in records], ordered=False)
    except BulkWriteError as error:
        # A duplicate is a record that got there the first time, and only its answer got lost, or a failure that came
        # later than what is known about its row by now.
        problems = [problem for problem in error.details["writeErrors"] if problem["code"] != _DUPLICATE_KEY]
        for problem in problems:
            # Nothing of the server's own text is logged: it quotes documents.
            label = records[problem["index"]].label
            logger.warning("Journal: dropped the %s: MongoDB refused it with code %s", label, problem["code"])
        return len(problems)
    return 0
