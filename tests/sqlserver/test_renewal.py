"""The renewal: only what is still this attempt's gets more time."""

from datetime import UTC, datetime, timedelta

import pytest

from pharmasync.documents import DOCUMENT_TYPES, SALES_INVOICE
from pharmasync.row import BegunRow
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.errand import together
from pharmasync.sqlserver.renewal import RenewLeases
from tests.pharmacy import Pharmacy, Worker

pytestmark = pytest.mark.integration


def begun(sql: SqlServer, pharmacy: Pharmacy) -> list[BegunRow]:
    """Two rows of each type that are being sent, with different numbers of attempts."""
    worker = Worker.alone(sql)
    rows = [
        worker.begin(kind, pharmacy.add(kind, f"A{attempts}", status="SYNC_QUEUED", sync_attempts=attempts), attempts)
        for kind in DOCUMENT_TYPES
        for attempts in (0, 3)
    ]
    return [row for row in rows if row is not None]


def test_rows_of_all_types_are_renewed_in_one_round_trip(sql: SqlServer, pharmacy: Pharmacy) -> None:
    rows = begun(sql, pharmacy)
    assert together(sql, RenewLeases(lease=900), rows) == [True] * 6
    soon = datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=600)
    for row in rows:
        due = pharmacy.row(row.kind, row.id)["sync_due_at"]
        assert isinstance(due, datetime)
        assert due > soon


@pytest.mark.parametrize(
    "change", [{"status": "SYNC_UNCERTAIN"}, {"status": "SYNC_SUCCESS"}, {"sync_attempts": 9}], ids=str
)
def test_a_row_that_is_somebody_elses_by_now_is_left_alone(
    sql: SqlServer, pharmacy: Pharmacy, change: dict[str, object]
) -> None:
    rows = begun(sql, pharmacy)
    pharmacy.set(rows[0].kind, rows[0].id, **change, sync_due_at=None)
    assert together(sql, RenewLeases(lease=900), rows) == [False] + [True] * 5
    assert pharmacy.row(rows[0].kind, rows[0].id)["sync_due_at"] is None


def test_a_row_that_is_gone_is_not_renewed(sql: SqlServer, pharmacy: Pharmacy) -> None:
    (row, *_) = (row for row in begun(sql, pharmacy) if row.kind is SALES_INVOICE)
    sql.run("DELETE FROM SalesInvoiceDetails WHERE sales_invoice_id = %d", (row.id,))
    sql.run("DELETE FROM SalesInvoices WHERE id = %d", (row.id,))
    assert together(sql, RenewLeases(lease=900), [row]) == [False]
