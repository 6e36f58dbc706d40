"""The renewal of leases: rows that are still being sent stay this attempt's for another while."""

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from pharmasync.decisions.status import Status
from pharmasync.row import BegunRow
from pharmasync.sqlserver.connection import Row
from pharmasync.sqlserver.errand import Question
from pharmasync.sqlserver.statements import IN_SECONDS, milliseconds, padded, places


@frozen
class RenewLeases:
    """Renews leases: an errand that gives False where the row is no longer this attempt's.

    Attributes:
        lease: Seconds from now until the row is taken up again.
    """

    lease: float

    def ask(self, wanted: Sequence[BegunRow]) -> Question:
        """An UPDATE for all rows of a type with the same number of attempts."""
        statements: list[str] = []
        parameters: list[Any] = []
        for rows in _alike(wanted):
            ids = padded([row.id for row in rows])
            statements.append(
                f"UPDATE {rows[0].kind.table} SET sync_due_at = {IN_SECONDS} OUTPUT inserted.id"
                f" WHERE id IN ({places(ids)}) AND sync_attempts = %d AND status = %s"
            )
            parameters += (milliseconds(self.lease), *ids, rows[0].attempt, Status.SENDING.value)
        return Question(statements, parameters)

    def deal(self, wanted: Sequence[BegunRow], results: Sequence[Sequence[Row]]) -> list[bool]:
        """Whether each was renewed."""
        renewed = {
            (group[0].kind.name, int(str(row["id"])), group[0].attempt)
            for group, rows in zip(_alike(wanted), results, strict=True)
            for row in rows
        }
        return [(row.kind.name, row.id, row.attempt) in renewed for row in wanted]


def _alike(wanted: Sequence[BegunRow]) -> list[list[BegunRow]]:
    groups: dict[tuple[str, int], list[BegunRow]] = {}
    for row in wanted:
        groups.setdefault((row.kind.name, row.attempt), []).append(row)
    return list(groups.values())
