"""The claim, as the producer sends it."""

import threading
from collections.abc import Callable
from typing import Any

import pymssql
import pytest

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("invoices")]

Run = Callable[..., list[tuple[Any, ...]]]
DUE = "status IN (%s, %s, %s, %s) AND (due IS NULL OR due <= SYSUTCDATETIME())"
DUE_NAMED = "Invoices.status IN (%s, %s, %s, %s) AND (Invoices.due IS NULL OR Invoices.due <= SYSUTCDATETIME())"
OPEN = ("PENDING_SYNC", "SYNC_QUEUED", "SYNC_SENDING", "SYNC_UNCERTAIN")
CLAIM = (
    "UPDATE Invoices SET status = CASE WHEN Invoices.status IN (%s, %s) THEN %s ELSE %s END,"
    " due = DATEADD(SECOND, 30, SYSUTCDATETIME()) OUTPUT inserted.id, inserted.status, deleted.status AS was"
    " WHERE Invoices.id IN (SELECT TOP (%d) id FROM Invoices WITH (READPAST, UPDLOCK, ROWLOCK)"
    f" WHERE {DUE} ORDER BY created_at, id) AND {DUE_NAMED}"
)
CLAIM_VALUES = ("SYNC_SENDING", "SYNC_UNCERTAIN", "SYNC_UNCERTAIN", "SYNC_QUEUED")


def claim(cursor: pymssql.Cursor, count: int) -> list[tuple[Any, ...]]:
    cursor.execute(CLAIM, (*CLAIM_VALUES, count, *OPEN, *OPEN))
    return cursor.fetchall()


def test_a_claim_takes_the_oldest_due_rows(results: Run, cursor: pymssql.Cursor) -> None:
    results(
        "INSERT INTO Invoices (local_id, status, due) VALUES (N'a', N'PENDING_SYNC', NULL),"
        " (N'b', N'SYNC_SUCCESS', NULL), (N'c', N'SYNC_SENDING', N'2024-01-01'), (N'd', N'PENDING_SYNC', N'9999-01-01')"
        ", (N'e', N'PENDING_SYNC', NULL)"
    )
    assert sorted(claim(cursor, 2)) == [(1, "SYNC_QUEUED", "PENDING_SYNC"), (3, "SYNC_UNCERTAIN", "SYNC_SENDING")]
    assert sorted(claim(cursor, 50)) == [(5, "SYNC_QUEUED", "PENDING_SYNC")]
    assert claim(cursor, 50) == []


def test_two_producers_never_claim_the_same_row(
    results: Run, connect: Callable[..., pymssql.Connection], database: str
) -> None:
    results("INSERT INTO Invoices (local_id) VALUES " + ", ".join(["(N'x')"] * 300))
    cursors = [connect(database=database).cursor() for _ in range(3)]
    together = threading.Barrier(len(cursors))
    claimed: list[int] = []

    def produce(cursor: pymssql.Cursor) -> None:
        together.wait(5)
        while found := claim(cursor, 7):
            claimed.extend(row[0] for row in found)

    threads = [threading.Thread(target=produce, args=(each,)) for each in cursors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(claimed) == list(range(1, 301))


APPLY = (
    "UPDATE Invoices SET status = N'SYNC_QUEUED' OUTPUT inserted.id WHERE id IN (SELECT picked.id"
    " FROM (VALUES (%s), (%s)) AS wanted (shop) CROSS APPLY (SELECT TOP (%d) id FROM Invoices WITH (READPAST)"
    " WHERE shop = wanted.shop AND status = %s ORDER BY id) AS picked)"
)


def test_a_query_is_asked_once_for_each_row_of_a_list(results: Run, rows: Run) -> None:
    results("INSERT INTO Invoices (local_id, shop) VALUES (N'1', N'A'), (N'2', N'B'), (N'3', N'A'), (N'4', N'C')")
    results("INSERT INTO Invoices (local_id, shop) VALUES (N'5', N'A'), (N'6', N'b')")
    assert sorted(rows(APPLY, "A", "B", 2, "PENDING_SYNC")) == [(1,), (2,), (3,), (6,)]
    assert rows(APPLY, "A", "A", 2, "PENDING_SYNC") == [(5,)]


def test_a_query_is_asked_once_for_each_row_of_a_table(results: Run, rows: Run) -> None:
    results("INSERT INTO Invoices (local_id, shop) VALUES (N'1', N'A'), (N'2', N'B'), (N'3', N'A'), (N'4', N'a')")
    query = (
        "SELECT own.id AS own_id, twin.id, twin.local_id FROM Invoices AS own CROSS APPLY (SELECT TOP (%d) other.id"
        " FROM Invoices AS other WHERE other.shop = own.shop AND other.id <> own.id ORDER BY other.id) AS oldest"
        " INNER JOIN Invoices AS twin ON twin.id = oldest.id WHERE own.id IN (%d, %d, %d) ORDER BY twin.id"
    )
    assert rows(query, 1, 1, 2, 4) == [(4, 1, "1"), (1, 3, "3")]
    assert rows(query, 2, 1, 2, 4) == [(4, 1, "1"), (1, 3, "3"), (4, 3, "3"), (1, 4, "4")]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT w.shop FROM (VALUES (N'A')) AS w (shop)",
        "SELECT p.id FROM (VALUES (N'A')) AS w (shop) OUTER APPLY (SELECT id FROM Invoices WHERE shop = w.shop) AS p",
        "SELECT p.id FROM Invoices AS w OUTER APPLY (SELECT x.id FROM Invoices AS x WHERE x.shop = w.shop) AS p",
        "SELECT p.due FROM Invoices AS w CROSS APPLY (SELECT x.id FROM Invoices AS x WHERE x.shop = w.shop) AS p",
        "SELECT p.attempts FROM Invoices AS w CROSS APPLY (SELECT x.attempts FROM Invoices AS x) AS p",
        "SELECT w.id FROM Invoices AS w CROSS APPLY (SELECT x.id FROM Invoices AS x) AS p",
        "SELECT p.id FROM (VALUES (N'A')) AS w (shop) CROSS APPLY (SELECT id, shop FROM Invoices) AS p",
        "SELECT w.shop FROM (VALUES (N'A')) AS w (shop) CROSS APPLY (SELECT id FROM Invoices WHERE id = 1) AS p",
        "SELECT p.id FROM (VALUES (N'A', N'B')) AS w (shop) CROSS APPLY (SELECT id FROM Invoices) AS p",
        "SELECT p.id FROM (VALUES (N'A')) AS w (shop) CROSS APPLY (SELECT id FROM Invoices) AS p WHERE p.id = 1",
        "SELECT p.id FROM (VALUES (N'A')) AS w (shop) CROSS APPLY (SELECT id FROM Invoices WHERE shop = w.x) AS p",
    ],
)
def test_any_other_apply_is_refused(results: Run, error_number: Callable[..., int], query: str) -> None:
    results("INSERT INTO Invoices (local_id, shop) VALUES (N'1', N'A')")
    assert error_number(f"DELETE FROM Invoices WHERE id IN ({query})") in {50000, 207, 4104}
