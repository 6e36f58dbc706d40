"""Connections to SQL Server through pymssql: one a thread, with time-outs, made anew when one is dead."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pymssql
from attrs import evolve, field, frozen

from pharmasync.errors import EncryptionRefusedError, GaveWayError, ServerAwayError, StatementError
from pharmasync.settings.tls import REQUIRE
from pharmasync.sqlserver.driver_errors import DriverError, Meaning, read
from pharmasync.sqlserver.statements import Statement, joined

Row = dict[str, object]
TakenBack = Callable[[Sequence[Sequence[Row]]], Statement | None]
"""Gives, by the result sets that came, what takes back the statements that gave them, if there is anything."""

TRIES = 3

DRIVERS_OPTIONS = (
    "ARITHABORT ON",
    "CONCAT_NULL_YIELDS_NULL ON",
    "ANSI_NULLS ON",
    "ANSI_NULL_DFLT_ON ON",
    "ANSI_PADDING ON",
    "ANSI_WARNINGS ON",
    "CURSOR_CLOSE_ON_COMMIT ON",
    "QUOTED_IDENTIFIER ON",
    "TEXTSIZE 2147483647",
)
"""What pymssql sets on a new connection unless it is told what to set instead."""

PATIENT_TIMEOUT = 86_400
PATIENT_LOCK_TIMEOUT = 30


@frozen(kw_only=True)
class Address:
    """Where the server is and who logs in.

    Attributes:
        timeout: Seconds until a statement is given up; pymssql's default is endless.
        login_timeout: Seconds until a login is given up.
        lock_timeout: Seconds until a statement is undone that waits for somebody else's lock: far less than
            ``timeout`` and than a lease, since others wait for the same round trip.
        encryption: require, request or off.
    """

    server: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    timeout: int = 30
    login_timeout: int = 10
    lock_timeout: int = 3
    encryption: str = REQUIRE


@frozen
class Trip:
    """A round trip.

    Attributes:
        results: The result sets that arrived.
        error: What ended it early.
        may_be_repeated: Whether trying again at once is worth it: after a deadlock, or where the connection had died
            of idleness.
    """

    results: list[list[Row]]
    error: ServerAwayError | StatementError | None = None
    may_be_repeated: bool = False

    @property
    def was_refused(self) -> bool:
        """Whether the server refused a statement, or undid it, and so did nothing after the last result set."""
        return isinstance(self.error, StatementError | GaveWayError)


class SqlServer:
    """Runs statements; each thread has a connection of its own (pymssql: threadsafety 1)."""

    def __init__(self, address: Address) -> None:
        """Connects at the first statement of each thread."""
        self._address = address
        self._local = threading.local()

    def run(
        self,
        statement: str,
        parameters: Sequence[Any] = (),
        *,
        repeatable: bool = True,
        taken_back: TakenBack | None = None,
    ) -> list[list[Row]]:
        """The result sets of a statement, or of several in one round trip.

        Nearly every statement of this package can be run twice: its guard lets the second run find nothing to do. So a
        batch is repeated where a connection that had been lying idle turns out dead, and where it was the victim of a
        deadlock: twice, then the last error is raised.

        Args:
            statement: What is run.
            parameters: Its values.
            repeatable: False for what must not run a second time.
            taken_back: Where the server refused a statement, what takes back those before it, whose result sets it
                gets.

        Raises:
            ServerAwayError: The server cannot be reached, or broke off.
            GaveWayError: It undid a statement in favour of somebody else's, and those that followed were not run.
            StatementError: It refused the statement.
        """
        for left in reversed(range(TRIES if repeatable else 1)):
            trip = self.attempt(statement, parameters)
            if trip.error is None:
                return trip.results
            self.take_back(trip, taken_back)
            if not (trip.may_be_repeated and left):
                raise trip.error
        raise AssertionError  # the last try returns or raises

    def attempt(self, statement: str, parameters: Sequence[Any] = ()) -> Trip:
        """One round trip, with the result sets that arrived and the error that ended it early.

        XACT_ABORT ends a batch at its first error: what has no result set then was not done, unless the server is away.
        """
        was_idle = self._is_connected()
        results: list[list[Row]] = []
        try:
            connection = self._connection()
        except pymssql.Error as error:
            return Trip(results, self._away(read(error)))
        try:
            _run_once(connection, statement, parameters, results)
        except pymssql.Error as error:
            return self._ended(read(error), results, was_idle=was_idle)
        return Trip(results)

    def take_back(self, trip: Trip, taken_back: TakenBack | None) -> None:
        """Takes back what a trip did before a statement was refused; where that fails, all stays as it is.

        A server that is away may have done more than it told.
        """
        if taken_back is None or not trip.was_refused:
            return
        statement = taken_back(trip.results)
        if statement is not None:
            self.attempt(*statement)

    def run_all(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """The result sets of statements with their values, in one round trip; raises what :meth:`run` raises."""
        return self.run(*joined(statements))

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """The rows of a statement with one result set."""
        return self.run(statement, parameters)[0]

    def patient(self) -> "SqlServer":
        """The same server for statements that build something for hours; it waits half a minute for another's lock.

        pymssql has one time-out for all connections of a process, which is that of the last one made.
        """
        return SqlServer(evolve(self._address, timeout=PATIENT_TIMEOUT, lock_timeout=PATIENT_LOCK_TIMEOUT))

    def close(self) -> None:
        """Closes this thread's connection."""
        connection: pymssql.Connection | None = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            with suppress(pymssql.Error):  # it is dead already: closing it has nothing left to do
                connection.close()

    def _ended(self, error: DriverError, results: list[list[Row]], *, was_idle: bool) -> Trip:
        match error.meaning:
            case Meaning.DEADLOCK:
                return Trip(results, GaveWayError(f"the victim of a deadlock: {error.text}"), may_be_repeated=True)
            case Meaning.LOCKED:
                return Trip(results, GaveWayError(f"somebody else's transaction holds a lock: {error.text}"))
            case Meaning.REFUSED:
                return Trip(results, StatementError(error.text, error.number))
            case Meaning.AWAY:
                self.close()
                return Trip(results, ServerAwayError("SQL Server", error.text), may_be_repeated=was_idle)

    def _away(self, error: DriverError) -> ServerAwayError:
        if self._address.encryption == REQUIRE and error.has_no_tls:
            return EncryptionRefusedError()
        return ServerAwayError("SQL Server", error.text)

    def _is_connected(self) -> bool:
        return getattr(self._local, "connection", None) is not None

    def _connection(self) -> pymssql.Connection:
        if not self._is_connected():
            where = self._address
            self._local.connection = pymssql.connect(
                server=where.server,
                port=str(where.port),
                user=where.user,
                password=where.password,
                database=where.database,
                timeout=where.timeout,
                login_timeout=where.login_timeout,
                autocommit=True,
                charset="UTF-8",
                tds_version="7.4",
                appname="pharmasync",
                conn_properties=_options(where.lock_timeout),
                encryption=where.encryption,
            )
        connection: pymssql.Connection = self._local.connection
        return connection


def _options(lock_timeout: int) -> list[str]:
    options = (*DRIVERS_OPTIONS, "XACT_ABORT ON", f"LOCK_TIMEOUT {lock_timeout * 1000}")
    return [f"SET {option};" for option in options]


def _run_once(
    connection: pymssql.Connection, statement: str, parameters: Sequence[Any], results: list[list[Row]]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, tuple(parameters))
        if cursor.description:
            results.append(_fetch(cursor))
        while cursor.nextset():
            if cursor.description:
                results.append(_fetch(cursor))


def _fetch(cursor: pymssql.Cursor) -> list[Row]:
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
