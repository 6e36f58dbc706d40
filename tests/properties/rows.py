"""The rows as they are in SQL Server at one moment, and what the pharmacies know of them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from attrs import frozen

from pharmasync.decisions.status import OPEN, Status
from pharmasync.documents import DOCUMENT_TYPES, SALES_INVOICE, DocumentType
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.statements import NEXT

Key = tuple[str, int]
"""A document type's name, and a row's id."""

SELECT = NEXT.join(
    f"SELECT id, status, sync_attempts, sync_due_at, sync_response_message, {kind.national_id} AS national_id"
    f" FROM {kind.table} ORDER BY id"
    for kind in DOCUMENT_TYPES
)
EMPTY = NEXT.join(
    [f"DELETE FROM {kind.lines_table}{NEXT}DELETE FROM {kind.table}" for kind in DOCUMENT_TYPES]
    + ["UPDATE AccountShop SET sync_paused_reason = NULL"]
)

MARKED = {kind.name: "customer_name" if kind is SALES_INVOICE else "notes" for kind in DOCUMENT_TYPES}
"""The column by which a document can be told from its twin."""


@frozen
class Document:
    """A document as its pharmacy knows it; ``mark`` tells it from a twin."""

    kind: DocumentType
    row_id: int
    code: str
    shop: str
    facility: str
    mark: str

    @property
    def key(self) -> Key:
        """Its row's key."""
        return self.kind.name, self.row_id

    @property
    def name(self) -> tuple[str, str, str]:
        """What the API knows it by."""
        return self.kind.name, self.facility, self.code


@frozen
class RowState:
    """A row at one moment; ``due`` is UTC."""

    status: Status
    attempts: int
    due: datetime | None
    message: str | None
    national_id: str | None

    @property
    def due_in(self) -> float:
        """Seconds until its time comes; 0 or less where it has come."""
        return 0.0 if self.due is None else (self.due - datetime.now(UTC)).total_seconds()

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status in OPEN


Rows = Mapping[Key, RowState]


def look_at(sql: SqlServer) -> Rows:
    """All rows."""
    results = sql.run(SELECT)
    return {
        (kind.name, int(str(row["id"]))): RowState(
            status=Status(str(row["status"])),
            attempts=int(str(row["sync_attempts"])),
            due=_utc(row["sync_due_at"]),
            message=None if row["sync_response_message"] is None else str(row["sync_response_message"]),
            national_id=None if row["national_id"] is None else str(row["national_id"]),
        )
        for kind, rows in zip(DOCUMENT_TYPES, results, strict=True)
        for row in rows
    }


def _utc(value: object) -> datetime | None:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None
