"""Takes back the begin of rows of which the rest cannot be read, so that their attempts are not counted.

Lines that somebody's transaction locks, or that the login may not see, would make poison of a sound row.
"""

from collections.abc import Iterable, Sequence

from pharmasync.decisions.status import Status
from pharmasync.documents import DocumentType
from pharmasync.sqlserver.connection import Row
from pharmasync.sqlserver.statements import NOW, Statement, joined, padded, places


def taking_back(begun: Iterable[tuple[DocumentType, Iterable[Row]]]) -> Statement | None:
    """The UPDATEs that take back the begin of these headers, or None where there is none.

    A row that was begun anew since has another number of attempts, or another status, and stays as it is. So does the
    lease: a row that is taken back comes again when it is over.
    """
    groups: dict[tuple[str, str, int], list[int]] = {}
    for kind, headers in begun:
        for header in headers:
            group = kind.table, str(header["previous_status"]).strip(), int(str(header["sync_attempts"]))
            groups.setdefault(group, []).append(int(str(header["id"])))
    return joined([_taking_back(*group, padded(ids)) for group, ids in groups.items()]) if groups else None


def _taking_back(table: str, previous: str, attempts: int, ids: Sequence[int]) -> Statement:
    statement = (
        f"UPDATE {table} SET status = %s, sync_attempts = %d, updated_at = {NOW} OUTPUT inserted.id"
        f" WHERE id IN ({places(ids)}) AND sync_attempts = %d AND status = %s"
    )
    return statement, (previous, attempts - 1, *ids, attempts, Status.SENDING.value)
