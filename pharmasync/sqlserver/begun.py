"""A begun row, read from what the server gives of it."""

from collections.abc import Sequence

from pharmasync.decisions.poison import silent_attempts
from pharmasync.decisions.status import Status
from pharmasync.decisions.twins import Twin
from pharmasync.documents import DocumentType
from pharmasync.row import BegunRow
from pharmasync.sqlserver.connection import Row


def begun_row(kind: DocumentType, header: Row, twins: Sequence[Row], lines: Sequence[Row]) -> BegunRow:
    """The row, with its lines and the rows that have the same code."""
    message = _text(header["sync_response_message"])
    return BegunRow(
        kind=kind,
        id=int(str(header["id"])),
        local_id=str(header[kind.local_id]),
        shop_id=str(header["shop_pharmacy_code"]),
        previous=Status(str(header["previous_status"]).strip()),
        attempt=int(str(header["sync_attempts"])),
        header=header,
        lines=lines,
        twins=[_twin(row) for row in twins],
        silent=silent_attempts(message),
        national_id=_text(header["national_id"]),
        message=message,
    )


def _twin(row: Row) -> Twin:
    return Twin(
        id=int(str(row["id"])),
        shop_id=str(row["shop_pharmacy_code"]),
        status=str(row["status"]).strip(),
        national_id=_text(row["national_id"]),
    )


def _text(value: object) -> str | None:
    """A text that says something."""
    return str(value) if value is not None and str(value).strip() else None
