"""Hands back claimed rows whose messages could not be enqueued."""

from collections.abc import Iterable, Sequence

from pharmasync.decisions.status import Status
from pharmasync.sqlserver.claim import ClaimedRow
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.statements import NOW, listed, padded, places


def hand_back(sql: SqlServer, rows: Sequence[ClaimedRow]) -> None:
    """Gives rows back; those that a worker began meanwhile stay as they are.

    One that was begun has another number of attempts, even where it is uncertain again: its pause is not cut short.
    """
    if rows:
        sql.run_all([_hand_back(group) for group in _equally_often_tried(rows)])


def _equally_often_tried(rows: Iterable[ClaimedRow]) -> list[list[ClaimedRow]]:
    groups: dict[tuple[str, int], list[ClaimedRow]] = {}
    for row in rows:
        groups.setdefault((row.kind.name, row.attempts), []).append(row)
    return list(groups.values())


def _hand_back(group: Sequence[ClaimedRow]) -> tuple[str, tuple[object, ...]]:
    ids, guard = padded([row.id for row in group]), (Status.QUEUED, Status.UNCERTAIN)
    statement = (
        f"UPDATE {group[0].kind.table} SET status = CASE WHEN status = %s THEN %s ELSE status END, sync_due_at = NULL,"
        f" updated_at = {NOW} OUTPUT inserted.id WHERE id IN ({places(ids)}) AND sync_attempts = %d"
        f" AND status IN ({places(guard)}) AND sync_due_at > {NOW}"
    )
    return statement, (Status.QUEUED.value, Status.PENDING.value, *ids, group[0].attempts, *listed(guard))
