"""Connections to SQL Server through pymssql: one a thread, with time-outs, made anew when one is dead."""

import re
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pymssql
from attrs import field, frozen

from pharmasync.errors import EncryptionRefusedError, ServerAwayError, StatementError
from pharmasync.settings.tls import REQUIRE

Row = dict[str, object]

DRIVER_ERRORS = range(20_000, 20_300)
"""FreeTDS's own errors: the connection is dead or was never made."""

AWAY = frozenset({4060, 18456, 18452, 233, 10053, 10054, 10060, 10928, 10929, 40197, 40501, 40613, 49918, 49919, 49920})
"""Errors by which the server says that it cannot be used now: login, database, Azure's transient ones."""

DEADLOCK = 1205
TRIES = 3

DRIVER_SAID = re.compile(r"DB-Lib error message (\d+)")

NO_CONNECTION = ["20002"]
"""All that FreeTDS says where no TLS came about; of nearly everything else that goes wrong it tells more."""


@frozen(kw_only=True)
class Address:
    """Where the server is and who logs in.

    Attributes:
        timeout: Seconds until a statement is given up; pymssql's default is endless.
        login_timeout: Seconds until a login is given up.
        encryption: require, request or off.
    """

    server: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    timeout: int = 30
    login_timeout: int = 10
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


class SqlServer:
    """Runs statements; each thread has a connection of its own (pymssql: threadsafety 1)."""

    def __init__(self, address: Address) -> None:
        """Connects at the first statement of each thread."""
        self._address = address
        self._local = threading.local()

    def run(self, statement: str, parameters: Sequence[Any] = (), *, repeatable: bool = True) -> list[list[Row]]:
        """The result sets of a statement, or of several in one round trip.

        Nearly every statement of this package can be run twice: its guard lets the second run find nothing to do. So a
        batch is repeated once where a connection that had been lying idle turns out dead, and where it was the victim
        of a deadlock.

        Args:
            statement: What is run.
            parameters: Its values.
            repeatable: False for what must not run a second time.

        Raises:
            ServerAwayError: The server cannot be reached, or broke off.
            StatementError: It refused the statement.
        """
        for left in reversed(range(TRIES if repeatable else 1)):
            trip = self.attempt(statement, parameters)
            if trip.error is None:
                return trip.results
            if not (trip.may_be_repeated and left):
                raise trip.error
        raise AssertionError  # the last try returns or raises

    def attempt(self, statement: str, parameters: Sequence[Any] = ()) -> Trip:
        """One round trip, with the result sets that arrived and the error that ended it early."""
        idle = self._is_connected()
        results: list[list[Row]] = []
        try:
            self._run_once(statement, parameters, results)
        except pymssql.Error as error:
            number = _number(error)
            if number == DEADLOCK:
                return Trip(results, ServerAwayError("SQL Server", _text(error)), may_be_repeated=True)
            if _is_away(error, number):
                self.close()
                return Trip(results, self._away(error), may_be_repeated=idle)
            return Trip(results, StatementError(_text(error), number))
        return Trip(results)

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """The rows of a statement with one result set."""
        return self.run(statement, parameters)[0]

    def close(self) -> None:
        """Closes this thread's connection."""
        connection: pymssql.Connection | None = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            with suppress(pymssql.Error):  # it is dead already: closing it has nothing left to do
                connection.close()

    def _away(self, error: pymssql.Error) -> ServerAwayError:
        if self._address.encryption == REQUIRE and DRIVER_SAID.findall(_whole_text(error)) == NO_CONNECTION:
            return EncryptionRefusedError()
        return ServerAwayError("SQL Server", _text(error))

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
                encryption=where.encryption,
            )
        connection: pymssql.Connection = self._local.connection
        return connection

    def _run_once(self, statement: str, parameters: Sequence[Any], results: list[list[Row]]) -> None:
        with self._connection().cursor() as cursor:
            cursor.execute(statement, tuple(parameters))
            if cursor.description:
                results.append(_fetch(cursor))
            while cursor.nextset():
                if cursor.description:
                    results.append(_fetch(cursor))


def _fetch(cursor: pymssql.Cursor) -> list[Row]:
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def _number(error: pymssql.Error) -> int:
    first = error.args[0] if error.args else 0
    if isinstance(first, tuple) and first:
        first = first[0]
    return first if isinstance(first, int) else 0


def _is_away(error: pymssql.Error, number: int) -> bool:
    return number in DRIVER_ERRORS or number in AWAY or isinstance(error, pymssql.InterfaceError)


def _whole_text(error: pymssql.Error) -> str:
    last = error.args[-1] if error.args else error
    if isinstance(last, tuple) and last:
        last = last[-1]
    return last.decode("utf-8", "replace") if isinstance(last, bytes) else str(last)


def _text(error: pymssql.Error) -> str:
    text = _whole_text(error)
    return " ".join(text.partition("DB-Lib error message")[0].split())[:300] or " ".join(text.split())[:300]
