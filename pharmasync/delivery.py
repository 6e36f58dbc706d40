"""The story of one document: begin, read, build, send, write.

What goes wrong is told by exceptions; what follows from them is decided by the middleware.
"""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from attrs import frozen

from pharmasync.decisions.outcome import Outcome, delivered
from pharmasync.decisions.twins import may_be_sent, words_about
from pharmasync.documents import Document, DocumentType, read_document
from pharmasync.errors import DoubledLocalIdError, LeaseEndingError, MessageError, ServerAwayError
from pharmasync.in_hand import InHand, in_hand
from pharmasync.national.client import NationalClient
from pharmasync.repeating import repeat
from pharmasync.row import BegunRow, ClaimedAs
from pharmasync.sqlserver.begin import Begin, ToBegin
from pharmasync.sqlserver.errand import Trips
from pharmasync.sqlserver.outcome import Answered, WriteOutcomes
from pharmasync.sqlserver.queued import FindQueued, Named
from pharmasync.words import Words

T = TypeVar("T")

logger = logging.getLogger(__name__)

SQL_TRIES = 5
SQL_TRY_SECONDS = 2.0
"""While SQL Server is away a worker waits in place for so long: an answer in hand is worth more than finding it out."""


@frozen(kw_only=True)
class Desk:
    """What a delivery needs: the rows on one side, the national API on the other.

    Attributes:
        trips: The way to SQL Server.
        begin: Begins rows.
        national: Where documents are sent.
        longest_call: Seconds that one call to the national API takes at most.
    """

    trips: Trips
    begin: Begin
    national: NationalClient
    longest_call: float

    def take(self, named: Named, claimed: ClaimedAs | None) -> BegunRow | None:
        """Begins the row; None where it is not this worker's to send."""
        if claimed is not None:
            return self._begin(ToBegin(named.kind, claimed.row_id, claimed.attempts))
        row_id = _patiently(lambda: self.trips.run(FindQueued(), named))
        return None if row_id is None else self._begin(ToBegin(named.kind, row_id, None))

    def write(self, row: BegunRow, outcome: Outcome) -> bool:
        """Writes the outcome; False where the row is another attempt's by now."""
        written = _patiently(lambda: self.trips.run(WriteOutcomes(), Answered(row, outcome)))
        if not written:
            logger.warning("%s %s: its lease ended before %r was written", row.kind.name, row.local_id, outcome.name)
        return written

    def _begin(self, wanted: ToBegin) -> BegunRow | None:
        return _patiently(lambda: self.trips.run(self.begin, wanted))


def _patiently(action: Callable[[], T]) -> T:
    return repeat(action, ServerAwayError, times=SQL_TRIES, seconds=SQL_TRY_SECONDS)


def deliver(desk: Desk, kind: DocumentType, arguments: Sequence[object]) -> None:
    """Delivers the document that a message names, or raises why not."""
    held = in_hand()
    held.row = row = desk.take(named(kind, arguments), held.claimed)
    if row is None:
        return
    held.payload = lambda: as_read(row)
    document = build(row)
    held.payload = lambda: desk.national.adapter.body(kind, document)
    stored = desk.national.send(kind, document, row.shop_id, row.doubt, before_writing=lambda: mark_sent(desk, held))
    held.outcome = delivered(stored.national_id, stored.note)
    held.written = desk.write(row, held.outcome)


def mark_sent(desk: Desk, held: InHand) -> None:
    """Notes that a call is about to be made that may store the document.

    Raises:
        LeaseEndingError: Its answer might come after the lease, when another worker sends the document.
    """
    if held.seconds + desk.longest_call > desk.begin.lease:
        raise LeaseEndingError(
            Words("chưa gửi: chuẩn bị quá lâu", f"not sent: {held.seconds:.0f} s had passed before it could be")
        )
    held.sent = True


def named(kind: DocumentType, arguments: Sequence[object]) -> Named:
    """The row that a message names.

    Raises:
        MessageError: It names something else.
    """
    match arguments:
        case [str(local_id), str(shop_id)]:
            return Named(kind, local_id, shop_id)
    raise MessageError(f"a message carries (local id, shop id), both text; this one has {len(arguments)} arguments")


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
        DoubledLocalIdError: The shop has another row with this local id.
        FaultyDocumentError: It breaks the API's table.
    """
    if not may_be_sent(row.doubt, row.twins):
        raise DoubledLocalIdError(words_about(row.local_id, row.twins))
    return read_document(row.kind, row.header, row.lines)
