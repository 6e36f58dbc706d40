"""The begin: one worker gets the row, whatever happened to its message."""

from datetime import datetime
from decimal import Decimal

import pytest

from pharmasync.decisions.doubt import Doubt
from pharmasync.decisions.status import Status
from pharmasync.documents import (
    DOCUMENT_TYPES,
    GOODS_ISSUE_SLIP,
    PURCHASE_RECEIPT,
    SALES_INVOICE,
    DocumentType,
    read_document,
)
from pharmasync.sqlserver.begin import Begin
from pharmasync.sqlserver.claim import claim
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.shops import pause_shop
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration


@pytest.fixture
def begin(sql: SqlServer) -> Begin:
    return Begin(sql=sql, lease=60, facility_column="pharmacy_code")


@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)
def test_the_row_and_its_lines_are_all_that_the_document_needs(
    sql: SqlServer, pharmacy: Pharmacy, begin: Begin, kind: DocumentType
) -> None:
    row_id = pharmacy.add(kind, "A1", lines=3)
    pharmacy.add(kind, "A2", lines=2)
    claim(sql, kind, {"S1": 10}, lease=60)
    row = begin(kind, "A1", "S1", 0)
    assert row is not None
    assert (row.id, row.local_id, row.shop_id, row.attempt) == (row_id, "A1", "S1", 1)
    assert (row.previous, row.doubt) == (Status.QUEUED, Doubt.NONE)
    document = read_document(kind, row.header, row.lines)
    assert document.facility_code == "GPP-S1"
    assert kind.own_code(document) == "A1"
    assert len(document.lines) == 3
    assert document.lines[0].quantity == Decimal(10)
    assert pharmacy.status(kind, row_id) == "SYNC_SENDING"


def test_vietnamese_text_and_missing_values_arrive_as_they_are(
    sql: SqlServer, pharmacy: Pharmacy, begin: Begin
) -> None:
    pharmacy.add(SALES_INVOICE, "HĐ-Ữ1", customer_name="Nguyễn Thị Ỷ Mẫu", seller_name=None, line={"lot_number": None})
    claim(sql, SALES_INVOICE, {"S1": 1}, lease=60)
    row = begin(SALES_INVOICE, "HĐ-Ữ1", "S1", 0)
    assert row is not None
    assert row.header["customer_name"] == "Nguyễn Thị Ỷ Mẫu"
    assert row.header["seller_name"] is None
    assert row.lines[0]["lot_number"] is None


def test_a_second_message_for_the_same_row_begins_nothing(sql: SqlServer, pharmacy: Pharmacy, begin: Begin) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    claim(sql, SALES_INVOICE, {"S1": 1}, lease=60)
    assert begin(SALES_INVOICE, "HD1", "S1", 0) is not None
    assert begin(SALES_INVOICE, "HD1", "S1", 0) is None


def test_a_message_for_an_unknown_row_begins_nothing(begin: Begin) -> None:
    assert begin(SALES_INVOICE, "HD1", "S1", 0) is None


def test_a_row_deleted_between_claim_and_begin_begins_nothing(sql: SqlServer, pharmacy: Pharmacy, begin: Begin) -> None:
    row_id = pharmacy.add(PURCHASE_RECEIPT, "PN1", lines=0)
    claim(sql, PURCHASE_RECEIPT, {"S1": 1}, lease=60)
    sql.run("DELETE FROM PurchaseReceipts WHERE id = %d", (row_id,))
    assert begin(PURCHASE_RECEIPT, "PN1", "S1", 0) is None


@pytest.mark.parametrize("status", ["PENDING_SYNC", "SYNC_SENDING", "SYNC_SUCCESS", "SYNC_FAILED"])
def test_only_a_claimed_row_is_begun(pharmacy: Pharmacy, begin: Begin, status: str) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status=status)
    assert begin(SALES_INVOICE, "HD1", "S1", 0) is None
    assert pharmacy.row(SALES_INVOICE, row_id)["sync_attempts"] == 0


def test_a_message_from_an_older_claim_does_not_end_the_pause_of_an_uncertain_row(
    pharmacy: Pharmacy, begin: Begin
) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_UNCERTAIN", sync_attempts=1)
    assert begin(SALES_INVOICE, "HD1", "S1", 0) is None
    assert begin(SALES_INVOICE, "HD1", "S1", None) is None
    row = begin(SALES_INVOICE, "HD1", "S1", 1)
    assert row is not None
    assert (row.previous, row.doubt, row.attempt) == (Status.UNCERTAIN, Doubt.STRONG, 2)


def test_a_message_made_by_hand_begins_a_queued_row(pharmacy: Pharmacy, begin: Begin) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_QUEUED", sync_attempts=4)
    row = begin(SALES_INVOICE, "HD1", "S1", None)
    assert row is not None
    assert (row.attempt, row.doubt) == (5, Doubt.SLIGHT)


def test_the_same_code_in_two_shops_is_two_documents(sql: SqlServer, pharmacy: Pharmacy, begin: Begin) -> None:
    ids = {shop: pharmacy.add(SALES_INVOICE, "HD1", shop) for shop in ("S1", "S2")}
    claim(sql, SALES_INVOICE, {"S1": 1, "S2": 1}, lease=60)
    for shop, row_id in ids.items():
        row = begin(SALES_INVOICE, "HD1", shop, 0)
        assert row is not None
        assert (row.id, row.header["facility_code"], list(row.twins)) == (row_id, f"GPP-{shop}", [])


def test_the_same_code_twice_in_one_shop_is_seen(sql: SqlServer, pharmacy: Pharmacy, begin: Begin) -> None:
    first = pharmacy.add(SALES_INVOICE, "HD1")
    second = pharmacy.add(SALES_INVOICE, "HD1", lines=2)
    claim(sql, SALES_INVOICE, {"S1": 5}, lease=60)
    row = begin(SALES_INVOICE, "HD1", "S1", 0)
    other = begin(SALES_INVOICE, "HD1", "S1", 0)
    assert row is not None
    assert other is not None
    assert (row.id, [twin.id for twin in row.twins]) == (first, [second])
    assert (other.id, [twin.id for twin in other.twins], len(other.lines)) == (second, [first], 2)


def test_the_same_code_in_another_shop_of_the_same_facility_is_seen(
    sql: SqlServer, pharmacy: Pharmacy, begin: Begin
) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", "S1", pharmacy_code="GPP-1")
    other = pharmacy.add(SALES_INVOICE, "HD1", "S2", pharmacy_code="GPP-1", status="SYNC_SUCCESS")
    pharmacy.add(SALES_INVOICE, "HD1", "S3", pharmacy_code="GPP-3")
    claim(sql, SALES_INVOICE, {"S1": 5}, lease=60)
    row = begin(SALES_INVOICE, "HD1", "S1", 0)
    assert row is not None
    assert [(twin.id, twin.shop_id) for twin in row.twins] == [(other, "S2")]


def test_a_row_of_a_paused_shop_is_not_begun_and_goes_back(sql: SqlServer, pharmacy: Pharmacy, begin: Begin) -> None:
    row_id = pharmacy.add(GOODS_ISSUE_SLIP, "PX1")
    claim(sql, GOODS_ISSUE_SLIP, {"S1": 1}, lease=60)
    pause_shop(sql, "S1", "the operator says so")
    assert begin(GOODS_ISSUE_SLIP, "PX1", "S1", 0) is None
    assert pharmacy.status(GOODS_ISSUE_SLIP, row_id) == "PENDING_SYNC"


def test_the_facility_code_comes_from_the_column_of_the_setting(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_QUEUED")
    row = Begin(sql=sql, lease=60, facility_column="shop_pharmacy_code")(SALES_INVOICE, "HD1", "S1", 0)
    assert row is not None
    assert row.header["facility_code"] == "S1"


def test_the_document_day_of_a_datetime_is_its_own_day(pharmacy: Pharmacy, begin: Begin) -> None:
    evening = datetime(2026, 11, 20, 23, 59)  # noqa: DTZ001 - DATETIME2 has no zone
    pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_QUEUED", sale_date=evening)
    row = begin(SALES_INVOICE, "HD1", "S1", 0)
    assert row is not None
    assert str(read_document(SALES_INVOICE, row.header, row.lines).sale_date) == "2026-11-20"  # type: ignore[attr-defined]
