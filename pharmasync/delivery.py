"""The story of one document: begin, read, build, send, write.

What goes wrong is told by exceptions; what follows from them is decided by the middleware.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from attrs import frozen

from pharmasync.closing import ClosingTime
from pharmasync.decisions import poison
from pharmasync.decisions.outcome import Outcome, delivered
from pharmasync.decisions.poison import is_poison
from pharmasync.decisions.twins import may_be_sent, words_about
from pharmasync.documents import Document, DocumentType, read_document
from pharmasync.errors import (
    DoubledLocalIdError,
    GaveWayError,
    LeaseEndingError,
    MessageError,
    NotStoredError,
    PoisonousRowError,
    ServerAwayError,
    StatementError,
)
from pharmasync.in_hand import InHand, in_hand
from pharmasync.leases import Lease, Leases
from pharmasync.national.adapter import Stored
from pharmasync.national.client import NationalClient
from pharmasync.national.http import Permit
from pharmasync.repeating import repeat
from pharmasync.row import BegunRow, ClaimedAs
from pharmasync.sqlserver.begin import Begin, ToBegin
from pharmasync.sqlserver.driver_errors import DOES_NOT_FIT
from pharmasync.sqlserver.errand import Trips
from pharmasync.sqlserver.outcome import Answered, NoteStored, WriteOutcomes
from pharmasync.sqlserver.queued import FindQueued, Named
from pharmasync.words import Words

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
        try:
            written = self._write(row, outcome)
        except StatementError as error:
            written = self._write_less(row, outcome, error)
        if not written and not self._note(row, outcome):
            logger.warning("%s %s: its lease ended before %r was written", row.kind.name, row.local_id, outcome.name)
        return written

    def _write(self, row: BegunRow, outcome: Outcome) -> bool:
        repeats = SQL_REPEATS if outcome.counted else 0
        return _patiently(lambda: self.trips.run(WriteOutcomes(), Answered(row, outcome)), repeats)

    def _write_less(self, row: BegunRow, outcome: Outcome, error: StatementError) -> bool:
        """Writes the outcome in as many of its words as fit; raises ``error`` where it was not for them."""
        for shorter in outcome.in_fewer_words() if error.number in DOES_NOT_FIT else ():
            try:
                return self._write(row, shorter)
            except StatementError as again:
                if again.number not in DOES_NOT_FIT:
                    raise
        raise error

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


def deliver(desk: Desk, kind: DocumentType, arguments: Sequence[object], by_name: Mapping[str, object]) -> None:
    """Delivers the document that a message names, or raises why not."""
    held = in_hand()
    held.lease = lease = desk.take(named_by(kind, arguments, by_name), held.claimed)
    if lease is None:
        return
    held.row = row = lease.row
    held.payload = lambda: as_read(row)
    if is_poison(row.silent, desk.poison):
        raise PoisonousRowError(poison.words_about(row.silent))
    document = build(row)
    held.payload = lambda: desk.national.adapter.body(kind, document)
    permit = Permit(lambda: mark_sent(held, lease), lease.stop_by, write_by=lease.write_by, may_create=not row.twins)
    stored = send(desk, row, document, permit)
    held.outcome = delivered(stored.national_id, stored.note)
    held.written = desk.write(row, held.outcome)


def send(desk: Desk, row: BegunRow, document: Document, permit: Permit) -> Stored:
    """How the row's document is stored now.

    Raises:
        DoubledLocalIdError: It is not, and it has a twin.
        DeliveryError: It did not get through.
    """
    try:
        return desk.national.send(row.kind, document, row.shop_id, row.doubt, permit)
    except NotStoredError as error:
        if not row.twins:
            raise
        raise DoubledLocalIdError(words_about(row.local_id, row.twins)) from error


def mark_sent(held: InHand, lease: Lease) -> None:
    """Notes that a call is about to be made that may store the document.

    Raises:
        LeaseEndingError: The row's lease could not be renewed: soon another worker may send the document.
    """
    if not lease.is_sound:
        raise LeaseEndingError(Words("chưa gửi: không giữ được lượt gửi", "not sent: its lease could not be renewed"))
    held.sent = True


def named_by(kind: DocumentType, arguments: Sequence[object], by_name: Mapping[str, object]) -> Named:
    """The row that a message names, by two arguments in their order, such as (local_invoice_id, shop_id), or by name.

    Raises:
        MessageError: It names something else.
    """
    names = (kind.local_id, "shop_id")
    match [*arguments, *(by_name.get(name) for name in names[len(arguments) :])]:
        case [str(local_id), str(shop_id)] if len(arguments) + len(by_name) == len(names):
            return Named(kind, local_id, shop_id)
    raise MessageError(f"a message carries ({', '.join(names)}), both text; this one carries something else")


def as_read(row: BegunRow) -> dict[str, object]:
    """The row's columns as text, for the journal to show of a document that could not be built."""
    header: dict[str, object] = {name: _shown(row.header.get(name)) for name in row.kind.header_columns}
    lines = [{name: _shown(line.get(name)) for name in row.kind.line_columns} for line in row.lines]
    return {**header, "lines": lines}


def _shown(value: object) -> str | None:
    return None if value is None else str(value)


def build(row: BegunRow) -> Document:
    """The row's document.

    Raises:
        FaultyDocumentError: It breaks the API's table.
        DoubledLocalIdError: The shop has another row with this local id.
    """
    document = read_document(row.kind, row.header, row.lines)
    if not may_be_sent(row.doubt, row.id, row.twins):
        raise DoubledLocalIdError(words_about(row.local_id, row.twins))
    return document
