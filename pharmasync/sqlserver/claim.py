"""The claim: the producer takes due rows for itself, for the time of a lease, fairly between shops.

The one rule that picks work (contract, "The state of a row"): an open status, and ``sync_due_at`` NULL or past. A claim
is one UPDATE a shop; its outer WHERE repeats the rule, so that of two producers that picked the same row only one takes
it, on servers without READPAST too.
"""

from collections.abc import Mapping, Sequence

from attrs import frozen

from pharmasync.decisions.status import OPEN, Status
from pharmasync.documents import DocumentType
from pharmasync.sqlserver.connection import Row, SqlServer
from pharmasync.sqlserver.statements import IN_SECONDS, NEXT, NOW, listed, milliseconds, not_paused, places
from pharmasync.words import Words

SHOPS_A_BATCH = 50
"""How many shops' claims travel in one round trip."""

NAMELESS = Words("thiếu mã chứng từ", "the document has no code of its own")

DUE = f"status IN ({places(OPEN)}) AND (sync_due_at IS NULL OR sync_due_at <= {NOW})"


@frozen
class ClaimedRow:
    """A row that was claimed; ``attempts`` are those that it had before."""

    kind: DocumentType
    id: int
    local_id: str | None
    shop_id: str
    attempts: int


def due_shops(sql: SqlServer, kinds: Sequence[DocumentType]) -> list[list[str]]:
    """For each type the shops that have due rows and are not paused, in a steady order; one round trip in all."""
    if not kinds:
        return []
    statements = [
        f"SELECT DISTINCT shop_pharmacy_code FROM {kind.table} WHERE {DUE} AND shop_pharmacy_code IS NOT NULL"
        f" AND {not_paused(kind)} ORDER BY shop_pharmacy_code"
        for kind in kinds
    ]
    results = sql.run(NEXT.join(statements), listed(OPEN) * len(kinds))
    return [[str(row["shop_pharmacy_code"]) for row in rows] for rows in results]


def claim(sql: SqlServer, kind: DocumentType, shares: Mapping[str, int], lease: float) -> list[ClaimedRow]:
    """Claims for each shop at most as many due rows as its share, the oldest first, for ``lease`` seconds.

    A row that was being sent, or is uncertain, becomes uncertain; the others become queued.
    """
    shops = list(shares)
    claimed: list[ClaimedRow] = []
    for start in range(0, len(shops), SHOPS_A_BATCH):
        batch = shops[start : start + SHOPS_A_BATCH]
        parameters = [value for shop in batch for value in _claim_parameters(shop, shares[shop], lease)]
        results = sql.run(NEXT.join([_claim_statement(kind)] * len(batch)), parameters)
        claimed += [_claimed(kind, row) for rows in results for row in sorted(rows, key=_age)]
    return claimed


def hand_back(sql: SqlServer, rows: Sequence[ClaimedRow]) -> None:
    """Gives back rows whose messages could not be enqueued; those that a worker began meanwhile stay as they are."""
    for kind in {row.kind.name: row.kind for row in rows}.values():
        ids = [row.id for row in rows if row.kind is kind]
        guard = (Status.QUEUED, Status.UNCERTAIN)
        sql.run(
            f"UPDATE {kind.table} SET status = CASE WHEN status = %s THEN %s ELSE status END, sync_due_at = NULL,"
            f" updated_at = {NOW} OUTPUT inserted.id WHERE id IN ({places(ids)}) AND status IN ({places(guard)})"
            f" AND sync_due_at > {NOW}",
            (Status.QUEUED.value, Status.PENDING.value, *ids, *listed(guard)),
        )


def refuse_nameless(sql: SqlServer, rows: Sequence[ClaimedRow]) -> None:
    """Refuses claimed rows without a local id: no message could name them."""
    for row in rows:
        sql.run(
            f"UPDATE {row.kind.table} SET status = %s, sync_response_message = %s, sync_due_at = NULL,"
            f" updated_at = {NOW} OUTPUT inserted.id WHERE id = %d AND status IN (%s, %s)",
            (Status.FAILED.value, str(NAMELESS), row.id, Status.QUEUED.value, Status.UNCERTAIN.value),
        )


def _claim_statement(kind: DocumentType) -> str:
    table = kind.table
    return (
        f"UPDATE {table} SET status = CASE WHEN status IN (%s, %s) THEN %s ELSE %s END,"
        f" sync_due_at = {IN_SECONDS}, updated_at = {NOW}"
        f" OUTPUT inserted.id, inserted.{kind.local_id} AS local_id, inserted.shop_pharmacy_code AS shop,"
        " inserted.sync_attempts AS attempts, inserted.created_at"
        f" WHERE id IN (SELECT TOP (%d) id FROM {table} WITH (READPAST, UPDLOCK, ROWLOCK)"
        f" WHERE shop_pharmacy_code = %s AND {DUE} ORDER BY created_at, id)"
        f" AND {DUE} AND {not_paused(kind)}"
    )


def _claim_parameters(shop: str, count: int, lease: float) -> tuple[object, ...]:
    states = (Status.SENDING.value, Status.UNCERTAIN.value, Status.UNCERTAIN.value, Status.QUEUED.value)
    return (*states, milliseconds(lease), count, shop, *listed(OPEN), *listed(OPEN))


def _claimed(kind: DocumentType, row: Row) -> ClaimedRow:
    local_id = row["local_id"]
    return ClaimedRow(
        kind=kind,
        id=int(str(row["id"])),
        local_id=None if local_id is None else str(local_id),
        shop_id=str(row["shop"]),
        attempts=int(str(row["attempts"])),
    )


def _age(row: Row) -> tuple[str, int]:
    """OUTPUT promises no order: the oldest goes first into the queue as well."""
    return str(row["created_at"] or ""), int(str(row["id"]))
