"""Batches of several statements, and what pymssql sends by itself."""

from collections.abc import Callable
from typing import Any

import pymssql
import pytest

pytestmark = pytest.mark.integration

Run = Callable[..., list[Any]]


def test_each_statement_of_a_batch_has_its_result_set(results: Run) -> None:
    batch = """CREATE TABLE T (id INT IDENTITY(1,1) PRIMARY KEY, n INT); -- a comment; with a semicolon
        INSERT INTO T (n) OUTPUT inserted.id VALUES (5), (6);
        UPDATE T SET
            n = n + 1 /* and
            another; */ WHERE id = 1;
        SELECT n FROM T ORDER BY id;;
        UPDATE T SET n = 0 OUTPUT inserted.id, deleted.n WHERE T.n = 6;"""
    assert results(batch) == [[(1,), (2,)], [(6,), (6,)], [(1, 6), (2, 6)]]


def test_an_empty_batch_is_no_mistake(results: Run) -> None:
    assert results(" ; -- nothing\n") == []


def test_an_integrity_error_ends_its_statement_and_the_batch_goes_on(
    cursor: pymssql.Cursor, results: Run, rows: Run
) -> None:
    results("CREATE TABLE T (v INT NOT NULL)")
    with pytest.raises(pymssql.IntegrityError):
        cursor.execute("INSERT INTO T (v) VALUES (NULL); INSERT INTO T (v) VALUES (1)")
    assert rows("SELECT v FROM T") == [(1,)]


def test_an_error_in_a_later_statement_reaches_the_driver(cursor: pymssql.Cursor, rows: Run) -> None:
    cursor.execute("SELECT 1 AS x; SELECT id FROM Nowhere; SELECT 2 AS x")
    assert cursor.fetchall() == [(1,)]
    with pytest.raises(pymssql.Error, match="Nowhere"):
        cursor.nextset()
    assert rows("SELECT 3 AS x") == [(3,)]


def test_a_result_that_nobody_reads_is_put_away(cursor: pymssql.Cursor, rows: Run, results: Run) -> None:
    results("CREATE TABLE T (v NVARCHAR(MAX)); INSERT INTO T (v) VALUES (%s), (%s)", "x" * 100_000, "y" * 100_000)
    cursor.execute("SELECT v FROM T; SELECT v FROM T")
    assert cursor.fetchone() is not None
    assert rows("SELECT 1 AS x") == [(1,)]


def test_a_connection_without_autocommit_can_commit(
    connect: Callable[..., pymssql.Connection], database: str, results: Run, rows: Run
) -> None:
    results("CREATE TABLE T (v INT)")
    connection = connect(database=database, autocommit=False)
    connection.cursor().execute("INSERT INTO T (v) VALUES (1)")
    connection.commit()
    assert rows("SELECT v FROM T") == [(1,)]


@pytest.mark.parametrize(("option", "left"), [("ON", [(1,)]), ("OFF", [(1,), (2,)])])
def test_an_error_of_a_statement_ends_its_batch_where_xact_abort_is_on(
    results: Run, error_number: Callable[..., int], option: str, left: list[object]
) -> None:
    results("CREATE TABLE T (id INT PRIMARY KEY)")
    results("INSERT INTO T (id) VALUES (1)")
    batch = "INSERT INTO T (id) VALUES (1); INSERT INTO T (id) VALUES (2)"
    assert error_number(f"SET XACT_ABORT {option}; SET LOCK_TIMEOUT 3000; {batch}") == 2627
    assert results("SELECT id FROM T ORDER BY id") == [left]
