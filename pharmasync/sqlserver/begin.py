"""The begin: workers take claimed rows, count the attempts and read all that they need, many rows in one round trip."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from typing import Any

import attrs
from attrs import frozen

from pharmasync.decisions.poison import silent_attempts
from pharmasync.decisions.status import BEGUN_FROM, Status
from pharmasync.decisions.twins import MOST_TWINS, Twin
from pharmasync.documents import DocumentType
from pharmasync.documents.fields import declared, is_long
from pharmasync.row import BegunRow
from pharmasync.sqlserver.connection import Row, Statement
from pharmasync.sqlserver.errand import Question
from pharmasync.sqlserver.statements import IN_SECONDS, NEXT, NOW, listed, milliseconds, not_paused, padded, places

BEHIND = " "
"""Stands behind a long text that is read, and is dropped with the blanks around a field.

FreeTDS takes the connection for dead where an NVARCHAR(MAX) ends in half of a character, as one does that was cut off
in an emoji; in the middle it makes a question mark of it.
"""


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
        """An UPDATE for the rows of a type and a number of attempts; the twins, lines and long texts of each type."""
        statements: list[str] = []
        parameters: list[Any] = []
        for kind, rows in _by_kind(wanted):
            for attempts, ids in _by_attempts(rows):
                guard, guard_values = _guard(kind.table, attempts)
                statements.append(self._update(kind, ids, guard))
                parameters += (Status.SENDING.value, milliseconds(self.lease), *ids, *guard_values)
            ids = padded([row.row_id for row in rows])
            statements += (self._twins(kind, ids), _lines(kind, ids), *_long_texts(kind, ids))
            parameters += (*ids, *(BEHIND for _ in _long(attrs.fields(kind.line))), *ids)
            if headers_long := _long(kind.header_fields):
                parameters += (*(BEHIND for _ in headers_long), *ids)
        return Question(statements, parameters, taken_back=lambda results: _taken_back(wanted, results))

    def deal(self, wanted: Sequence[ToBegin], results: Sequence[Sequence[Row]]) -> list[BegunRow | None]:
        """The rows that were begun; one that is wanted twice is given once."""
        left = iter(results)
        begun: dict[tuple[str, int], BegunRow] = {}
        for kind, rows in _by_kind(wanted):
            headers = [header for _ in _by_attempts(rows) for header in next(left)]
            twins = _grouped(next(left), "own_id")
            lines = _grouped(next(left), "parent_id")
            texts = _grouped(next(left) if _long(kind.header_fields) else (), "id")
            for header in headers:
                row_id = int(str(header["id"]))
                whole = {**header, **{name: value for row in texts[row_id] for name, value in row.items()}}
                begun[kind.name, row_id] = _row(kind, whole, twins[row_id], lines[row_id])
        return [begun.pop((one.kind.name, one.row_id), None) for one in wanted]

    def _update(self, kind: DocumentType, ids: Sequence[int], guard: str) -> str:
        # Columns are named with their table: Babelfish cannot tell them from OUTPUT's own otherwise.
        table, long = kind.table, _long(kind.header_fields)
        columns = ", ".join(f"inserted.{name}" for name in kind.header_columns if name not in long)
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


def _taken_back(wanted: Sequence[ToBegin], results: Sequence[Sequence[Row]]) -> Statement | None:
    """What takes back the begin of rows of which the rest cannot be read, so that their attempts are not counted.

    Lines that somebody's transaction locks, or that the login may not see, would make poison of a sound row. A row
    that was begun anew since has another number of attempts, or another status.
    """
    left = iter(results)
    groups: dict[tuple[str, str, int], list[int]] = {}
    for kind, rows in _by_kind(wanted):
        for _ in _by_attempts(rows):
            for header in next(left, ()):
                group = kind.table, str(header["previous_status"]).strip(), int(str(header["sync_attempts"]))
                groups.setdefault(group, []).append(int(str(header["id"])))
        for _ in range(2 + bool(_long(kind.header_fields))):
            next(left, None)
    if not groups:
        return None
    statements: list[str] = []
    parameters: list[Any] = []
    for (table, previous, attempts), ids in groups.items():
        statements.append(
            f"UPDATE {table} SET status = %s, sync_attempts = %d, updated_at = {NOW} OUTPUT inserted.id"
            f" WHERE id IN ({places(padded(ids))}) AND sync_attempts = %d AND status = %s"
        )
        parameters += (previous, attempts - 1, *padded(ids), attempts, Status.SENDING.value)
    return NEXT.join(statements), parameters


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
    read = _read(kind.line_columns, _long(attrs.fields(kind.line)))
    columns = ", ".join(("id", f"{kind.parent} AS parent_id", *read))
    return f"SELECT {columns} FROM {kind.lines_table} WHERE {kind.parent} IN ({places(ids)}) ORDER BY id"


def _long_texts(kind: DocumentType, ids: Sequence[int]) -> list[str]:
    """The long texts of the headers, in a statement of their own, where the type has any."""
    long = _long(kind.header_fields)
    columns = ", ".join(("id", *_read(long, long)))
    return [f"SELECT {columns} FROM {kind.table} WHERE id IN ({places(ids)})"] if long else []


def _long(fields: Iterable["attrs.Attribute[Any]"]) -> list[str]:
    """The columns that are NVARCHAR(MAX)."""
    return [field.name for field in fields if is_long(declared(field))]


def _read(columns: Iterable[str], long: Collection[str]) -> list[str]:
    """The columns as they are read: a long text with :data:`BEHIND` behind it."""
    return [f"{name} + %s AS {name}" if name in long else name for name in columns]


def _grouped(rows: Iterable[Row], column: str) -> defaultdict[int, list[Row]]:
    groups: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[int(str(row[column]))].append(row)
    return groups


def _row(kind: DocumentType, header: Row, twins: Sequence[Row], lines: Sequence[Row]) -> BegunRow:
    message = _text(header["sync_response_message"])
    return BegunRow(
        kind=kind,
        id=int(str(header["id"])),
        local_id=str(header[kind.local_id]),
        shop_id=str(header["shop_pharmacy_code"]),
        previous=Status(str(header["previous_status"]).strip()),
        attempt=int(str(header["sync_attempts"])),
        header=header,
        lines=lines,
        twins=[_twin(row) for row in twins],
        silent=silent_attempts(message),
        national_id=_text(header["national_id"]),
        message=message,
    )


def _twin(row: Row) -> Twin:
    return Twin(
        id=int(str(row["id"])),
        shop_id=str(row["shop_pharmacy_code"]),
        status=str(row["status"]),
        national_id=_text(row["national_id"]),
    )


def _text(value: object) -> str | None:
    """A text that says something."""
    return str(value) if value is not None and str(value).strip() else None
