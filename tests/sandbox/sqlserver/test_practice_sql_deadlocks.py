"""Statements that are the victims of deadlocks, as pymssql meets them."""

from collections.abc import Iterator
from contextlib import suppress

import pymssql
import pytest

from pharmasync.errors import ServerAwayError
from pharmasync.sandbox.sqlserver import PracticeSQLServer
from pharmasync.sandbox.sqlserver.deadlocks import Deadlocks
from pharmasync.sandbox.sqlserver.errors import SQLServerError
from pharmasync.settings.tls import OFF
from pharmasync.sqlserver.connection import Address, SqlServer

pytestmark = pytest.mark.integration


@pytest.fixture
def server() -> Iterator[PracticeSQLServer]:
    with PracticeSQLServer(password="practice") as running:
        yield running


@pytest.fixture
def cursor(server: PracticeSQLServer) -> Iterator[pymssql.Cursor]:
    """A cursor in a database with a table of one row."""
    with pymssql.connect(
        server=server.host,
        port=str(server.port),
        user=server.user,
        password="practice",
        database="pharmacy",
        autocommit=True,
        login_timeout=5,
        timeout=10,
    ) as connection:
        opened = connection.cursor()
        opened.execute("CREATE TABLE T (id INT IDENTITY(1,1) PRIMARY KEY, n INT); INSERT INTO T (n) VALUES (1)")
        yield opened


def first_number(cursor: pymssql.Cursor) -> object:
    cursor.execute("SELECT n FROM T")
    return cursor.fetchone()


def test_a_victim_fails_with_1205_and_is_not_carried_out(server: PracticeSQLServer, cursor: pymssql.Cursor) -> None:
    server.deadlocks.share = 1.0

    with pytest.raises(pymssql.OperationalError) as failure:
        cursor.execute("UPDATE T SET n = 2 WHERE id = 1")

    assert failure.value.args[0] == 1205
    assert server.deadlocks.victims == 1
    server.deadlocks.share = 0.0
    assert first_number(cursor) == (1,)


def test_definitions_are_never_victims(server: PracticeSQLServer, cursor: pymssql.Cursor) -> None:
    server.deadlocks.share = 1.0

    cursor.execute("CREATE TABLE U (id INT)")

    assert server.deadlocks.victims == 0


def test_what_came_before_the_victim_in_its_batch_stays_done(server: PracticeSQLServer, cursor: pymssql.Cursor) -> None:
    server.deadlocks.share = 0.5
    server.deadlocks.dice.seed(10)  # spares the first, not the second
    batch = "UPDATE T SET n = 2 WHERE id = 1; UPDATE T SET n = 3 WHERE id = 1"

    with pytest.raises(pymssql.OperationalError):
        cursor.execute(batch)

    server.deadlocks.share = 0.0
    assert first_number(cursor) == (2,)


def test_the_same_seed_chooses_the_same_victims() -> None:
    def victims(seed: int) -> list[bool]:
        deadlocks = Deadlocks(0.3, seed)
        met = []
        for _ in range(50):
            before = deadlocks.victims
            with suppress(SQLServerError):
                deadlocks.meet()
            met.append(deadlocks.victims > before)
        return met

    assert victims(1) == victims(1) != victims(2)


def test_the_driver_edge_tries_again_and_then_calls_the_server_away(server: PracticeSQLServer) -> None:
    server.deadlocks.share = 1.0
    address = Address(
        server=server.host, port=server.port, database="pharmacy", user="sa", password="practice", encryption=OFF
    )
    sql = SqlServer(address)

    with pytest.raises(ServerAwayError, match="deadlock victim"):
        sql.rows("SELECT COUNT(*) AS n FROM INFORMATION_SCHEMA.COLUMNS")

    assert server.deadlocks.victims == 3
    sql.close()
