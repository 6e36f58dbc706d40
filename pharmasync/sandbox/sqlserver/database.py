"""The server's databases, each a SQLite in memory with the functions, the catalog and the plans that belong to it."""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from typing import TypeAlias

import attrs
from attrs import define, field, frozen

from pharmasync.sandbox.sqlserver.batches import Statement, numbered
from pharmasync.sandbox.sqlserver.catalog import VIEWS, Catalog, quoted
from pharmasync.sandbox.sqlserver.conditions import listed_names, spelled_out
from pharmasync.sandbox.sqlserver.datatypes import Value
from pharmasync.sandbox.sqlserver.definitions import Definition
from pharmasync.sandbox.sqlserver.errors import SQLServerError, from_sqlite
from pharmasync.sandbox.sqlserver.functions import Functions
from pharmasync.sandbox.sqlserver.grammar import DEFINITION_WORDS, read_shape
from pharmasync.sandbox.sqlserver.statements import Plan, plan
from pharmasync.sandbox.sqlserver.tokens import OutputColumn

Row: TypeAlias = Sequence[Value]

KEPT_PLANS = 2000


@frozen
class Result:
    """What a statement gives.

    Args:
        columns: The result's columns; none for a statement that gives no rows.
        rows: The rows.
        count: Rows given or changed; None for a statement that has no such number.
    """

    columns: Sequence[OutputColumn] = ()
    rows: Sequence[Row] = ()
    count: int | None = None


@define
class Known:
    """A shape that was read.

    Args:
        plan: How it is run.
        names: The names of its literals, in order.
        listed: Those of them that may be an index's condition.
        spelled_out: The plan for each of these literals' values, with the conditions written out.
    """

    plan: Plan
    names: list[str]
    listed: tuple[str, ...]
    spelled_out: dict[tuple[Value, ...], Plan] = field(factory=dict)


@define
class Database:
    """A database in memory. It is used by one thread at a time, which the server sees to.

    Args:
        name: Its name.
        database_names: The names of the server's databases.
    """

    name: str
    database_names: Callable[[], list[str]]
    _catalog: Catalog = field(factory=Catalog, init=False)
    _functions: Functions = field(init=False)
    _connection: sqlite3.Connection = field(init=False)
    _plans: dict[str, Known] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._functions = Functions(self._catalog, self.database_names)
        self._connection = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False, cached_statements=512
        )
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._functions.register(self._connection)
        for view, (columns, query) in VIEWS.items():
            self._connection.execute(f"CREATE VIEW {quoted(view)} ({', '.join(columns)}) AS {query}")

    def close(self) -> None:
        """Forgets everything."""
        self._connection.close()

    def run(self, statement: Statement) -> Result:
        """Runs one statement, all of it or nothing.

        Raises:
            RefusedError, SQLServerError: The statement fails, or is none that this server takes.
        """
        self._functions.begin()
        try:
            if statement.word in DEFINITION_WORDS:
                self._define(statement)
                return Result()
            return self._change_or_read(statement)
        except sqlite3.Error as failure:
            raise self._functions.failure or from_sqlite(failure, statement.text) from failure

    def _define(self, statement: Statement) -> None:
        literals = dict(zip(numbered(statement.shape)[1], statement.literals, strict=True))
        self._plans.clear()
        Definition(self._connection.execute, self._catalog, literals).run(read_shape(statement.shape).copy())

    def _change_or_read(self, statement: Statement) -> Result:
        known = self._known(statement.shape)
        values = dict(zip(known.names, statement.literals, strict=True))
        ready = self._ready(known, values)
        old = {row[0]: row for row in self._connection.execute(ready.before, values)} if ready.before else {}
        cursor = self._connection.execute(ready.sql, values)
        if not ready.columns:
            return Result(count=cursor.rowcount)
        rows = cursor.fetchall()
        if ready.before:
            rows = [tuple(source.of(old[row[0]], row, values) for source in ready.merge) for row in rows]
        return Result(ready.columns, rows, len(rows))

    def _known(self, shape: str) -> Known:
        found = self._plans.get(shape)
        if found is None:
            if len(self._plans) >= KEPT_PLANS:
                self._plans.clear()
            read = plan(read_shape(shape).copy(), self._catalog)
            listed = listed_names(read.sql, self._catalog.conditions)
            found = self._plans[shape] = Known(read, numbered(shape)[1], listed)
        return found

    def _ready(self, known: Known, values: dict[str, Value]) -> Plan:
        """The plan, with the conditions of indexes written out where these values are theirs."""
        if not known.listed:
            return known.plan
        key = tuple(values[name] for name in known.listed)
        found = known.spelled_out.get(key)
        if found is None:
            if len(known.spelled_out) >= KEPT_PLANS:
                known.spelled_out.clear()
            sql, before = (
                spelled_out(text, values, self._catalog.conditions) for text in (known.plan.sql, known.plan.before)
            )
            found = known.spelled_out[key] = attrs.evolve(known.plan, sql=sql, before=before)
        return found


@define
class Databases:
    """The server's databases by lower-case name, and the one lock under which every statement runs."""

    lock: threading.RLock = field(factory=threading.RLock)
    _databases: dict[str, Database] = field(factory=dict)

    def open(self, name: str) -> Database:
        """A database.

        Raises:
            SQLServerError: There is none of that name.
        """
        with self.lock:
            found = self._databases.get(name.lower())
        if found is None:
            raise SQLServerError(
                911, f"Database '{name}' does not exist. Make sure that the name is entered correctly."
            )
        return found

    def create(self, name: str) -> None:
        """Makes an empty database.

        Raises:
            SQLServerError: There is one of that name already.
        """
        with self.lock:
            if name.lower() in self._databases:
                raise SQLServerError(1801, f"Database '{name}' already exists. Choose a different database name.")
            self._databases[name.lower()] = Database(name, self._names)

    def drop(self, name: str) -> None:
        """Forgets a database, even if a session still uses it.

        Raises:
            SQLServerError: There is none of that name.
        """
        with self.lock:
            found = self._databases.pop(name.lower(), None)
            if found is None:
                raise SQLServerError(3701, f"Cannot drop the database '{name}', because it does not exist.")
            found.close()

    def close(self) -> None:
        """Forgets all databases."""
        with self.lock:
            for database in self._databases.values():
                database.close()
            self._databases.clear()

    def _names(self) -> list[str]:
        return [database.name for database in self._databases.values()]
