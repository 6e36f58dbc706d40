"""The statements that the project sends: INSERT, UPDATE, DELETE and SELECT through the real driver."""

# ruff: noqa: DTZ001 - a DATETIME2 has no time zone

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pymssql
import pytest

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("invoices")]

Run = Callable[..., list[tuple[Any, ...]]]


def test_an_insert_of_many_rows_gives_each_row_its_id(rows: Run) -> None:
    found = rows(
        "INSERT INTO Invoices (local_id, note) OUTPUT inserted.id, inserted.local_id AS code, inserted.status"
        " VALUES (%s, NULL), (%s, %s), (%s, CASE WHEN NULL IS NULL THEN N'a' END)",
        *("HD1", "HD2", "ghi chú", "HD3"),
    )
    assert found == [(1, "HD1", "PENDING_SYNC"), (2, "HD2", "PENDING_SYNC"), (3, "HD3", "PENDING_SYNC")]
    assert rows("SELECT note FROM Invoices ORDER BY id") == [(None,), ("ghi chú",), ("a",)]


def test_an_insert_is_made_of_all_its_rows_or_none(rows: Run, error_number: Callable[..., int]) -> None:
    assert error_number("INSERT INTO Invoices (local_id) VALUES (N'HD1'), (NULL)") == 515
    assert rows("SELECT COUNT(*) AS n FROM Invoices") == [(0,)]


def test_an_insert_from_a_query_inserts_what_is_not_there(rows: Run, results: Run, cursor: pymssql.Cursor) -> None:
    insert = (
        "INSERT INTO Invoices (local_id, attempts, amount) SELECT %s, 2, 1.5"
        " WHERE NOT EXISTS (SELECT 1 FROM Invoices WHERE local_id = %s)"
    )
    results(insert, "HD1", "HD1")
    assert cursor.rowcount == 1
    results(insert, "HD1", "HD1")
    assert cursor.rowcount == 0
    assert rows("SELECT local_id, attempts, amount FROM Invoices") == [("HD1", 2, Decimal("1.50"))]


def test_a_table_can_be_joined_with_itself(rows: Run, results: Run) -> None:
    results("INSERT INTO Invoices (local_id) VALUES (N'HD1'), (N'hd1 '), (N'HD2')")
    found = rows(
        "SELECT own.id AS own_id, twin.id, twin.local_id FROM Invoices AS own INNER JOIN Invoices AS twin"
        " ON twin.local_id = own.local_id AND twin.id <> own.id WHERE own.id IN (1, 3) ORDER BY twin.id"
    )
    assert found == [(1, 2, "hd1 ")]


def test_a_name_that_two_joined_tables_have_is_ambiguous(error_number: Callable[..., int]) -> None:
    assert error_number("SELECT id FROM Invoices AS own INNER JOIN Invoices AS twin ON twin.id = own.id") == 209


def test_an_update_gives_the_values_before_and_after(rows: Run, results: Run) -> None:
    results("INSERT INTO Invoices (local_id, status) VALUES (N'HD1', N'SYNC_QUEUED'), (N'HD2', N'SYNC_SUCCESS')")
    found = rows(
        "UPDATE Invoices SET status = %s, attempts = Invoices.attempts + 1"
        " OUTPUT deleted.status AS was, inserted.status, deleted.attempts, inserted.attempts AS now, inserted.id"
        " WHERE Invoices.local_id = %s AND Invoices.status IN (%s, %s)",
        *("SYNC_SENDING", "hd1", "SYNC_QUEUED", "PENDING_SYNC"),
    )
    assert found == [("SYNC_QUEUED", "SYNC_SENDING", 0, 1, 1)]


def test_an_update_whose_values_before_are_all_it_gives(rows: Run, results: Run) -> None:
    results("INSERT INTO Invoices (local_id) VALUES (N'HD1')")
    assert rows("UPDATE Invoices SET local_id = N'HD2' OUTPUT deleted.local_id WHERE Invoices.id = 1") == [("HD1",)]


def test_an_update_gives_a_text_with_another_behind_it(rows: Run, results: Run) -> None:
    results("INSERT INTO Invoices (local_id, note) VALUES (N'HD1', N'gấp'), (N'HD2', NULL)")
    found = rows(
        "UPDATE Invoices SET attempts = 1"
        " OUTPUT deleted.id, inserted.note + %s AS note, deleted.local_id + N'!' AS code",
        "…",
    )
    assert sorted(found) == [(1, "gấp…", "HD1!"), (2, None, "HD2!")]


def test_texts_are_put_one_behind_the_other(rows: Run, results: Run) -> None:
    results("INSERT INTO Invoices (local_id, status) VALUES (N'HD', N'SYNC_QUEUED')")
    statement = "UPDATE Invoices SET local_id = COALESCE(local_id, N'') + N'…' + status OUTPUT inserted.local_id"
    assert rows(statement) == [("HD…SYNC_QUEUED",)]


def test_an_update_that_meets_no_row_gives_an_empty_result(rows: Run) -> None:
    assert rows("UPDATE Invoices SET attempts = 1 OUTPUT inserted.id, deleted.attempts WHERE Invoices.id = 99") == []


@pytest.mark.parametrize(
    ("statement", "count"),
    [
        ("UPDATE Invoices SET attempts = 1", 3),
        ("UPDATE dbo.Invoices SET note = NULL, due = %s WHERE Invoices.id >= 2", 2),
        ("DELETE FROM Invoices WHERE local_id = N'HD2'", 1),
        ("INSERT INTO Invoices (local_id) VALUES (N'a'), (N'b')", 2),
    ],
)
def test_the_driver_learns_how_many_rows_changed(
    results: Run, cursor: pymssql.Cursor, statement: str, count: int
) -> None:
    results("INSERT INTO Invoices (local_id) VALUES (N'HD1'), (N'HD2'), (N'HD3')")
    results(statement, *([datetime(2024, 1, 1)] if "%s" in statement else []))
    assert cursor.rowcount == count


def test_every_assignment_of_an_update_sees_the_values_before_it(rows: Run, results: Run) -> None:
    results("INSERT INTO Invoices (local_id, note) VALUES (N'HD1', N'x')")
    results("UPDATE Invoices SET local_id = note, note = local_id")
    assert rows("SELECT local_id, note FROM Invoices") == [("x", "HD1")]


def test_a_column_without_a_name_has_none(cursor: pymssql.Cursor) -> None:
    cursor.execute("SELECT 1, 2 AS two")
    assert [column[0] for column in cursor.description or ()] == ["", "two"]


def test_the_same_shape_is_bound_to_new_values_each_time(rows: Run, results: Run) -> None:
    results("INSERT INTO Invoices (local_id) VALUES (N'HD1'), (N'HD2')")
    for number in (1, 2):
        assert rows("SELECT local_id FROM Invoices WHERE id = %d AND local_id <> %s", number, "HD9") == [
            (f"HD{number}",)
        ]


def test_conditions_of_every_kind(rows: Run, results: Run) -> None:
    results("INSERT INTO Invoices (local_id, attempts) VALUES (N'a', 1), (N'b', 2), (N'c', 3), (N'd', 4)")
    found = rows(
        "SELECT local_id FROM Invoices WHERE (attempts >= 2 AND NOT attempts = 4 OR attempts < 2) AND attempts <> 2"
        " AND local_id NOT IN (N'x', N'y') AND note IS NULL AND local_id IS NOT NULL"
        " AND id IN (SELECT id FROM Invoices WHERE attempts <= 3) ORDER BY local_id DESC"
    )
    assert found == [("c",), ("a",)]


def test_a_subquery_may_name_the_columns_of_the_query_around_it(rows: Run, results: Run) -> None:
    results("CREATE TABLE Shops (code NVARCHAR(50), paused INT); INSERT INTO Shops (code, paused) VALUES (N's2', 1)")
    results("INSERT INTO Invoices (local_id, shop) VALUES (N'a', N'S1'), (N'b', N'S2')")
    found = rows(
        "SELECT local_id FROM Invoices WHERE NOT EXISTS"
        " (SELECT 1 FROM dbo.Shops WHERE Shops.code = Invoices.shop AND paused = attempts + 1)"
    )
    assert found == [("a",)]


def test_rows_are_grouped_and_counted(rows: Run, results: Run) -> None:
    results(
        "INSERT INTO Invoices (local_id, shop, due) VALUES (N'a', N'S1', N'2024-01-02'), (N'b', N'S1 ', N'2024-01-01')"
    )
    results("INSERT INTO Invoices (local_id, shop) VALUES (N'c', N'S2')")
    found = rows(
        "SELECT shop, COUNT(*) AS n, MIN(due) AS oldest, MAX(id) AS last FROM Invoices GROUP BY shop ORDER BY shop"
    )
    assert [row[1:] for row in found] == [(2, datetime(2024, 1, 1), 2), (1, None, 3)]
    assert len(rows("SELECT DISTINCT shop FROM Invoices ORDER BY shop")) == 2
    assert rows("SELECT TOP (2) local_id FROM Invoices ORDER BY id DESC") == [("c",), ("b",)]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1.50", Decimal("1.50")),
        ("NULL", None),
        ("COALESCE(NULL, attempts, 5)", 0),
        ("CASE WHEN attempts > 0 THEN N'x' WHEN status = N'pending_sync' THEN N'y' ELSE NULL END", "y"),
        ("attempts + 3", 3),
        ("DATEADD(HOUR, 25, due)", datetime(2024, 2, 29, 1, 0, 0, 1000)),
        ("DATEADD(MILLISECOND, -2, due)", datetime(2024, 2, 27, 23, 59, 59, 999000)),
    ],
)
def test_an_expression_has_the_value_that_sql_server_gives_it(
    rows: Run, results: Run, expression: str, value: object
) -> None:
    results("INSERT INTO Invoices (local_id, due) VALUES (N'a', N'2024-02-28 00:00:00.001')")
    ((found,),) = rows(f"SELECT {expression} AS x FROM Invoices")
    assert found == value
    assert type(found) is type(value)


def test_the_time_of_the_server_is_utc_and_one_for_a_statement(rows: Run) -> None:
    ((first, second, after),) = rows(
        "SELECT SYSUTCDATETIME() AS a, SYSUTCDATETIME() AS b, DATEADD(SECOND, 30, SYSUTCDATETIME()) AS c"
    )
    assert first == second
    assert after - first == timedelta(seconds=30)
    assert abs(datetime.now(UTC).replace(tzinfo=None) - first) < timedelta(minutes=1)
