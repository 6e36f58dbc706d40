"""Tables, indexes and databases are made, found in the catalog views, extended and dropped."""

from collections.abc import Callable
from typing import Any

import pymssql
import pytest

pytestmark = pytest.mark.integration

Run = Callable[..., list[tuple[Any, ...]]]

COLUMNS = "SELECT COLUMN_NAME, IS_NULLABLE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = %s"


def test_columns_are_listed_as_they_were_declared(rows: Run, results: Run) -> None:
    results("CREATE TABLE dbo.T (id INT IDENTITY(1,1) PRIMARY KEY, a NVARCHAR(50) NOT NULL, b DATETIME2(3) NULL)")
    assert rows(COLUMNS + " AND TABLE_SCHEMA = N'dbo' ORDER BY ORDINAL_POSITION", "t")[1:] == [
        ("a", "NO"),
        ("b", "YES"),
    ]
    assert rows(COLUMNS, "Nowhere") == []


def test_indexes_are_listed_until_they_are_dropped(rows: Run, results: Run) -> None:
    results("CREATE TABLE T (id INT IDENTITY(1,1) PRIMARY KEY, a NVARCHAR(5), b INT)")
    results("CREATE INDEX IX_due ON dbo.T (a, b DESC) INCLUDE (id) WHERE a IN (N'x', N'y')")
    listed = "SELECT name FROM sys.indexes WHERE object_id = OBJECT_ID(%s) AND name IS NOT NULL"
    assert rows(listed, "dbo.T") == rows(listed, "t") == [("IX_due",)]
    assert rows(listed, "Nowhere") == []
    results("DROP INDEX IX_due ON dbo.T")
    assert rows(listed, "T") == []


def test_two_tables_may_have_an_index_of_the_same_name(results: Run) -> None:
    results("CREATE TABLE A (v INT); CREATE TABLE B (v INT); CREATE INDEX IX ON A (v); CREATE INDEX IX ON B (v)")


def test_an_index_with_a_condition_names_columns_that_are_there(error_number: Callable[..., int], results: Run) -> None:
    results("CREATE TABLE T (a INT)")
    assert error_number("CREATE INDEX IX ON T (a) WHERE b IN (1)") == 207
    assert error_number("CREATE INDEX IX ON T (a) INCLUDE (b)") == 207


def test_a_new_column_gives_the_rows_that_are_there_its_default(rows: Run, results: Run) -> None:
    results("CREATE TABLE T (a INT); INSERT INTO T (a) VALUES (1)")
    results("ALTER TABLE T ADD n INT NOT NULL DEFAULT 7; ALTER TABLE T ADD d DATETIME2(3) NULL")
    results("INSERT INTO T (a) VALUES (2)")
    assert rows("SELECT a, n, d FROM T ORDER BY a") == [(1, 7, None), (2, 7, None)]


def test_a_new_column_without_a_default_cannot_be_not_null(
    rows: Run, results: Run, error_number: Callable[..., int]
) -> None:
    results("CREATE TABLE T (a INT); INSERT INTO T (a) VALUES (1)")
    assert error_number("ALTER TABLE T ADD n INT NOT NULL") == 4901
    assert rows("SELECT * FROM T") == [(1,)]


def test_a_table_is_dropped_once(rows: Run, results: Run) -> None:
    results("CREATE TABLE T (a INT); DROP TABLE IF EXISTS dbo.T; DROP TABLE IF EXISTS dbo.T; CREATE TABLE T (b INT)")
    assert rows(COLUMNS, "T") == [("b", "YES")]


def test_a_statement_is_read_anew_when_its_table_has_changed(cursor: pymssql.Cursor, results: Run) -> None:
    results("CREATE TABLE T (a INT); SELECT * FROM T; ALTER TABLE T ADD b INT NULL")
    cursor.execute("SELECT * FROM T")
    assert [column[0] for column in cursor.description or ()] == ["a", "b"]


def test_databases_keep_their_tables_apart(results: Run, rows: Run, database: str) -> None:
    results("CREATE TABLE T (a INT); INSERT INTO T (a) VALUES (1)")
    other = f"{database}_other"
    results(f"CREATE DATABASE [{other}]; USE [{other}]; CREATE TABLE T (b INT)")
    assert rows("SELECT * FROM T") == []
    assert {(database,), (other,)} < set(rows("SELECT name FROM sys.databases"))
    results(f"USE {database}; DROP DATABASE {other}")
    assert rows("SELECT name FROM sys.databases WHERE name = %s", other) == []
    assert rows("SELECT a FROM T") == [(1,)]


def test_a_database_in_use_by_this_session_stays(error_number: Callable[..., int], database: str) -> None:
    assert error_number(f"DROP DATABASE {database}") == 3702


def test_a_session_whose_database_is_gone_is_told_so(
    connect: Callable[..., pymssql.Connection], database: str, error_number: Callable[..., int]
) -> None:
    connect().cursor().execute(f"DROP DATABASE {database}")
    assert error_number("SELECT 1 AS x") == 911
