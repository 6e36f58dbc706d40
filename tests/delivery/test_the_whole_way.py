"""The whole way of a document: rows, claim, message, worker, HTTP, outcome, journal; every server real or practice."""

from collections.abc import Callable
from typing import Any

import pytest
from pymongo.database import Database

from pharmasync.documents import DOCUMENT_TYPES, SALES_INVOICE, DocumentType
from pharmasync.sandbox.national import PracticeNationalAPI
from tests.pharmacy import Pharmacy
from tests.works import Works, all_calls, calls, held

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)
def test_a_document_is_delivered_once_and_gets_its_national_id(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, kind: DocumentType
) -> None:
    row_id = pharmacy.add(kind, "A1", lines=3)
    works.run()
    row = pharmacy.row(kind, row_id)
    assert (row["status"], row["sync_attempts"], row["sync_due_at"]) == ("SYNC_SUCCESS", 1, None)
    assert "_QG_" in str(row[kind.national_id])
    assert held(api) == {("GPP-S1", "A1"): 1}


@pytest.mark.parametrize(
    "switches",
    [
        {"answer_form": "list"},
        {"answer_form": "clients", "login_form": "wrapped"},
        {"answer_form": "echo"},
    ],
    ids=lambda switches: str(switches["answer_form"]),
)
def test_every_known_form_of_answer_gives_the_national_id(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, switches: dict[str, object]
) -> None:
    api.set_switches(**switches)
    ids = {kind: pharmacy.add(kind, "A1") for kind in DOCUMENT_TYPES}
    works.run()
    for kind, row_id in ids.items():
        assert "_QG_" in str(pharmacy.row(kind, row_id)[kind.national_id])


def test_all_faults_of_a_document_are_told_and_nothing_is_sent(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI
) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", lines=2, line={"lot_number": None, "quantity": "1.50"})
    works.run()
    row = pharmacy.row(SALES_INVOICE, row_id)
    assert row["status"] == "SYNC_FAILED"
    message = str(row["sync_response_message"])
    assert "dòng 2: thiếu số lô" in message
    assert "line 2: lot number is missing" in message
    assert "line 1: quantity must be a whole number" in message
    assert calls(api).get("POST", 0) == 0


def test_the_words_of_a_refusal_reach_the_pharmacist(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI
) -> None:
    api.set_switches(refuse_with="code")
    pharmacy.add_shop("S5")
    row_id = pharmacy.add(SALES_INVOICE, "HD1", "S5", pharmacy_code="GPP-OTHER")
    works.run()
    row = pharmacy.row(SALES_INVOICE, row_id)
    assert row["status"] == "SYNC_FAILED"
    assert "Mã cơ sở không chính xác" in str(row["sync_response_message"])


@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)
def test_a_delivered_document_that_was_changed_and_set_back_is_corrected(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, kind: DocumentType
) -> None:
    row_id = pharmacy.add(kind, "A1")
    works.run()
    national_id = pharmacy.row(kind, row_id)[kind.national_id]
    pharmacy.sql.run(f"UPDATE {kind.lines_table} SET quantity = %d WHERE {kind.parent} = %d", (77, row_id))
    pharmacy.sql.run(f"UPDATE {kind.table} SET status = %s WHERE id = %d", ("PENDING_SYNC", row_id))
    works.run()
    row = pharmacy.row(kind, row_id)
    assert (row["status"], row[kind.national_id]) == ("SYNC_SUCCESS", national_id)
    assert held(api) == {("GPP-S1", "A1"): 1}
    assert all_calls(api) == {"POST": 1, "PUT": 1}


def test_every_attempt_and_every_failure_is_in_the_journal(
    works: Works, pharmacy: Pharmacy, mongo_database: Database[Any], flushed: Callable[[], None]
) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    pharmacy.add(SALES_INVOICE, "HD2", lines=0)
    pharmacy.add(SALES_INVOICE, "HD3", line={"unit": None})
    works.run()
    flushed()
    logs = {log["business_id"]: log for log in mongo_database["task_logs"].find()}
    assert logs["HD1"]["outcome"] == "delivered"
    assert logs["HD1"]["national_id"].startswith("HD_QG_")
    assert (logs["HD1"]["http_status"], logs["HD2"]["http_status"]) == (200, None)
    assert (logs["HD2"]["outcome"], logs["HD2"]["error_class"]) == ("refused", "FaultyDocumentError")
    failures = {failure["business_id"]: failure for failure in mongo_database["sync_failures"].find()}
    assert set(failures) == {"HD2", "HD3"}
    assert "đơn vị tính" in failures["HD3"]["error_message"]
    assert failures["HD3"]["payload"]["customer_name"] == "***"
    assert failures["HD3"]["payload"]["lines"][0]["unit"] is None
    assert failures["HD3"]["payload"]["lines"][0]["quantity"] == "10.00"


def test_personal_fields_are_masked_in_the_journal(
    works: Works, pharmacy: Pharmacy, mongo_database: Database[Any], flushed: Callable[[], None]
) -> None:
    pharmacy.add_shop("S5")
    pharmacy.add(SALES_INVOICE, "HD1", "S5", pharmacy_code="GPP-OTHER", customer_name="Khách Kín")
    works.run()
    flushed()
    failure = mongo_database["sync_failures"].find_one()
    assert failure is not None
    assert "Mã cơ sở không chính xác" in failure["error_message"]
    assert failure["payload"]["ma_hoa_don"] == "HD1"
    assert failure["payload"]["ho_ten_khach_hang"] == "***"
    assert "Khách Kín" not in str(failure)
