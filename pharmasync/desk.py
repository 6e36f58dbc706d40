"""What a delivery works with: the rows in SQL Server on one side, the national API on the other."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from attrs import frozen

from pharmasync.closing import ClosingTime
from pharmasync.decisions.outcome import Outcome
from pharmasync.errors import GaveWayError, ServerAwayError, StatementError
from pharmasync.leases import Lease, Leases
from pharmasync.national.client import NationalClient
from pharmasync.repeating import repeat
from pharmasync.row import BegunRow, ClaimedAs
from pharmasync.sqlserver.begin import Begin, ToBegin
from pharmasync.sqlserver.driver_errors import DOES_NOT_FIT
from pharmasync.sqlserver.errand import Trips
from pharmasync.sqlserver.outcome import Answered, NoteStored, WriteOutcomes
from pharmasync.sqlserver.queued import FindQueued, Named

T = TypeVar("T")

logger = logging.getLogger(__name__)

SQL_REPEATS = 5
SQL_REPEAT_SECONDS = 2.0
"""While SQL Server is away a worker waits in place for so long: an answer in hand is worth more than finding it out."""


@frozen(kw_only=True)
class Desk:
    """What a delivery needs: the rows on one side, the national API on the other.

    Attributes:
        trips: The way to SQL Server.
        begin: Begins rows.
        national: Where documents are sent.
        leases: Keeps up the leases of the rows that are being sent.
        poison: A row that was begun so many times without any outcome is failed.
        closing: When the calls must have ended, once the process is told to stop.
    """

    trips: Trips
    begin: Begin
    national: NationalClient
    leases: Leases
    poison: int
    closing: ClosingTime

    def take(self, named: Named, claimed: ClaimedAs | None) -> Lease | None:
        """Begins the row; None where it is not this worker's to send."""
        asked = time.monotonic()
        row = self._begin(named, claimed)
        return None if row is None else self.leases.keep(row, asked)

    def _begin(self, named: Named, claimed: ClaimedAs | None) -> BegunRow | None:
        if claimed is not None:
            return self._begin_row(ToBegin(named.kind, claimed.row_id, claimed.attempts))
        row_id = _patiently(lambda: self.trips.run(FindQueued(), named))
        return None if row_id is None else self._begin_row(ToBegin(named.kind, row_id, None))

    def write(self, row: BegunRow, outcome: Outcome) -> bool:
        """Writes the outcome; False where the row is another attempt's by now."""
        written = self._write(row, outcome)
        if not written and not self._note(row, outcome):
            logger.warning("%s %s: its lease ended before %r was written", row.kind.name, row.local_id, outcome.name)
        return written

    def _write(self, row: BegunRow, outcome: Outcome) -> bool:
        """Writes the outcome in as many of its words as fit into their column."""
        repeats = SQL_REPEATS if outcome.counted else 0
        shorter = outcome.in_fewer_words()
        answered = Answered(row, outcome)
        while True:
            try:
                return _patiently(partial(self.trips.run, WriteOutcomes(), answered), repeats)
            except StatementError as error:
                fewer = next(shorter, None) if error.number in DOES_NOT_FIT else None
                if fewer is None:
                    raise
                answered = Answered(row, fewer)

    def _note(self, row: BegunRow, outcome: Outcome) -> bool:
        """Whether the row was set back while it was being sent, and holds a note now that it is stored, or may be."""
        if not outcome.may_be_stored or not _patiently(lambda: self.trips.run(NoteStored(), Answered(row, outcome))):
            return False
        logger.warning("%s %s was set back while it was being sent", row.kind.name, row.local_id)
        return True

    def _begin_row(self, wanted: ToBegin) -> BegunRow | None:
        """The row, begun. One that somebody else's transaction locks is left: each try would hold up other rows."""
        return _patiently(lambda: self.trips.run(self.begin, wanted), unless=GaveWayError)


def _patiently(action: Callable[[], T], repeats: int | None = None, unless: type[ServerAwayError] | None = None) -> T:
    times = SQL_REPEATS if repeats is None else repeats
    return repeat(action, ServerAwayError, times=times, seconds=SQL_REPEAT_SECONDS, unless=unless)
