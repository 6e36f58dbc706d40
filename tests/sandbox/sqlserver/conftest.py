"""A practice server for the whole run, and a database of its own for each test."""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pymssql
import pytest

from pharmasync.sandbox.sqlserver import PracticeSQLServer

PASSWORD = "Practice-1"
Rows = list[tuple[Any, ...]]
names = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[PracticeSQLServer]:
    with PracticeSQLServer(password=PASSWORD) as running:
        yield running


@pytest.fixture
def connect(server: PracticeSQLServer) -> Iterator[Callable[..., pymssql.Connection]]:
    """Connects as a client of the practice server does; all connections end with the test."""
    opened: list[pymssql.Connection] = []

    def open_one(**changes: Any) -> pymssql.Connection:
        options: dict[str, Any] = {
            "server": server.host,
            "port": str(server.port),
            "user": server.user,
            "password": PASSWORD,
            "database": "pharmacy",
            "autocommit": True,
            "login_timeout": 5,
            "timeout": 10,
        }
        opened.append(pymssql.connect(**(options | changes)))
        return opened[-1]

    yield open_one
    for connection in opened:
        connection.close()


@pytest.fixture
def database(connect: Callable[..., pymssql.Connection]) -> Iterator[str]:
    """An empty database."""
    name = f"test_{next(names)}"
    cursor = connect().cursor()
    cursor.execute(f"CREATE DATABASE {name}")
    yield name
    with contextlib.suppress(pymssql.Error):  # a test may have dropped it
        connect().cursor().execute(f"DROP DATABASE {name}")


@pytest.fixture
def cursor(connect: Callable[..., pymssql.Connection], database: str) -> pymssql.Cursor:
    return connect(database=database).cursor()


@pytest.fixture
def results(cursor: pymssql.Cursor) -> Callable[..., list[Rows]]:
    """Runs a batch and gives all its result sets."""

    def run(batch: str, *parameters: Any) -> list[Rows]:
        cursor.execute(batch, parameters) if parameters else cursor.execute(batch)
        found: list[Rows] = []
        while True:
            if cursor.description is not None:
                found.append(cursor.fetchall())
            if not cursor.nextset():
                return found

    return run


@pytest.fixture
def rows(results: Callable[..., list[Rows]]) -> Callable[..., Rows]:
    """Runs a statement and gives the rows of its one result set."""

    def run(statement: str, *parameters: Any) -> Rows:
        (found,) = results(statement, *parameters)
        return found

    return run


@pytest.fixture
def error_number(results: Callable[..., list[Rows]]) -> Callable[..., int]:
    """Runs a batch that must fail; the number of its error."""

    def run(batch: str, *parameters: Any) -> int:
        with pytest.raises(pymssql.Error) as failure:
            results(batch, *parameters)
        number = failure.value.args[0][0] if isinstance(failure.value.args[0], tuple) else failure.value.args[0]
        assert isinstance(number, int)
        return number

    return run


@pytest.fixture
def invoices(results: Callable[..., list[Rows]]) -> None:
    """A table with an invoice's columns."""
    results(
        """CREATE TABLE dbo.Invoices (
            id INT IDENTITY(1,1) PRIMARY KEY,
            local_id NVARCHAR(50) NOT NULL,
            shop NVARCHAR(50) NOT NULL DEFAULT N'S1',
            status NVARCHAR(20) NOT NULL DEFAULT N'PENDING_SYNC',
            attempts INT NOT NULL DEFAULT 0,
            due DATETIME2(3) NULL,
            note NVARCHAR(MAX) NULL,
            amount DECIMAL(18,2) NULL,
            day DATE NULL,
            created_at DATETIME2 NOT NULL DEFAULT SYSUTCDATETIME()
        )"""
    )
