"""The outcome: written once, by the attempt that owns the row, and over nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from pharmasync.decisions.outcome import Outcome, delivered, refused
from pharmasync.decisions.status import Status
from pharmasync.documents import DOCUMENT_TYPES, SALES_INVOICE, DocumentType
from pharmasync.row import BegunRow
from pharmasync.sqlserver.begin import Begin
from pharmasync.sqlserver.claim import claim
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.outcome import write_outcome
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration


def begun(sql: SqlServer, pharmacy: Pharmacy, kind: DocumentType = SALES_INVOICE) -> BegunRow:
    pharmacy.add(kind, "A1", status="SYNC_QUEUED")
    row = Begin(sql=sql, lease=60, facility_column="pharmacy_code")(kind, "A1", "S1", 0)
    assert row is not None
    return row


@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)
def test_a_delivered_document_has_its_national_id(sql: SqlServer, pharmacy: Pharmacy, kind: DocumentType) -> None:
    row = begun(sql, pharmacy, kind)
    assert write_outcome(sql, row, delivered("QG_1"))
    written = pharmacy.row(kind, row.id)
    assert (written["status"], written[kind.national_id], written["sync_due_at"]) == ("SYNC_SUCCESS", "QG_1", None)
    assert written["sync_response_message"] is None


def test_a_refusal_says_why_and_keeps_a_national_id_that_was_there(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row = begun(sql, pharmacy)
    pharmacy.set(SALES_INVOICE, row.id, national_invoice_id="QG_OLD")
    assert write_outcome(sql, row, refused("dòng 1: thiếu số lô / line 1: lot number is missing"))
    written = pharmacy.row(SALES_INVOICE, row.id)
    assert written["status"] == "SYNC_FAILED"
    assert written["sync_response_message"] == "dòng 1: thiếu số lô / line 1: lot number is missing"
    assert written["national_invoice_id"] == "QG_OLD"


def test_a_wait_is_counted_by_the_database_clock(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row = begun(sql, pharmacy)
    assert write_outcome(sql, row, Outcome(name="later", status=Status.PENDING, message="503", due_in=90.5))
    due = pharmacy.row(SALES_INVOICE, row.id)["sync_due_at"]
    assert isinstance(due, datetime)
    wait = due - datetime.now(UTC).replace(tzinfo=None)
    assert timedelta(seconds=80) < wait < timedelta(seconds=91)


def test_an_attempt_that_does_not_count_leaves_the_count_as_it_was(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row = begun(sql, pharmacy)
    assert pharmacy.row(SALES_INVOICE, row.id)["sync_attempts"] == 1
    assert write_outcome(sql, row, Outcome(name="held_back", status=Status.PENDING, counted=False))
    assert pharmacy.row(SALES_INVOICE, row.id)["sync_attempts"] == 0


def test_an_answer_that_comes_after_the_lease_ended_is_still_written(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row = begun(sql, pharmacy)
    pharmacy.make_due(SALES_INVOICE, row.id)
    claim(sql, SALES_INVOICE, {"S1": 1}, lease=60)
    assert pharmacy.status(SALES_INVOICE, row.id) == "SYNC_UNCERTAIN"
    assert write_outcome(sql, row, delivered("QG_1"))
    assert pharmacy.status(SALES_INVOICE, row.id) == "SYNC_SUCCESS"


def test_an_answer_that_comes_after_another_worker_began_is_not_written(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row = begun(sql, pharmacy)
    pharmacy.make_due(SALES_INVOICE, row.id)
    claim(sql, SALES_INVOICE, {"S1": 1}, lease=60)
    other = Begin(sql=sql, lease=60, facility_column="pharmacy_code")(SALES_INVOICE, "A1", "S1", 1)
    assert other is not None
    assert not write_outcome(sql, row, refused("too late"))
    assert write_outcome(sql, other, delivered("QG_1"))
    assert pharmacy.status(SALES_INVOICE, row.id) == "SYNC_SUCCESS"


@pytest.mark.parametrize("final", ["SYNC_SUCCESS", "SYNC_FAILED"])
def test_a_final_row_is_never_written_over(sql: SqlServer, pharmacy: Pharmacy, final: str) -> None:
    row = begun(sql, pharmacy)
    pharmacy.set(SALES_INVOICE, row.id, status=final)
    assert not write_outcome(sql, row, refused("too late"))
    assert pharmacy.status(SALES_INVOICE, row.id) == final
