"""What the practice server does not take is refused and shown; mistakes have the numbers that SQL Server gives."""

from collections.abc import Callable
from typing import Any

import pymssql
import pytest

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("invoices")]

Run = Callable[..., list[tuple[Any, ...]]]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE TOP (5) Invoices SET attempts = 1",
        "UPDATE Invoices SET attempts = 1 OUTPUT id WHERE id = 1",
        "UPDATE Invoices SET attempts = 1 OUTPUT inserted.* WHERE id = 1",
        "UPDATE Invoices SET attempts = 1 OUTPUT inserted.local_id + N'x' AS code WHERE id = 1",
        "UPDATE Invoices SET attempts = 1 OUTPUT deleted.id, inserted.attempts + N'x' AS n WHERE Invoices.id = 1",
        "UPDATE Invoices SET attempts = 1 OUTPUT deleted.id, inserted.local_id + 1 AS code WHERE Invoices.id = 1",
        "UPDATE Invoices SET attempts = 1 SELECT 1",
        "UPDATE Invoices SET attempts = attempts + 1 OUTPUT deleted.status WHERE Invoices.id = 1",
        "UPDATE Invoices SET attempts = 1 OUTPUT deleted.status WHERE id = 1",
        "UPDATE Invoices SET local_id = Invoices.local_id + Invoices.attempts",
        "DELETE TOP (1) FROM Invoices",
        "DELETE FROM Invoices OUTPUT deleted.id WHERE id = 1",
        "INSERT INTO Invoices VALUES (1)",
        "INSERT INTO Invoices (local_id) VALUES (N'x'),",
        "INSERT INTO Invoices DEFAULT VALUES",
        "INSERT INTO Invoices (local_id) OUTPUT inserted.id INTO ids VALUES (N'x')",
        "INSERT INTO Invoices (local_id) OUTPUT deleted.id VALUES (N'x')",
        "MERGE INTO Invoices AS t USING Invoices AS s ON t.id = s.id WHEN MATCHED THEN DELETE",
        "CREATE TABLE t (id INT IDENTITY(1,1), v INT)",
        "CREATE TABLE t (v FLOAT)",
        "CREATE TABLE t (v INT CHECK (v > 0))",
        "CREATE TABLE t (v NVARCHAR(5000))",
        "CREATE TABLE t (v INT REFERENCES Invoices(id) ON DELETE CASCADE)",
        "CREATE INDEX x ON Invoices",
        "CREATE INDEX ON Invoices (due)",
        "CREATE UNIQUE INDEX u ON Invoices (due) WHERE attempts = 1",
        "ALTER TABLE Invoices ADD v INT NULL DEFAULT 5",
        "EXEC sp_who",
        "IF EXISTS (SELECT 1 FROM Invoices) DELETE FROM Invoices",
        "SET ANSI_NULLS OFF",
        "ROLLBACK TRAN",
        "WAITFOR DELAY '01:00:00'",
        "SELECT id FROM Invoices ORDER BY 1",
        "SELECT id FROM Invoices WHERE shop = local_id COLLATE Latin1_General_CS_AS",
        "SELECT id FROM Invoices WHERE shop = N'x' COLLATE DATABASE_DEFAULT",
        "SELECT id FROM Invoices WITH (TABLOCKX)",
        "SELECT id FROM Invoices UNION ALL SELECT 1",
        "SELECT i.id FROM Invoices i LEFT JOIN Invoices j ON i.id = j.id",
        "SELECT i.id FROM Invoices i CROSS JOIN Invoices j",
        "SELECT i.id FROM Invoices i JOIN Invoices j ON i.id",
        "SELECT * FROM Invoices i JOIN Invoices j ON i.id = j.id",
        "UPDATE i SET i.attempts = 1 FROM Invoices i",
        "SELECT x.id FROM (SELECT id FROM Invoices) AS x",
        "SELECT (SELECT MAX(id) FROM Invoices) AS n",
        "SELECT status, COUNT(*) AS n FROM Invoices GROUP BY status HAVING COUNT(*) > 1",
        "SELECT ROW_NUMBER() OVER (ORDER BY id) AS n FROM Invoices",
        "SELECT sqlite_version() AS x",
        "SELECT DATEADD(MONTH, 1, created_at) AS x FROM Invoices",
        "SELECT local_id + attempts AS x FROM Invoices",
        "SELECT 7 / 2 AS x",
        "SELECT 1 = 1 AS x",
        "SELECT COALESCE(due, N'x') AS x FROM Invoices",
        "SELECT id FROM Invoices WHERE attempts",
        "SELECT id FROM Invoices WHERE N'a' = N'A'",
        "SELECT id FROM Invoices WHERE N'a' IN (local_id, note)",
        "SELECT id FROM Invoices WHERE local_id LIKE N'a%'",
        "SELECT id FROM Invoices WHERE created_at > day",
        "SELECT id FROM Invoices WHERE id IN (SELECT local_id FROM Invoices)",
        "SELECT N'a'b AS x",
        "CREATE INDEX x ON Invoices (due) WHERE shop = N'a'龎",
        "SELECT (1 AS x",
    ],
)
def test_a_statement_of_another_shape_is_refused_and_shown(cursor: pymssql.Cursor, rows: Run, statement: str) -> None:
    with pytest.raises(pymssql.OperationalError) as failure:
        cursor.execute(statement)
    number, text = failure.value.args[0] if isinstance(failure.value.args[0], tuple) else failure.value.args
    assert number == 50000
    assert statement in text.decode()
    assert rows("SELECT COUNT(*) AS n FROM Invoices") == [(0,)]


def test_a_batch_with_a_refused_statement_runs_none_of_its_statements(
    error_number: Callable[..., int], rows: Run
) -> None:
    assert error_number("INSERT INTO Invoices (local_id) VALUES (N'a'); EXEC sp_who") == 50000
    assert rows("SELECT COUNT(*) AS n FROM Invoices") == [(0,)]


def test_a_query_nested_too_deeply_is_refused(error_number: Callable[..., int], rows: Run) -> None:
    assert error_number("SELECT " + "(" * 5000 + "1" + ")" * 5000 + " AS x") == 50000
    assert rows("SELECT 1 AS x") == [(1,)]


@pytest.mark.parametrize(
    ("number", "batch"),
    [
        (207, "SELECT rowid FROM Invoices"),
        (207, "INSERT INTO Invoices (nothing) VALUES (1)"),
        (208, "SELECT id FROM Nowhere"),
        (208, "SELECT name FROM sys.nowhere"),
        (213, "INSERT INTO Invoices (local_id, note) VALUES (N'x')"),
        (241, "INSERT INTO Invoices (local_id, due) VALUES (N'x', N'hôm qua')"),
        (245, "INSERT INTO Invoices (local_id, attempts) VALUES (N'x', N'y')"),
        (264, "UPDATE Invoices SET attempts = 1, attempts = 2"),
        (515, "INSERT INTO Invoices (local_id) VALUES (NULL)"),
        (515, "CREATE TABLE N (v INT NOT NULL); INSERT INTO N (v) VALUES (1); UPDATE N SET v = NULL"),
        (544, "INSERT INTO Invoices (id, local_id) VALUES (7, N'x')"),
        (547, "CREATE TABLE L (i INT REFERENCES Invoices(id)); INSERT INTO L (i) VALUES (7)"),
        (2601, "CREATE UNIQUE INDEX u ON Invoices (local_id); INSERT INTO Invoices (local_id) VALUES (N'x'), (N'X ')"),
        (2627, "CREATE TABLE P (v INT PRIMARY KEY); INSERT INTO P (v) VALUES (1), (1)"),
        (515, "CREATE TABLE P (v INT PRIMARY KEY); INSERT INTO P (v) VALUES (NULL)"),
        (2628, "INSERT INTO Invoices (local_id, status) VALUES (N'x', N'123456789012345678901')"),
        (2628, "UPDATE Invoices SET status = N'123456789012345678901' WHERE id = 1"),
        (2714, "CREATE TABLE invoices (v INT)"),
        (3701, "DROP TABLE Nowhere"),
        (1801, "CREATE DATABASE pharmacy"),
        (1913, "CREATE INDEX i ON Invoices (due); CREATE INDEX I ON Invoices (shop)"),
        (2705, "ALTER TABLE Invoices ADD note INT NULL"),
        (4104, "SELECT x.id FROM Invoices"),
        (8120, "SELECT shop, COUNT(*) AS n FROM Invoices"),
        (1060, "SELECT TOP (-1) id FROM Invoices"),
        (8115, "INSERT INTO Invoices (local_id, attempts) VALUES (N'x', 3000000000)"),
        (8115, "INSERT INTO Invoices (local_id, amount) VALUES (N'x', 99999999999999999)"),
        (911, "USE nothing"),
    ],
)
def test_a_mistake_has_the_number_that_sql_server_gives_it(
    error_number: Callable[..., int], results: Run, number: int, batch: str
) -> None:
    results("INSERT INTO Invoices (local_id) VALUES (N'there already')")
    assert error_number(batch) == number


def test_a_text_that_is_too_long_names_its_table_and_column(cursor: pymssql.Cursor) -> None:
    with pytest.raises(pymssql.OperationalError, match=r"table 'dbo\.Invoices', column 'status'"):
        cursor.execute("INSERT INTO Invoices (local_id, status) VALUES (N'x', %s)", ("💊" * 11,))


def test_integrity_errors_have_the_drivers_class(cursor: pymssql.Cursor) -> None:
    with pytest.raises(pymssql.IntegrityError):
        cursor.execute("INSERT INTO Invoices (local_id) VALUES (NULL)")
    with pytest.raises(pymssql.ProgrammingError):
        cursor.execute("SELECT id FROM Nowhere")
