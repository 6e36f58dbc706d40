"""The functions and collations that SQLite lacks and the translated statements call."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import wraps

from attrs import define

from pharmasync.sandbox.sqlserver.catalog import Catalog
from pharmasync.sandbox.sqlserver.datatypes import MAX, DataType, Kind, Value, convert, text_units
from pharmasync.sandbox.sqlserver.errors import SQLServerError, overflow, too_long

UNITS = {"DAY": 86_400_000, "HOUR": 3_600_000, "MINUTE": 60_000, "SECOND": 1000, "MILLISECOND": 1}
"""What DATEADD adds, in milliseconds."""


@define
class Functions:
    """The functions of one database.

    Args:
        catalog: The database's tables.
        database_names: The names of the server's databases.
        now: The time of the running statement, one for all its rows.
        failure: The error that a function raised, since SQLite passes on only that there was one.
    """

    catalog: Catalog
    database_names: Callable[[], list[str]]
    now: str = ""
    failure: SQLServerError | None = None

    def begin(self) -> None:
        """A statement begins."""
        self.now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
        self.failure = None

    def register(self, connection: sqlite3.Connection) -> None:
        """Makes the functions known to SQLite."""
        for name, arguments, function in (
            ("sysutcdatetime", 0, lambda: self.now),
            ("store", 2, self._store),
            ("converted", 2, lambda value, kind: convert(value, DataType(Kind(kind), scale=7))),
            ("date_add", 3, _date_add),
            ("top", 1, _top),
            ("object_id", 1, self.catalog.object_id),
            ("database_names", 0, lambda: json.dumps(self.database_names())),
        ):
            connection.create_function(name, arguments, self._guarded(function), deterministic=True)
        connection.create_collation("tsql_text", compare_texts)
        connection.create_collation("tsql_decimal", compare_decimals)

    def _guarded(self, function: Callable[..., Value]) -> Callable[..., Value]:
        """A function whose SQLServerError is kept before SQLite swallows it."""

        @wraps(function)
        def call(*arguments: Value) -> Value:
            try:
                return function(*arguments)
            except SQLServerError as failure:
                self.failure = failure
                raise

        return call

    def _store(self, value: Value, number: int) -> Value:
        """A value for a column, as the column keeps it."""
        column = self.catalog.columns[number]
        kept = convert(value, column.type)
        if isinstance(kept, str) and column.type.kind is Kind.NVARCHAR:
            size = column.type.size
            if size != MAX and text_units(kept) > size:
                raise too_long(f"dbo.{column.table}", column.name, kept[:size])
        return kept


def compare_texts(first: str, second: str) -> int:
    """The order of two texts: upper and lower case are equal, trailing blanks do not count."""
    if first == second:
        return 0
    one, two = first.rstrip(" ").lower(), second.rstrip(" ").lower()
    return (one > two) - (one < two)


def compare_decimals(first: str, second: str) -> int:
    """The order of two numbers that are kept as text."""
    one, two = Decimal(first), Decimal(second)
    return (one > two) - (one < two)


def _date_add(unit: str, count: int | None, moment: str | None) -> Value:
    if count is None or moment is None:
        return None
    try:
        later = datetime.fromisoformat(moment) + timedelta(milliseconds=count * UNITS[unit])
    except OverflowError:
        raise overflow(Kind.DATETIME2) from None
    return later.isoformat(" ", "microseconds")


def _top(count: int) -> int:
    if count < 0:
        raise SQLServerError(1060, "The number of rows for TOP must be 0 or more.")
    return count
