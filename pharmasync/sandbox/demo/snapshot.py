"""How far the documents are, as seen from SQL Server."""

from collections.abc import Mapping

from attrs import frozen

from pharmasync.decisions.status import OPEN, Status
from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.operator import count_by_status
from pharmasync.sqlserver.shops import paused_shops

IN_FLIGHT = (Status.QUEUED, Status.SENDING)


@frozen
class Progress:
    """How many documents of one type are in which state."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def delivered(self) -> int:
        """Those that are stored nationally."""
        return self.counts.get(Status.SUCCESS, 0)

    @property
    def refused(self) -> int:
        """Those that were refused or given up."""
        return self.counts.get(Status.FAILED, 0)

    @property
    def uncertain(self) -> int:
        """Those whose answer was lost."""
        return self.counts.get(Status.UNCERTAIN, 0)

    @property
    def in_flight(self) -> int:
        """Those on their way."""
        return sum(self.counts.get(status, 0) for status in IN_FLIGHT)

    @property
    def pending(self) -> int:
        """Those that wait."""
        return self.counts.get(Status.PENDING, 0)

    @property
    def open(self) -> int:
        """Those that are not final."""
        return sum(self.counts.get(status, 0) for status in OPEN)


@frozen
class Snapshot:
    """One look at all of them.

    Attributes:
        progress: How far each type is, by its name.
        paused: The paused shops and why.
    """

    progress: Mapping[str, Progress]
    paused: Mapping[str, str]

    def at_rest(self, rows_of_shop: Mapping[str, int]) -> bool:
        """Whether all that is not final waits in a paused shop.

        Args:
            rows_of_shop: How many rows each shop has.
        """
        waiting = sum(rows_of_shop.get(shop, 0) for shop in self.paused)
        is_open = sum(progress.open for progress in self.progress.values())
        pending = sum(progress.pending for progress in self.progress.values())
        return is_open == pending <= waiting


def take_snapshot(sql: SqlServer) -> Snapshot:
    """One look at the tables."""
    progress = {
        kind.name: Progress({count.status: count.rows for count in count_by_status(sql, kind)})
        for kind in DOCUMENT_TYPES
    }
    return Snapshot(progress, paused_shops(sql))
