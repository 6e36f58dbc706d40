"""What the rows of SQL Server say during a run, asked of the server itself and not through its proxy."""

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from pharmasync.decisions.status import OPEN, Status
from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.sandbox.demo.loading import LoadedDocument
from pharmasync.sandbox.demo.shops import SHOPS
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.shops import paused_shops
from pharmasync.sqlserver.statements import IN_SECONDS, listed, milliseconds, places

HELD_SECONDS = 1_000_000.0

ON_ITS_WAY = (Status.QUEUED, Status.SENDING, Status.UNCERTAIN)

CANNOT_LOG_IN = frozenset(shop.id for shop in SHOPS if not shop.can_log_in)

RowKey = tuple[str, int]
"""A row: its type's name and its id."""


@frozen
class Ledger:
    """The rows.

    Attributes:
        sql: The server; for one thread.
    """

    sql: SqlServer

    def hold_all(self) -> None:
        """Keeps every row from being picked up until it is released."""
        for kind in DOCUMENT_TYPES:
            self.sql.run(f"UPDATE {kind.table} SET sync_due_at = {IN_SECONDS}", (milliseconds(HELD_SECONDS),))

    def release(self, documents: Sequence[LoadedDocument]) -> None:
        """Makes rows due."""
        for kind in DOCUMENT_TYPES:
            ids = [document.id for document in documents if document.made.kind is kind]
            if ids:
                self.sql.run(f"UPDATE {kind.table} SET sync_due_at = NULL WHERE id IN ({places(ids)})", ids)

    def on_their_way(self) -> set[RowKey]:
        """The rows that somebody has claimed, begun, or lost sight of."""
        return {
            (kind.name, int(str(row["id"])))
            for kind in DOCUMENT_TYPES
            for row in self.sql.rows(
                f"SELECT id FROM {kind.table} WHERE status IN ({places(ON_ITS_WAY)})", listed(ON_ITS_WAY)
            )
        }

    def at_rest(self) -> bool:
        """Whether every row is final, or of a shop that is paused for its wrong password."""
        paused = CANNOT_LOG_IN & paused_shops(self.sql).keys()
        return not any(
            row["shop"] not in paused
            for kind in DOCUMENT_TYPES
            for row in self.sql.rows(
                f"SELECT DISTINCT shop_pharmacy_code AS shop FROM {kind.table} WHERE status IN ({places(OPEN)})",
                listed(OPEN),
            )
        )

    def settled_at(self) -> dict[RowKey, datetime]:
        """When each final row became so, UTC, by the database's clock."""
        final = (Status.SUCCESS, Status.FAILED)
        return {
            (kind.name, int(str(row["id"]))): moment
            for kind in DOCUMENT_TYPES
            for row in self.sql.rows(
                f"SELECT id, updated_at FROM {kind.table} WHERE status IN ({places(final)})", listed(final)
            )
            if isinstance(moment := row["updated_at"], datetime)
        }

    def retried(self) -> set[RowKey]:
        """The rows that took more than one attempt."""
        return {
            (kind.name, int(str(row["id"])))
            for kind in DOCUMENT_TYPES
            for row in self.sql.rows(f"SELECT id FROM {kind.table} WHERE sync_attempts > %d", (1,))
        }
