"""Which row a message made by hand means: it carries a local id and a shop, and no row id."""

from collections.abc import Sequence

from attrs import frozen

from pharmasync.decisions.status import Status
from pharmasync.documents import DocumentType
from pharmasync.sqlserver.connection import Row
from pharmasync.sqlserver.errand import Question


@frozen
class Named:
    """A row as its message's arguments name it."""

    kind: DocumentType
    local_id: str
    shop_id: str


@frozen
class FindQueued:
    """Finds queued rows by their names: an errand that gives the oldest one's id, or None."""

    def ask(self, wanted: Sequence[Named]) -> Question:
        """A SELECT for each."""
        statements = [
            f"SELECT TOP (1) id FROM {one.kind.table} WHERE {one.kind.local_id} = %s AND shop_pharmacy_code = %s"
            " AND status = %s ORDER BY id"
            for one in wanted
        ]
        parameters = [value for one in wanted for value in (one.local_id, one.shop_id, Status.QUEUED.value)]
        return Question(statements, parameters)

    def deal(self, wanted: Sequence[Named], results: Sequence[Sequence[Row]]) -> list[int | None]:
        """The ids."""
        return [int(str(rows[0]["id"])) if rows else None for _, rows in zip(wanted, results, strict=True)]
