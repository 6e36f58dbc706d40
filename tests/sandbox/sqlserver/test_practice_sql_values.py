"""Values go to the practice server and come back through the real driver as they were."""

# ruff: noqa: DTZ001 - a DATETIME2 has no time zone

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pymssql
import pytest

pytestmark = pytest.mark.integration

Run = Callable[..., list[tuple[Any, ...]]]


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        ("INT", -(2**31)),
        ("DECIMAL(18,2)", Decimal("-0.01")),
        ("DECIMAL(18,2)", Decimal("9999999999999999.99")),
        ("DECIMAL(38,10)", Decimal("1234567890123456789012345678.0123456789")),
        ("DATE", date(1, 1, 1)),
        ("DATETIME2", datetime(2024, 5, 31, 23, 59, 59, 999000)),
        ("DATETIME2(0)", datetime(9999, 12, 31, 23, 59, 59)),
        ("NVARCHAR(50)", "thuốc 💊 và 'dấu nháy'; -- không phải chú thích"),
        ("NVARCHAR(50)", "100% [a] ?i @x \\ \r\n\t"),
        ("NVARCHAR(50)", "trailing blanks  "),
        ("NVARCHAR(MAX)", "ấ" * 100_000),
        ("NVARCHAR(MAX)", ""),
    ],
)
def test_a_value_comes_back_as_it_was(rows: Run, results: Run, declared: str, value: object) -> None:
    results(f"CREATE TABLE t (id INT IDENTITY(1,1) PRIMARY KEY, v {declared} NULL)")
    assert rows("INSERT INTO t (v) OUTPUT inserted.v VALUES (%s)", value) == [(value,)]
    ((found,),) = rows("SELECT v FROM t")
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("declared", ["INT", "DECIMAL(18,2)", "DATE", "DATETIME2", "NVARCHAR(5)", "NVARCHAR(MAX)"])
def test_null_comes_back_as_none(rows: Run, results: Run, declared: str) -> None:
    results(f"CREATE TABLE t (v {declared} NULL); INSERT INTO t (v) VALUES (%s)", None)
    assert rows("SELECT v FROM t") == [(None,)]


def test_a_decimal_has_the_digits_that_its_column_declares(rows: Run, results: Run) -> None:
    results("CREATE TABLE t (v DECIMAL(18,2)); INSERT INTO t (v) VALUES (5), (1.005), (-1.005)")
    assert [str(value) for (value,) in rows("SELECT v FROM t")] == ["5.00", "1.01", "-1.01"]


def test_decimals_compare_and_sort_as_numbers(rows: Run, results: Run) -> None:
    results("CREATE TABLE t (v DECIMAL(18,2)); INSERT INTO t (v) VALUES (9), (10.50), (0.10)")
    assert rows("SELECT v FROM t WHERE v > 9 ORDER BY v") == [(Decimal("10.50"),)]
    assert rows("SELECT MIN(v) AS a, MAX(v) AS b FROM t WHERE v < 10.5") == [(Decimal("0.10"), Decimal("9.00"))]


def test_a_time_is_rounded_to_the_digits_of_its_column(rows: Run, results: Run) -> None:
    results("CREATE TABLE t (a DATETIME2(3), b DATETIME2(0), c DATE)")
    text = "2024-05-31 23:59:59.9996"
    results("INSERT INTO t (a, b, c) VALUES (%s, %s, %s)", text, text, text)
    midnight = datetime(2024, 6, 1)
    assert rows("SELECT a, b, c FROM t") == [(midnight, midnight, date(2024, 5, 31))]


def test_times_compare_whatever_their_digits(rows: Run, results: Run) -> None:
    results("CREATE TABLE t (a DATETIME2(3)); INSERT INTO t (a) VALUES (%s)", datetime(2024, 5, 31, 12))
    assert rows("SELECT 1 FROM t WHERE a = %s AND a < %s", datetime(2024, 5, 31, 12), "2024-05-31 12:00:00.001") == [
        (1,)
    ]
    assert rows("SELECT 1 FROM t WHERE a IN (%s) AND a > %s", "2024-05-31 12:00", date(2024, 5, 31)) == [(1,)]


def test_texts_compare_without_case_and_trailing_blanks(rows: Run, results: Run) -> None:
    results("CREATE TABLE t (v NVARCHAR(50)); INSERT INTO t (v) VALUES (N'Abc '), (N'ĐÀO'), (N'ab')")
    assert rows("SELECT v FROM t WHERE v = %s", "aBC") == [("Abc ",)]
    assert rows("SELECT v FROM t WHERE v IN (%s, %s)", "đào", "x") == [("ĐÀO",)]
    assert rows("SELECT v FROM t WHERE v <> %s ORDER BY v", "AB") == [("Abc ",), ("ĐÀO",)]


def test_a_null_is_neither_equal_nor_different(rows: Run, results: Run) -> None:
    results("CREATE TABLE t (v NVARCHAR(5) NULL); INSERT INTO t (v) VALUES (NULL), (N'x')")
    assert rows("SELECT COUNT(*) AS n FROM t WHERE v = N'y' OR v <> N'y'") == [(1,)]
    assert rows("SELECT COUNT(*) AS n FROM t WHERE v IS NULL") == [(1,)]


def test_ten_thousand_rows_come_back(rows: Run, results: Run, cursor: pymssql.Cursor) -> None:
    results("CREATE TABLE t (id INT IDENTITY(1,1) PRIMARY KEY, v NVARCHAR(100))")
    for start in range(0, 10_000, 1000):
        values = [f"dòng {number}" for number in range(start, start + 1000)]
        results(f"INSERT INTO t (v) VALUES {', '.join(['(%s)'] * 1000)}", *values)
    assert cursor.rowcount == 1000
    found = rows("SELECT id, v FROM t ORDER BY id")
    assert len(found) == 10_000
    assert found[-1] == (10_000, "dòng 9999")
    assert cursor.rowcount == 10_000
