"""Claimed rows whose messages could not be enqueued are due again at once, unless somebody has them."""

from datetime import UTC, datetime, timedelta

import pytest

from pharmasync.decisions.outcome import Outcome
from pharmasync.decisions.status import Status
from pharmasync.documents import DOCUMENT_TYPES, SALES_INVOICE
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.handing_back import hand_back
from tests.claiming import claim_due
from tests.pharmacy import Pharmacy, Worker
from tests.watched_sql_server import WatchedSqlServer

pytestmark = pytest.mark.integration

AN_HOUR_AGO = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1)


def test_what_could_not_be_enqueued_is_handed_back(sql: SqlServer, pharmacy: Pharmacy) -> None:
    fresh = pharmacy.add(SALES_INVOICE, "HD1")
    doubtful = pharmacy.add(SALES_INVOICE, "HD2", status="SYNC_UNCERTAIN", sync_due_at=AN_HOUR_AGO)
    rows = claim_due(sql, SALES_INVOICE, "S1")
    hand_back(sql, rows)
    assert pharmacy.status(SALES_INVOICE, fresh) == "PENDING_SYNC"
    assert pharmacy.status(SALES_INVOICE, doubtful) == "SYNC_UNCERTAIN"
    assert [row.local_id for row in claim_due(sql, SALES_INVOICE, "S1")] == ["HD1", "HD2"]


def test_a_row_that_was_begun_meanwhile_is_not_handed_back(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1")
    rows = claim_due(sql, SALES_INVOICE, "S1")
    pharmacy.set(SALES_INVOICE, row_id, status="SYNC_SENDING")
    hand_back(sql, rows)
    assert pharmacy.status(SALES_INVOICE, row_id) == "SYNC_SENDING"


def test_a_row_that_was_sent_meanwhile_waits_for_its_look_up_in_spite_of_a_late_hand_back(
    sql: SqlServer, pharmacy: Pharmacy
) -> None:
    """The reply of the broker was lost, not the message: a worker had the row, and the answer to it was lost too."""
    row_id = pharmacy.add(SALES_INVOICE, "HD1")
    rows = claim_due(sql, SALES_INVOICE, "S1")
    worker = Worker.alone(sql)
    begun = worker.begin(SALES_INVOICE, row_id)
    assert begun is not None
    assert worker.write(begun, Outcome(name="uncertain", status=Status.UNCERTAIN, message="?", due_in=60.0))
    due = pharmacy.row(SALES_INVOICE, row_id)["sync_due_at"]
    hand_back(sql, rows)
    assert pharmacy.row(SALES_INVOICE, row_id)["sync_due_at"] == due


def test_rows_of_any_type_with_any_number_of_attempts_are_handed_back_in_one_trip(
    sql: SqlServer, empty_database: Address, pharmacy: Pharmacy
) -> None:
    ids = [
        (kind, pharmacy.add(kind, f"HD{attempts}", sync_attempts=attempts))
        for kind in DOCUMENT_TYPES
        for attempts in (0, 3)
    ]
    rows = [row for kind in DOCUMENT_TYPES for row in claim_due(sql, kind, "S1")]
    watched = WatchedSqlServer(empty_database)
    hand_back(watched, rows)
    watched.close()
    assert [pharmacy.status(kind, row_id) for kind, row_id in ids] == ["PENDING_SYNC"] * 6
    assert watched.trips == 1
