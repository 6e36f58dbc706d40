"""The begin: workers take claimed rows, count the attempts and read all that they need, many rows in one round trip."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from attrs import frozen

from pharmasync.decisions.status import BEGUN_FROM, Status
from pharmasync.decisions.twins import MOST_TWINS
from pharmasync.documents import DocumentType
from pharmasync.row import BegunRow
from pharmasync.sqlserver.begun import begun_row
from pharmasync.sqlserver.connection import Row
from pharmasync.sqlserver.errand import Question
from pharmasync.sqlserver.long_texts import as_read, blanks_behind
from pharmasync.sqlserver.statements import IN_SECONDS, NOW, listed, milliseconds, not_paused, padded, places
from pharmasync.sqlserver.taking_back import taking_back


@frozen
class ToBegin:
    """A row to be begun.

    Attributes:
        kind: The document's type.
        row_id: The row's id.
        attempts: How many attempts the row had when its message was made. A row that was tried since is left alone:
            its pause may not be over. None, from a message made by hand, begins a queued row only.
    """

    kind: DocumentType
    row_id: int
    attempts: int | None


@frozen(kw_only=True)
class Begin:
    """Begins rows: an errand that gives the row, now SYNC_SENDING, or None where it is not this worker's to send.

    That is where somebody else has it, it is done or gone, or its shop is paused. Each row is guarded by itself,
    whoever is begun along with it.

    Attributes:
        lease: Seconds until a row is taken up again unless its outcome is written.
        facility_column: The column with the facility's nationally issued code.
    """

    lease: float
    facility_column: str

    def ask(self, wanted: Sequence[ToBegin]) -> Question:
        """An UPDATE for the rows of a type and a number of attempts; the twins and the lines of each type."""
        statements: list[str] = []
        parameters: list[Any] = []
        for kind, rows in _by_kind(wanted):
            for attempts, ids in _by_attempts(rows):
                guard, guard_values = _guard(kind.table, attempts)
                statements.append(self._update(kind, ids, guard))
                blanks = blanks_behind(kind, kind.header_columns)
                parameters += (Status.SENDING.value, milliseconds(self.lease), *blanks, *ids, *guard_values)
            ids = padded([row.row_id for row in rows])
            statements += (self._twins(kind, ids), _lines(kind, ids))
            parameters += (*ids, *blanks_behind(kind, kind.line_columns), *ids)
        return Question(
            statements,
            parameters,
            taken_back=lambda results: taking_back((found.kind, found.headers) for found in _by_type(wanted, results)),
        )

    def deal(self, wanted: Sequence[ToBegin], results: Sequence[Sequence[Row]]) -> list[BegunRow | None]:
        """The rows that were begun; one that is wanted twice is given once."""
        begun: dict[tuple[str, int], BegunRow] = {}
        for found in _by_type(wanted, results):
            twins, lines = _grouped(found.twins, "own_id"), _grouped(found.lines, "parent_id")
            for header in found.headers:
                row_id = int(str(header["id"]))
                begun[found.kind.name, row_id] = begun_row(found.kind, header, twins[row_id], lines[row_id])
        return [begun.pop((one.kind.name, one.row_id), None) for one in wanted]

    def _update(self, kind: DocumentType, ids: Sequence[int], guard: str) -> str:
        # Columns are named with their table: Babelfish cannot tell them from OUTPUT's own otherwise.
        table, columns = kind.table, ", ".join(as_read(kind, kind.header_columns, "inserted."))
        return (
            f"UPDATE {table} SET status = %s, sync_attempts = {table}.sync_attempts + 1, sync_due_at = {IN_SECONDS},"
            f" updated_at = {NOW} OUTPUT deleted.status AS previous_status, inserted.id, inserted.sync_attempts,"
            f" inserted.sync_response_message, inserted.{kind.national_id} AS national_id,"
            f" inserted.shop_pharmacy_code, inserted.{self.facility_column} AS facility_code, {columns}"
            f" WHERE {table}.id IN ({places(ids)}) AND {guard} AND {not_paused(kind)}"
        )

    def _twins(self, kind: DocumentType, ids: Sequence[int]) -> str:
        """The oldest other rows that have a row's local id and its facility's code, in its own shop or in another.

        The server compares the codes, since its collation says which of them are the same. Thousands of rows may have
        the same one: it finds the oldest in an index, and looks at no more of them than are wanted.
        """
        facility = self.facility_column
        return (
            "SELECT own.id AS own_id, twin.id, twin.shop_pharmacy_code, twin.status,"
            f" twin.{kind.national_id} AS national_id FROM {kind.table} AS own"
            f" CROSS APPLY (SELECT TOP ({MOST_TWINS}) other.id FROM {kind.table} AS other"
            f" WHERE other.{kind.local_id} = own.{kind.local_id} AND other.{facility} = own.{facility}"
            f" AND other.id <> own.id ORDER BY other.id) AS oldest"
            f" INNER JOIN {kind.table} AS twin ON twin.id = oldest.id"
            f" WHERE own.id IN ({places(ids)}) ORDER BY twin.id"
        )


@frozen
class _OfType:
    """The results about one document type, as far as they came."""

    kind: DocumentType
    headers: list[Row]
    twins: Sequence[Row]
    lines: Sequence[Row]


def _by_type(wanted: Iterable[ToBegin], results: Sequence[Sequence[Row]]) -> Iterator[_OfType]:
    left = iter(results)
    for kind, rows in _by_kind(wanted):
        headers = [header for _ in _by_attempts(rows) for header in next(left, ())]
        yield _OfType(kind, headers, twins=next(left, ()), lines=next(left, ()))


def _by_kind(wanted: Iterable[ToBegin]) -> list[tuple[DocumentType, list[ToBegin]]]:
    ordered = sorted(wanted, key=lambda one: one.kind.name)
    return [(rows[0].kind, rows) for _, group in groupby(ordered, lambda one: one.kind.name) if (rows := list(group))]


def _by_attempts(wanted: Iterable[ToBegin]) -> list[tuple[int | None, list[int]]]:
    groups: dict[int | None, list[int]] = {}
    for one in wanted:
        groups.setdefault(one.attempts, []).append(one.row_id)
    return [(attempts, padded(ids)) for attempts, ids in groups.items()]


def _guard(table: str, attempts: int | None) -> tuple[str, tuple[object, ...]]:
    if attempts is None:
        return f"{table}.status = %s", (Status.QUEUED.value,)
    guard = f"{table}.status IN ({places(BEGUN_FROM)}) AND {table}.sync_attempts = %d"
    return guard, (*listed(BEGUN_FROM), attempts)


def _lines(kind: DocumentType, ids: Sequence[int]) -> str:
    columns = ", ".join(("id", f"{kind.parent} AS parent_id", *as_read(kind, kind.line_columns)))
    return f"SELECT {columns} FROM {kind.lines_table} WHERE {kind.parent} IN ({places(ids)}) ORDER BY id"


def _grouped(rows: Iterable[Row], column: str) -> defaultdict[int, list[Row]]:
    groups: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[int(str(row[column]))].append(row)
    return groups
