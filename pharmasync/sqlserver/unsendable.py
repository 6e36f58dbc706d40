"""Refuses rows that no message can name, or that no shop's account can send.

One that may be stored keeps a due time, so that ``retry`` has it looked for.
"""

from collections.abc import Sequence

from pharmasync.decisions.status import Status
from pharmasync.documents import DocumentType
from pharmasync.sqlserver.claim import ClaimedRow
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.due import DUE, IS_OPEN_VALUES
from pharmasync.sqlserver.statements import NOW
from pharmasync.words import Words

NAMELESS = Words("thiếu mã chứng từ", "the document has no code of its own")

SHOPLESS = Words("thiếu mã cửa hàng", "the document has no shop's code")

SHOPLESS_AT_ONCE = 500

REFUSED = (
    "status = %s, sync_response_message = %s,"
    f" sync_due_at = CASE WHEN status IN (%s, %s) THEN {NOW} END, updated_at = {NOW}"
)


def refuse_nameless(sql: SqlServer, rows: Sequence[ClaimedRow]) -> None:
    """Refuses claimed rows without a local id: no message could name them."""
    for row in rows:
        sql.run(
            f"UPDATE {row.kind.table} SET {REFUSED} OUTPUT inserted.id WHERE id = %d AND status IN (%s, %s)",
            (*_refused(NAMELESS), row.id, Status.QUEUED.value, Status.UNCERTAIN.value),
        )


def refuse_shopless(sql: SqlServer, kind: DocumentType) -> None:
    """Refuses due rows without a shop, so many at once: no shop's account could send them."""
    sql.run(
        f"UPDATE {kind.table} SET {REFUSED} OUTPUT inserted.id WHERE id IN (SELECT TOP (%d) id"
        f" FROM {kind.table} WITH (READPAST, UPDLOCK, ROWLOCK) WHERE shop_pharmacy_code IS NULL AND {DUE}) AND {DUE}",
        (*_refused(SHOPLESS), SHOPLESS_AT_ONCE, *IS_OPEN_VALUES, *IS_OPEN_VALUES),
    )


def _refused(words: Words) -> tuple[str, ...]:
    """The parameters of :data:`REFUSED`."""
    return Status.FAILED.value, str(words), Status.SENDING.value, Status.UNCERTAIN.value
