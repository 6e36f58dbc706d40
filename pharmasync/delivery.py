"""The story of one document: begin, read, build, send, write.

What goes wrong is told by exceptions; what follows from them is decided by the middleware.
"""

from collections.abc import Mapping, Sequence

from pharmasync.decisions import poison
from pharmasync.decisions.outcome import delivered
from pharmasync.decisions.poison import is_poison
from pharmasync.decisions.twins import may_be_sent, words_about
from pharmasync.desk import Desk
from pharmasync.documents import Document, DocumentType, read_document
from pharmasync.errors import (
    DoubledLocalIdError,
    LeaseEndingError,
    MessageError,
    NotStoredError,
    PoisonousRowError,
)
from pharmasync.in_hand import InHand, in_hand
from pharmasync.leases import Lease
from pharmasync.national.adapter import Stored
from pharmasync.national.http import Permit
from pharmasync.row import BegunRow
from pharmasync.sqlserver.queued import Named
from pharmasync.words import Words


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
