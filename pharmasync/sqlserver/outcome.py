"""The outcome of an attempt, written to its row."""

from pharmasync.decisions.outcome import Outcome
from pharmasync.decisions.status import ANSWERED_FROM
from pharmasync.row import BegunRow
from pharmasync.sqlserver.connection import Runs
from pharmasync.sqlserver.statements import IN_SECONDS, NOW, listed, milliseconds, places


def write_outcome(sql: Runs, row: BegunRow, outcome: Outcome) -> bool:
    """Writes the outcome; False where the lease ended and the row was begun anew: it is no longer this attempt's.

    Raises:
        ServerAwayError, StatementError: Nothing was written; the lease runs out and the row is found out about.
    """
    kind = row.kind
    due = "NULL" if outcome.due_in is None else IN_SECONDS
    due_values = () if outcome.due_in is None else (milliseconds(outcome.due_in),)
    (written,) = sql.run(
        f"UPDATE {kind.table} SET status = %s, {kind.national_id} = COALESCE(%s, {kind.national_id}),"
        f" sync_response_message = %s, sync_due_at = {due}, sync_attempts = %d, updated_at = {NOW}"
        " OUTPUT inserted.id"
        f" WHERE id = %d AND sync_attempts = %d AND status IN ({places(ANSWERED_FROM)})",
        (
            outcome.status.value,
            outcome.national_id,
            outcome.message,
            *due_values,
            row.attempt if outcome.counted else row.attempt - 1,
            row.id,
            row.attempt,
            *listed(ANSWERED_FROM),
        ),
    )
    return bool(written)
