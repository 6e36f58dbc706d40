"""Claimed rows that no message can name are refused with words; those without a shop, see the producer's tests."""

import pytest

from pharmasync.documents import SALES_INVOICE
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.operator import Selection, retry_failed
from pharmasync.sqlserver.unsendable import refuse_nameless
from tests.claiming import claim_due
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("status", ["PENDING_SYNC", "SYNC_QUEUED", "SYNC_UNCERTAIN"])
def test_a_claimed_row_without_a_code_of_its_own_is_refused(sql: SqlServer, pharmacy: Pharmacy, status: str) -> None:
    row_id, other = (pharmacy.add(SALES_INVOICE, code, status=status) for code in ("HD1", "HD2"))
    claimed = [row for row in claim_due(sql, SALES_INVOICE, "S1") if row.id == row_id]
    refuse_nameless(sql, claimed)
    row = pharmacy.row(SALES_INVOICE, row_id)
    assert row["status"] == "SYNC_FAILED"
    assert row["sync_response_message"] == "thiếu mã chứng từ / the document has no code of its own"
    assert pharmacy.status(SALES_INVOICE, other) in {"SYNC_QUEUED", "SYNC_UNCERTAIN"}


def test_one_that_may_be_stored_stays_in_doubt_when_it_is_retried(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_UNCERTAIN", sync_attempts=1)
    refuse_nameless(sql, claim_due(sql, SALES_INVOICE, "S1"))
    assert retry_failed(sql, SALES_INVOICE, Selection()) == 1
    assert pharmacy.status(SALES_INVOICE, row_id) == "SYNC_UNCERTAIN"


@pytest.mark.parametrize("status", ["PENDING_SYNC", "SYNC_SENDING", "SYNC_SUCCESS"])
def test_one_that_somebody_changed_meanwhile_is_not(sql: SqlServer, pharmacy: Pharmacy, status: str) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1")
    claimed = claim_due(sql, SALES_INVOICE, "S1")
    pharmacy.set(SALES_INVOICE, row_id, status=status)
    refuse_nameless(sql, claimed)
    assert pharmacy.status(SALES_INVOICE, row_id) == status
