"""The begin: one worker gets the row, whatever happened to its message."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from pharmasync.decisions.doubt import Doubt
from pharmasync.decisions.poison import MARK
from pharmasync.decisions.status import Status
from pharmasync.decisions.twins import MOST_TWINS, Twin
from pharmasync.documents import (
    DOCUMENT_TYPES,
    GOODS_ISSUE_SLIP,
    PURCHASE_RECEIPT,
    SALES_INVOICE,
    DocumentType,
    read_document,
)
from pharmasync.errors import StatementError
from pharmasync.sqlserver.begin import Begin, ToBegin
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.shops import pause_shop
from tests.claiming import claim_due
from tests.pharmacy import Pharmacy, Worker

pytestmark = pytest.mark.integration


@pytest.fixture
def worker(sql: SqlServer) -> Worker:
    return Worker.alone(sql)


@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)
def test_the_row_and_its_lines_are_all_that_the_document_needs(
    sql: SqlServer, pharmacy: Pharmacy, worker: Worker, kind: DocumentType
) -> None:
    row_id = pharmacy.add(kind, "A1", lines=3)
    pharmacy.add(kind, "A2", lines=2)
    claim_due(sql, kind, "S1")
    row = worker.begin(kind, row_id)
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
    sql: SqlServer, pharmacy: Pharmacy, worker: Worker
) -> None:
    row_id = pharmacy.add(
        SALES_INVOICE, "HĐ-Ữ1", customer_name="Nguyễn Thị Ỷ Mẫu", seller_name=None, line={"lot_number": None}
    )
    claim_due(sql, SALES_INVOICE, "S1")
    row = worker.begin(SALES_INVOICE, row_id)
    assert row is not None
    assert row.header["customer_name"] == "Nguyễn Thị Ỷ Mẫu"
    assert row.header["seller_name"] is None
    assert row.lines[0]["lot_number"] is None


def test_a_second_message_for_the_same_row_begins_nothing(sql: SqlServer, pharmacy: Pharmacy, worker: Worker) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1")
    claim_due(sql, SALES_INVOICE, "S1")
    assert worker.begin(SALES_INVOICE, row_id) is not None
    assert worker.begin(SALES_INVOICE, row_id) is None


@pytest.mark.parametrize("status", ["SYNC_QUEUED", "SYNC_UNCERTAIN"])
def test_a_row_whose_lines_cannot_be_read_is_not_begun(
    sql: SqlServer, pharmacy: Pharmacy, worker: Worker, status: str
) -> None:
    """As where somebody's transaction locks them, or the login may not see them: no attempt of it is counted."""
    row_id = pharmacy.add(GOODS_ISSUE_SLIP, "PX1", lines=0, status=status, sync_attempts=2)
    sql.run("DROP TABLE GoodsIssueSlipDetails")
    with pytest.raises(StatementError):
        worker.begin(GOODS_ISSUE_SLIP, row_id, 2)
    row = pharmacy.row(GOODS_ISSUE_SLIP, row_id)
    assert (row["status"], row["sync_attempts"]) == (status, 2)
    assert row["sync_due_at"] is not None, "it comes back when its lease is over"


def test_a_message_for_an_unknown_row_begins_nothing(worker: Worker) -> None:
    assert worker.begin(SALES_INVOICE, 404) is None


def test_a_row_deleted_between_claim_and_begin_begins_nothing(
    sql: SqlServer, pharmacy: Pharmacy, worker: Worker
) -> None:
    row_id = pharmacy.add(PURCHASE_RECEIPT, "PN1", lines=0)
    claim_due(sql, PURCHASE_RECEIPT, "S1")
    sql.run("DELETE FROM PurchaseReceipts WHERE id = %d", (row_id,))
    assert worker.begin(PURCHASE_RECEIPT, row_id) is None


@pytest.mark.parametrize("status", ["PENDING_SYNC", "SYNC_SENDING", "SYNC_SUCCESS", "SYNC_FAILED"])
def test_only_a_claimed_row_is_begun(pharmacy: Pharmacy, worker: Worker, status: str) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status=status)
    assert worker.begin(SALES_INVOICE, row_id) is None
    assert pharmacy.row(SALES_INVOICE, row_id)["sync_attempts"] == 0


def test_a_message_from_an_older_claim_does_not_end_the_pause_of_an_uncertain_row(
    pharmacy: Pharmacy, worker: Worker
) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_UNCERTAIN", sync_attempts=1)
    assert worker.begin(SALES_INVOICE, row_id, 0) is None
    assert worker.begin(SALES_INVOICE, row_id, None) is None
    row = worker.begin(SALES_INVOICE, row_id, 1)
    assert row is not None
    assert (row.previous, row.doubt, row.attempt) == (Status.UNCERTAIN, Doubt.STRONG, 2)


@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)
@pytest.mark.parametrize(
    ("national_id", "doubt"), [("QG_1", Doubt.STORED), ("", Doubt.NONE), ("  ", Doubt.NONE), (None, Doubt.NONE)]
)
def test_a_row_that_was_delivered_before_is_known_by_its_national_id(
    pharmacy: Pharmacy, worker: Worker, kind: DocumentType, national_id: str | None, doubt: Doubt
) -> None:
    delivered: dict[str, Any] = {kind.national_id: national_id}
    row_id = pharmacy.add(kind, "A1", status="SYNC_QUEUED", **delivered)
    row = worker.begin(kind, row_id, None)
    assert row is not None
    assert row.doubt is doubt


@pytest.mark.parametrize(("words", "silent"), [(None, 0), ("HTTP 503", 0), (MARK, 1), (f"HTTP 503{MARK}{MARK}", 2)])
def test_a_row_comes_with_its_words_and_the_number_of_attempts_that_had_no_outcome(
    pharmacy: Pharmacy, worker: Worker, words: str | None, silent: int
) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_QUEUED", sync_response_message=words)
    row = worker.begin(SALES_INVOICE, row_id, None)
    assert row is not None
    assert (row.message, row.silent) == (words, silent)


def test_a_status_with_blanks_behind_it_as_a_column_of_fixed_width_has_is_known(
    pharmacy: Pharmacy, worker: Worker
) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_UNCERTAIN  ", sync_attempts=1)
    row = worker.begin(SALES_INVOICE, row_id, 1)
    assert row is not None
    assert row.doubt is Doubt.STRONG


def test_a_message_made_by_hand_begins_a_queued_row(pharmacy: Pharmacy, worker: Worker) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_QUEUED", sync_attempts=4)
    row = worker.begin(SALES_INVOICE, row_id, None)
    assert row is not None
    assert (row.attempt, row.doubt) == (5, Doubt.SLIGHT)


def test_the_same_code_in_two_shops_is_two_documents(sql: SqlServer, pharmacy: Pharmacy, worker: Worker) -> None:
    ids = {shop: pharmacy.add(SALES_INVOICE, "HD1", shop) for shop in ("S1", "S2")}
    claim_due(sql, SALES_INVOICE, "S1", "S2")
    for shop, row_id in ids.items():
        row = worker.begin(SALES_INVOICE, row_id)
        assert row is not None
        assert (row.id, row.header["facility_code"], list(row.twins)) == (row_id, f"GPP-{shop}", [])


def test_the_same_code_twice_in_one_shop_is_seen(sql: SqlServer, pharmacy: Pharmacy, worker: Worker) -> None:
    first = pharmacy.add(SALES_INVOICE, "HD1")
    second = pharmacy.add(SALES_INVOICE, "HD1", lines=2)
    claim_due(sql, SALES_INVOICE, "S1")
    row = worker.begin(SALES_INVOICE, first)
    other = worker.begin(SALES_INVOICE, second)
    assert row is not None
    assert other is not None
    assert (row.id, [twin.id for twin in row.twins]) == (first, [second])
    assert (other.id, [twin.id for twin in other.twins], len(other.lines)) == (second, [first], 2)


@pytest.mark.parametrize("status", ["SYNC_SUCCESS", "SYNC_SUCCESS   "], ids=["NVARCHAR", "CHAR"])
def test_the_same_code_in_another_shop_of_the_same_facility_is_seen(
    sql: SqlServer, pharmacy: Pharmacy, worker: Worker, status: str
) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", "S1", pharmacy_code="GPP-1")
    delivered: dict[str, Any] = {"status": status, "national_invoice_id": "QG_1"}
    other = pharmacy.add(SALES_INVOICE, "HD1", "S2", pharmacy_code="GPP-1", **delivered)
    pharmacy.add(SALES_INVOICE, "HD1", "S3", pharmacy_code="GPP-3")
    claim_due(sql, SALES_INVOICE, "S1")
    row = worker.begin(SALES_INVOICE, row_id)
    assert row is not None
    assert list(row.twins) == [Twin(other, "S2", "SYNC_SUCCESS", "QG_1")]


def test_of_many_rows_with_one_code_each_has_the_oldest_as_its_twins(pharmacy: Pharmacy, worker: Worker) -> None:
    ids = [pharmacy.add(SALES_INVOICE, "0", lines=0, status="SYNC_QUEUED") for _ in range(MOST_TWINS + 4)]
    pharmacy.add(SALES_INVOICE, "1", lines=0)
    begun = [worker.begin(SALES_INVOICE, row_id) for row_id in (ids[0], ids[2], ids[-1])]
    assert [[twin.id for twin in row.twins] for row in begun if row] == [
        ids[1 : MOST_TWINS + 1],
        [*ids[:2], *ids[3 : MOST_TWINS + 1]],
        ids[:MOST_TWINS],
    ]


def test_a_row_of_a_paused_shop_is_not_begun_and_goes_back(sql: SqlServer, pharmacy: Pharmacy, worker: Worker) -> None:
    row_id = pharmacy.add(GOODS_ISSUE_SLIP, "PX1")
    claim_due(sql, GOODS_ISSUE_SLIP, "S1")
    pause_shop(sql, "S1", "the operator says so")
    assert worker.begin(GOODS_ISSUE_SLIP, row_id) is None
    assert pharmacy.status(GOODS_ISSUE_SLIP, row_id) == "PENDING_SYNC"


def test_rows_of_all_types_and_counts_are_begun_in_one_batch_each_by_its_own_guard(
    sql: SqlServer, pharmacy: Pharmacy
) -> None:
    """Ids of two types may be equal; a tried row, a paused shop's and one that is done are asked for as well."""
    pause_shop(sql, "S9", "the operator says so")
    wanted, expected = [], []
    for kind in DOCUMENT_TYPES:
        for number, (shop, status, attempts, asked) in enumerate(
            [
                ("S1", "SYNC_QUEUED", 0, 0),
                ("S1", "SYNC_QUEUED", 2, 2),
                ("S1", "SYNC_QUEUED", 2, None),
                ("S1", "SYNC_UNCERTAIN", 2, 1),
                ("S1", "SYNC_SUCCESS", 0, 0),
                ("S9", "SYNC_QUEUED", 0, 0),
            ]
        ):
            row_id = pharmacy.add(kind, f"A{number}", shop, lines=number, status=status, sync_attempts=attempts)
            wanted.append(ToBegin(kind, row_id, asked))
            expected.append((f"A{number}", attempts + 1, number) if number <= 2 else None)
    begin = Begin(lease=60, facility_column="pharmacy_code")
    question = begin.ask(wanted)
    begun = begin.deal(wanted, sql.run(question.text, question.parameters))
    assert [row and (row.local_id, row.attempt, len(row.lines)) for row in begun] == expected
    assert [row.kind for row in begun if row] == [kind for kind in DOCUMENT_TYPES for _ in range(3)]


def test_a_row_that_is_wanted_twice_in_one_batch_is_given_once(sql: SqlServer, pharmacy: Pharmacy) -> None:
    wanted = [ToBegin(SALES_INVOICE, pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_QUEUED"), 0)] * 3
    begin = Begin(lease=60, facility_column="pharmacy_code")
    question = begin.ask(wanted)
    begun = begin.deal(wanted, sql.run(question.text, question.parameters))
    assert [row is not None for row in begun] == [True, False, False]


def test_the_facility_code_comes_from_the_column_of_the_setting(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_QUEUED")
    row = Worker.alone(sql, facility_column="shop_pharmacy_code").begin(SALES_INVOICE, row_id)
    assert row is not None
    assert row.header["facility_code"] == "S1"


def test_the_document_day_of_a_datetime_is_its_own_day(pharmacy: Pharmacy, worker: Worker) -> None:
    evening = datetime(2026, 11, 20, 23, 59)  # noqa: DTZ001 - DATETIME2 has no zone
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_QUEUED", sale_date=evening)
    row = worker.begin(SALES_INVOICE, row_id)
    assert row is not None
    assert str(read_document(SALES_INVOICE, row.header, row.lines).sale_date) == "2026-11-20"  # type: ignore[attr-defined]
