"""What an operator asks of the rows and does to them: counts, failures, retry."""

from collections.abc import Sequence
from datetime import UTC, datetime

from attrs import frozen

from pharmasync.decisions.status import OPEN, Status
from pharmasync.documents import DocumentType
from pharmasync.sqlserver.connection import Row, SqlServer
from pharmasync.sqlserver.due import IS_OPEN, IS_OPEN_VALUES
from pharmasync.sqlserver.statements import NOW, listed, not_paused, of_the_rows_shop, places

LONGEST_AGE = 2_000_000_000

OTHER = "other"
"""Stands for every status that pharmasync does not know, and for none: such rows are never sent."""

SLICE = 500
"""How many rows an operator's statement changes at most: some thousand locks, and SQL Server locks the whole table."""


@frozen(kw_only=True)
class StatusCount:
    """How many rows of a table are in a state, or in :data:`OTHER`, and since when the oldest of them is (UTC)."""

    status: str
    rows: int
    oldest: datetime | None


@frozen(kw_only=True)
class FailedRow:
    """A row that was refused or given up."""

    document_type: str
    id: int
    local_id: str
    shop_id: str
    attempts: int
    message: str
    failed_at: datetime | None


@frozen(kw_only=True)
class Selection:
    """Which failed rows are meant; None means any."""

    shop_id: str | None = None
    local_id: str | None = None


def count_by_status(sql: SqlServer, kind: DocumentType) -> list[StatusCount]:
    """The rows of a table by state; the server's collation says what is a state's name, as it does where rows are sent.

    With most of them that is one in any case; with some, ``pending_sync`` is no state, and such a row is never sent.
    """
    rows = sql.rows(
        f"SELECT status, COUNT(*) AS rows_in_state, MIN(created_at) AS oldest FROM {kind.table} GROUP BY status"
    )
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(_state(sql, kind, str(row["status"])), []).append(row)
    return [_counted(status, group) for status, group in groups.items()]


def stuck_rows(sql: SqlServer, kind: DocumentType, age: float) -> int:
    """How many rows came longer than ``age`` seconds ago and are in no final state yet, whatever keeps them."""
    too_old = f"{IS_OPEN} AND created_at < DATEADD(SECOND, %d, {NOW})"
    return _count(sql, kind, too_old, (*IS_OPEN_VALUES, -int(min(age, LONGEST_AGE))))


def neglected_rows(sql: SqlServer, kinds: Sequence[DocumentType], age: float) -> dict[str, int]:
    """How many rows of each type have been due for longer than ``age`` seconds, where none of any is on its way.

    A row on its way has a lease that runs; as long as there is one, the others may only have to wait for their turn.
    The rows of paused shops wait for their shop.
    """
    if any(_is_on_its_way(sql, kind) for kind in kinds):
        return dict.fromkeys((kind.name for kind in kinds), 0)
    return {kind.name: _due_rows(sql, kind, age) for kind in kinds}


def _is_on_its_way(sql: SqlServer, kind: DocumentType) -> bool:
    on_their_way = (Status.QUEUED, Status.SENDING)
    return bool(
        sql.rows(
            f"SELECT TOP (1) id FROM {kind.table}"
            f" WHERE {IS_OPEN} AND status IN ({places(on_their_way)}) AND sync_due_at > {NOW}",
            (*IS_OPEN_VALUES, *listed(on_their_way)),
        )
    )


def _due_rows(sql: SqlServer, kind: DocumentType, age: float) -> int:
    """Where there is no due time, a row is due since it was last written."""
    then = f"DATEADD(SECOND, %d, {NOW})"
    due = f"{IS_OPEN} AND (sync_due_at < {then} OR (sync_due_at IS NULL AND updated_at < {then}))"
    return _count(sql, kind, f"{due} AND {not_paused(kind)}", (*IS_OPEN_VALUES, -int(age), -int(age)))


def failed_rows(sql: SqlServer, kind: DocumentType, which: Selection, limit: int) -> list[FailedRow]:
    """The failed rows of a table, the newest first, at most ``limit``."""
    where, values = _where(kind, which)
    rows = sql.rows(
        f"SELECT TOP (%d) id, {kind.local_id} AS local_id, shop_pharmacy_code AS shop, sync_attempts AS attempts,"
        f" sync_response_message AS message, updated_at FROM {kind.table} WHERE {where}"
        " ORDER BY updated_at DESC, id DESC",
        (limit, *values),
    )
    return [_failed(kind, row) for row in rows]


def count_failed(sql: SqlServer, kind: DocumentType, which: Selection) -> int:
    """How many failed rows a table has."""
    return _count(sql, kind, *_where(kind, which))


def failed_lately(sql: SqlServer, kind: DocumentType, age: float) -> int:
    """How many rows failed within the last ``age`` seconds, and still stand as failed."""
    lately = f"status = %s AND updated_at > DATEADD(SECOND, %d, {NOW})"
    return _count(sql, kind, lately, (Status.FAILED.value, -int(age)))


def retry_failed(sql: SqlServer, kind: DocumentType, which: Selection) -> int:
    """Lets failed rows be sent again and returns how many.

    A row that was given up in doubt (it has a due time) becomes SYNC_UNCERTAIN, so that it is looked for before it is
    posted. All of them keep their count of attempts: no message from before fits them again, and whatever was tried
    once is looked for where looking is harmless.

    They are changed slice by slice, so that nobody's sale waits for a lock on the table. Where one fails, those before
    it are done.
    """
    where, values = _where(kind, which)
    done, behind = 0, ""
    last: tuple[int, ...] = ()
    while ids := sql.rows(
        f"UPDATE {kind.table} SET status = CASE WHEN sync_due_at IS NULL THEN %s ELSE %s END, sync_due_at = NULL,"
        f" updated_at = {NOW} OUTPUT inserted.id WHERE id IN (SELECT TOP (%d) id FROM {kind.table}"
        f" WHERE {behind}{where} ORDER BY id) AND {where}",
        (Status.PENDING.value, Status.UNCERTAIN.value, SLICE, *last, *values, *values),
    ):
        done += len(ids)
        # A row that failed again meanwhile is not met again. The first id is not known: an IDENTITY may begin below 0.
        behind, last = "id > %d AND ", (max(int(str(row["id"])) for row in ids),)
    return done


def shops_without_account(sql: SqlServer, kind: DocumentType) -> list[str]:
    """The shops that have open rows and no account of their own."""
    rows = sql.rows(
        f"SELECT DISTINCT shop_pharmacy_code FROM {kind.table} WHERE status IN ({places(OPEN)})"
        f" AND NOT EXISTS (SELECT 1 FROM AccountShop WHERE {of_the_rows_shop(kind)}"
        " AND AccountShop.account IS NOT NULL AND AccountShop.account <> %s)"
        " ORDER BY shop_pharmacy_code",
        (*listed(OPEN), ""),
    )
    return [str(row["shop_pharmacy_code"]) for row in rows]


def _count(sql: SqlServer, kind: DocumentType, where: str, values: Sequence[object]) -> int:
    (row,) = sql.rows(f"SELECT COUNT(*) AS found FROM {kind.table} WHERE {where}", values)
    return int(str(row["found"]))


def _where(kind: DocumentType, which: Selection) -> tuple[str, Sequence[object]]:
    conditions, values = ["status = %s"], [Status.FAILED.value]
    for column, value in (("shop_pharmacy_code", which.shop_id), (kind.local_id, which.local_id)):
        if value is not None:
            conditions.append(f"{column} = %s")
            values.append(value)
    return " AND ".join(conditions), values


def _state(sql: SqlServer, kind: DocumentType, status: str) -> str:
    name = status.rstrip(" ").upper()
    if name not in {each.value for each in Status}:
        return OTHER
    same = name == status or sql.rows(
        f"SELECT TOP (1) id FROM {kind.table} WHERE status = %s AND status = %s", (status, name)
    )
    return name if same else OTHER


def _counted(status: str, rows: Sequence[Row]) -> StatusCount:
    times = [time for row in rows if (time := _time(row["oldest"])) is not None]
    return StatusCount(
        status=status, rows=sum(int(str(row["rows_in_state"])) for row in rows), oldest=min(times, default=None)
    )


def _failed(kind: DocumentType, row: Row) -> FailedRow:
    return FailedRow(
        document_type=kind.name,
        id=int(str(row["id"])),
        local_id=str(row["local_id"]),
        shop_id=str(row["shop"]),
        attempts=int(str(row["attempts"])),
        message=str(row["message"] or ""),
        failed_at=_time(row["updated_at"]),
    )


def _time(value: object) -> datetime | None:
    """A time in UTC without a zone, which a DATETIMEOFFSET has."""
    if not isinstance(value, datetime):
        return None
    return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
