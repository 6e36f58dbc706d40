"""The begin: a worker takes a claimed row, counts the attempt and reads everything it needs, in one round trip."""

from collections.abc import Sequence

from attrs import frozen

from pharmasync.decisions.status import BEGUN_FROM, Status
from pharmasync.decisions.twins import Twin
from pharmasync.documents import DocumentType
from pharmasync.row import BegunRow
from pharmasync.sqlserver.connection import Row, Runs
from pharmasync.sqlserver.statements import IN_SECONDS, NEXT, NOW, listed, milliseconds, not_paused, places


@frozen(kw_only=True)
class Begin:
    """Begins rows.

    Attributes:
        sql: The server.
        lease: Seconds until the row is taken up again unless its outcome is written.
        facility_column: The column with the facility's nationally issued code.
    """

    sql: Runs
    lease: float
    facility_column: str

    def __call__(self, kind: DocumentType, local_id: str, shop_id: str, attempts: int | None) -> BegunRow | None:
        """The row, now SYNC_SENDING; None where somebody else has it, it is done, gone, or its shop is paused.

        Args:
            kind: The document's type.
            local_id: The facility's own code.
            shop_id: The shop.
            attempts: How many attempts the row had when its message was made. A row that was tried since is left
                alone: its pause may not be over. None, from a message made by hand, begins queued rows only.
        """
        guard, guard_values = _guard(attempts)
        key = (shop_id, local_id)
        results = self.sql.run(
            NEXT.join((_update(kind, self.facility_column, guard), _twins(kind, self.facility_column), _lines(kind))),
            (Status.SENDING.value, milliseconds(self.lease), *key, *guard_values, *guard_values, local_id, *key, *key),
        )
        begun, same, lines = results
        return _row(kind, begun[0], same, lines) if begun else None


def _guard(attempts: int | None) -> tuple[str, tuple[object, ...]]:
    if attempts is None:
        return "status = %s", (Status.QUEUED.value,)
    return f"status IN ({places(BEGUN_FROM)}) AND sync_attempts = %d", (*listed(BEGUN_FROM), attempts)


def _update(kind: DocumentType, facility_column: str, guard: str) -> str:
    columns = ", ".join(f"inserted.{name}" for name in kind.header_columns)
    return (
        f"UPDATE {kind.table} SET status = %s, sync_attempts = sync_attempts + 1, sync_due_at = {IN_SECONDS},"
        f" updated_at = {NOW} OUTPUT deleted.status AS previous_status, inserted.id, inserted.sync_attempts,"
        f" inserted.shop_pharmacy_code, inserted.{facility_column} AS facility_code, {columns}"
        f" WHERE id IN (SELECT TOP (1) id FROM {kind.table} WHERE shop_pharmacy_code = %s AND {kind.local_id} = %s"
        f" AND {guard} ORDER BY id) AND {guard} AND {not_paused(kind)}"
    )


def _twins(kind: DocumentType, facility_column: str) -> str:
    """The rows with this local id in this shop, which has this row's own facility code, or in a shop that shares it."""
    return (
        f"SELECT id, shop_pharmacy_code, status, {kind.national_id} AS national_id FROM {kind.table}"
        f" WHERE {kind.local_id} = %s AND {facility_column} IN (SELECT {facility_column} FROM {kind.table}"
        f" WHERE shop_pharmacy_code = %s AND {kind.local_id} = %s) ORDER BY id"
    )


def _lines(kind: DocumentType) -> str:
    columns = ", ".join(("id", f"{kind.parent} AS parent_id", *kind.line_columns))
    return (
        f"SELECT {columns} FROM {kind.lines_table} WHERE {kind.parent} IN (SELECT id FROM {kind.table}"
        f" WHERE shop_pharmacy_code = %s AND {kind.local_id} = %s) ORDER BY id"
    )


def _row(kind: DocumentType, begun: Row, same: Sequence[Row], lines: Sequence[Row]) -> BegunRow:
    return BegunRow(
        kind=kind,
        id=int(str(begun["id"])),
        local_id=str(begun[kind.local_id]),
        shop_id=str(begun["shop_pharmacy_code"]),
        previous=Status(str(begun["previous_status"]).strip()),
        attempt=int(str(begun["sync_attempts"])),
        header=begun,
        lines=[line for line in lines if line["parent_id"] == begun["id"]],
        twins=[_twin(row) for row in same if row["id"] != begun["id"]],
    )


def _twin(row: Row) -> Twin:
    national_id = row["national_id"]
    return Twin(
        id=int(str(row["id"])),
        shop_id=str(row["shop_pharmacy_code"]),
        status=str(row["status"]),
        national_id=None if national_id is None else str(national_id),
    )
