"""What an operator sees and does."""

from collections.abc import Sequence
from typing import Any

import pytest

from pharmasync.documents import PURCHASE_RECEIPT, SALES_INVOICE
from pharmasync.sqlserver import operator
from pharmasync.sqlserver.connection import Address, SqlServer, Trip
from pharmasync.sqlserver.operator import (
    OTHER,
    Selection,
    count_by_status,
    failed_rows,
    retry_failed,
    shops_without_account,
)
from tests.pharmacy import Pharmacy
from tests.real_server import only_on_a_real_server
from tests.watched_sql_server import WatchedSqlServer

pytestmark = pytest.mark.integration


def test_rows_are_counted_by_state(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for number in range(3):
        pharmacy.add(SALES_INVOICE, f"HD{number}")
    pharmacy.add(SALES_INVOICE, "HD9", status="SYNC_FAILED")
    counts = {count.status: count.rows for count in count_by_status(sql, SALES_INVOICE)}
    assert counts == {"PENDING_SYNC": 3, "SYNC_FAILED": 1}
    assert all(count.oldest is not None for count in count_by_status(sql, SALES_INVOICE))


def test_every_row_is_counted_whatever_its_state_is_called(sql: SqlServer) -> None:
    sql.run("DROP TABLE PurchaseReceiptDetails")
    sql.run("DROP TABLE PurchaseReceipts")
    sql.run("CREATE TABLE PurchaseReceipts (id INT PRIMARY KEY, status NVARCHAR(20) NULL, created_at DATETIME2 NULL)")
    for number, status in enumerate(["PENDING_SYNC", "pending_sync", "Pending_Sync ", "DRAFT", "", " SYNC_FAILED"]):
        sql.run("INSERT INTO PurchaseReceipts (id, status) VALUES (%d, %s)", (number, status))
    sql.run("INSERT INTO PurchaseReceipts (id, status) VALUES (%d, NULL)", (9,))
    counts = {count.status: (count.rows, count.oldest) for count in count_by_status(sql, PURCHASE_RECEIPT)}
    assert counts == {"PENDING_SYNC": (3, None), OTHER: (4, None)}


@only_on_a_real_server("collation but one")
def test_a_state_that_the_server_does_not_take_for_one_is_counted_as_none(sql: SqlServer) -> None:
    """Where case counts, no claim finds such a row."""
    sql.run("DROP TABLE PurchaseReceiptDetails")
    sql.run("DROP TABLE PurchaseReceipts")
    sql.run(
        "CREATE TABLE PurchaseReceipts (id INT PRIMARY KEY, created_at DATETIME2 NULL,"
        " status NVARCHAR(20) COLLATE Latin1_General_CS_AS NULL)"
    )
    for number, status in enumerate(["PENDING_SYNC", "pending_sync", "PENDING_SYNC "]):
        sql.run("INSERT INTO PurchaseReceipts (id, status) VALUES (%d, %s)", (number, status))
    counts = {count.status: count.rows for count in count_by_status(sql, PURCHASE_RECEIPT)}
    assert counts == {"PENDING_SYNC": 2, OTHER: 1}


def test_many_rows_are_sent_again_in_slices_and_each_is_counted_once(
    empty_database: Address, pharmacy: Pharmacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operator, "SLICE", 2)
    ids = [pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0, status="SYNC_FAILED") for number in range(5)]
    other = pharmacy.add(SALES_INVOICE, "HD1", "S2", lines=0, status="SYNC_FAILED")
    watched = WatchedSqlServer(empty_database)
    assert retry_failed(watched, SALES_INVOICE, Selection(shop_id="S1")) == 5
    watched.close()
    assert watched.trips == 4
    assert {pharmacy.status(SALES_INVOICE, row_id) for row_id in ids} == {"PENDING_SYNC"}
    assert pharmacy.status(SALES_INVOICE, other) == "SYNC_FAILED"


def test_a_row_that_fails_again_meanwhile_is_not_sent_again_for_ever(
    empty_database: Address, pharmacy: Pharmacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operator, "SLICE", 1)
    ids = [pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0, status="SYNC_FAILED") for number in range(2)]

    class QuickWorkers(SqlServer):
        def attempt(self, statement: str, parameters: Sequence[Any] = ()) -> Trip:
            trip = super().attempt(statement, parameters)
            for row_id in ids:
                pharmacy.set(SALES_INVOICE, row_id, status="SYNC_FAILED")
            return trip

    quick = QuickWorkers(empty_database)
    assert retry_failed(quick, SALES_INVOICE, Selection()) == 2
    quick.close()


def test_failed_rows_come_with_their_words(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_FAILED", sync_response_message="vì sao", sync_attempts=2)
    pharmacy.add(SALES_INVOICE, "HD2", "S2", status="SYNC_FAILED")
    (row,) = failed_rows(sql, SALES_INVOICE, Selection(shop_id="S1"), limit=10)
    assert (row.document_type, row.local_id, row.shop_id, row.attempts, row.message) == (
        "sales_invoice",
        "HD1",
        "S1",
        2,
        "vì sao",
    )
    assert len(failed_rows(sql, SALES_INVOICE, Selection(), limit=10)) == 2
    assert len(failed_rows(sql, SALES_INVOICE, Selection(), limit=1)) == 1


def test_a_refused_row_is_sent_again_and_its_count_of_attempts_goes_on(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_FAILED", sync_attempts=12)
    other = pharmacy.add(SALES_INVOICE, "HD2", status="SYNC_FAILED")
    assert retry_failed(sql, SALES_INVOICE, Selection(local_id="HD1")) == 1
    row = pharmacy.row(SALES_INVOICE, row_id)
    assert (row["status"], row["sync_attempts"], row["sync_due_at"]) == ("PENDING_SYNC", 12, None)
    assert pharmacy.status(SALES_INVOICE, other) == "SYNC_FAILED"


def test_a_row_given_up_in_doubt_is_looked_for_first(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_FAILED", sync_attempts=12)
    pharmacy.make_due(SALES_INVOICE, row_id)
    assert retry_failed(sql, SALES_INVOICE, Selection()) == 1
    row = pharmacy.row(SALES_INVOICE, row_id)
    assert (row["status"], row["sync_due_at"]) == ("SYNC_UNCERTAIN", None)


def test_rows_whose_ids_begin_below_0_are_sent_again(sql: SqlServer) -> None:
    sql.run("DROP TABLE PurchaseReceiptDetails")
    sql.run("DROP TABLE PurchaseReceipts")
    sql.run(
        "CREATE TABLE PurchaseReceipts (id INT PRIMARY KEY, status NVARCHAR(20) NULL, sync_due_at DATETIME2 NULL,"
        " updated_at DATETIME2 NULL)"
    )
    for row_id in (-2_147_483_648, -1, 0, 1):
        sql.run("INSERT INTO PurchaseReceipts (id, status) VALUES (%d, %s)", (row_id, "SYNC_FAILED"))
    assert retry_failed(sql, PURCHASE_RECEIPT, Selection()) == 4


@pytest.mark.parametrize("status", ["PENDING_SYNC", "SYNC_QUEUED", "SYNC_SENDING", "SYNC_UNCERTAIN", "SYNC_SUCCESS"])
def test_nothing_but_a_failed_row_is_sent_again(sql: SqlServer, pharmacy: Pharmacy, status: str) -> None:
    row_id = pharmacy.add(PURCHASE_RECEIPT, "PN1", status=status)
    assert retry_failed(sql, PURCHASE_RECEIPT, Selection()) == 0
    assert pharmacy.status(PURCHASE_RECEIPT, row_id) == status


def test_shops_that_cannot_log_in_are_named(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    pharmacy.add_shop("S3", account="")
    for shop in ("S1", "S2", "S3"):
        pharmacy.add(SALES_INVOICE, "HD1", shop)
    assert shops_without_account(sql, SALES_INVOICE) == ["S2", "S3"]
