"""What becomes of a document while the national server, or Redis, is in trouble."""

import pytest

from pharmasync.decisions.poison import MARK
from pharmasync.documents import DOCUMENT_TYPES, SALES_INVOICE, DocumentType
from pharmasync.sandbox.national import PracticeNationalAPI
from pharmasync.sqlserver.operator import Selection, retry_failed
from tests.pharmacy import Pharmacy, Worker
from tests.works import Works, held

pytestmark = pytest.mark.integration


def test_a_code_that_is_used_again_the_next_year_does_not_adopt_the_old_document(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI
) -> None:
    api.set_switches(second_post="reject")
    posted = pharmacy.add(SALES_INVOICE, "HD1")
    works.run()
    pharmacy.set(SALES_INVOICE, posted, local_invoice_id="HD1-moved")
    again = pharmacy.add(SALES_INVOICE, "HD1", sale_date="2027-01-02")
    works.run()
    row = pharmacy.row(SALES_INVOICE, again)
    assert row["status"] == "SYNC_FAILED"
    assert row["national_invoice_id"] is None
    assert "another document under this code" in str(row["sync_response_message"])


@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)
def test_a_lost_answer_is_looked_up_before_a_second_post(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, kind: DocumentType
) -> None:
    row_id = pharmacy.add(kind, "A1")
    api.set_faults(lost_answer=1.0)
    works.run()
    assert pharmacy.status(kind, row_id) == "SYNC_UNCERTAIN"
    assert held(api) == {("GPP-S1", "A1"): 1}
    api.set_faults(lost_answer=0.0)
    works.run()
    assert pharmacy.status(kind, row_id) == "SYNC_UNCERTAIN", "the pause is not over"
    pharmacy.make_due(kind, row_id)
    works.run()
    row = pharmacy.row(kind, row_id)
    assert (row["status"], row["sync_attempts"]) == ("SYNC_SUCCESS", 2)
    assert "_QG_" in str(row[kind.national_id])
    assert held(api) == {("GPP-S1", "A1"): 1}


@pytest.mark.parametrize("put_unknown", ["refuse", "refuse_400", "refuse_200", "store"])
@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)
def test_a_request_that_never_arrived_is_posted_after_it_was_found_out(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, kind: DocumentType, put_unknown: str
) -> None:
    api.set_switches(put_unknown=put_unknown)
    row_id = pharmacy.add(kind, "A1")
    api.set_faults(cut_before=1.0)
    works.run()
    assert pharmacy.status(kind, row_id) == "SYNC_UNCERTAIN"
    assert held(api) == {}
    api.set_faults(cut_before=0.0)
    pharmacy.make_due(kind, row_id)
    works.run()
    assert pharmacy.status(kind, row_id) == "SYNC_SUCCESS"
    assert held(api) == {("GPP-S1", "A1"): 1}


@pytest.mark.parametrize("fault", ["error_500", "error_503", "html_502", "rate_limited", "redirect"])
def test_a_server_in_trouble_is_tried_again_later(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, fault: str
) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1")
    api.set_faults(**{fault: 1.0})
    works.run()
    row = pharmacy.row(SALES_INVOICE, row_id)
    assert (row["status"], row["sync_attempts"]) == ("PENDING_SYNC", 1)
    assert row["sync_due_at"] is not None
    api.set_faults(**{fault: 0.0})
    pharmacy.make_due(SALES_INVOICE, row_id)
    works.run()
    assert pharmacy.status(SALES_INVOICE, row_id) == "SYNC_SUCCESS"
    assert held(api) == {("GPP-S1", "HD1"): 1}


@pytest.mark.parametrize("fault", ["empty_body", "truncated_json", "wrong_types", "huge_body", "stall"])
def test_an_answer_that_says_nothing_is_found_out_about(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, fault: str
) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1")
    api.set_faults(stall_seconds=4.0)
    api.set_faults(**{fault: 1.0})
    works.run()
    assert pharmacy.status(SALES_INVOICE, row_id) == "SYNC_UNCERTAIN"
    api.set_faults(**{fault: 0.0})
    pharmacy.make_due(SALES_INVOICE, row_id)
    works.run()
    assert pharmacy.status(SALES_INVOICE, row_id) == "SYNC_SUCCESS"
    assert held(api) == {("GPP-S1", "HD1"): 1}


def test_a_server_that_is_down_is_tried_again_later(works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1")
    api.stop()
    works.run()
    assert pharmacy.status(SALES_INVOICE, row_id) == "PENDING_SYNC"
    api.start()
    pharmacy.make_due(SALES_INVOICE, row_id)
    works.run()
    assert held(api) == {("GPP-S1", "HD1"): 1}


def test_an_emptied_redis_loses_nothing(works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1")
    works.producer.scan()
    works.broker.client.flushall()
    works.work()
    assert held(api) == {}
    pharmacy.make_due(SALES_INVOICE, row_id)
    works.run()
    assert held(api) == {("GPP-S1", "HD1"): 1}


def test_a_row_that_was_begun_again_and_again_without_a_word_is_not_sent_any_more(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI
) -> None:
    poison = pharmacy.add(
        SALES_INVOICE, "HD1", status="SYNC_UNCERTAIN", sync_attempts=5, sync_response_message=5 * MARK
    )
    unlucky = pharmacy.add(
        SALES_INVOICE, "HD2", status="SYNC_UNCERTAIN", sync_attempts=5, sync_response_message="the answer was lost"
    )
    works.run()
    row = pharmacy.row(SALES_INVOICE, poison)
    assert row["status"] == "SYNC_FAILED"
    assert row["sync_due_at"] is not None, "it may be stored: an operator's retry looks first"
    assert "begun 5 times without any outcome" in str(row["sync_response_message"])
    assert pharmacy.status(SALES_INVOICE, unlucky) == "SYNC_SUCCESS"
    assert held(api) == {("GPP-S1", "HD2"): 1}


def test_a_row_that_kills_its_workers_from_its_first_attempt_on_is_begun_only_so_often(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI
) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1")
    worker = Worker.alone(pharmacy.sql)
    for attempts in range(5):
        works.producer.scan()
        works.broker.client.flushall()
        assert worker.begin(SALES_INVOICE, row_id, attempts) is not None, "and then it died"
        pharmacy.make_due(SALES_INVOICE, row_id)
    works.run()
    assert pharmacy.status(SALES_INVOICE, row_id) == "SYNC_FAILED"
    assert "begun 5 times without any outcome" in str(pharmacy.row(SALES_INVOICE, row_id)["sync_response_message"])
    assert held(api) == {}


@pytest.mark.parametrize("status", ["SYNC_SUCCESS", "SYNC_FAILED"])
def test_a_row_with_many_attempts_that_somebody_set_back_by_hand_is_sent(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, status: str
) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status=status, sync_attempts=9, sync_response_message="x")
    pharmacy.set(SALES_INVOICE, row_id, status="PENDING_SYNC", sync_response_message=None)
    works.run()
    assert pharmacy.status(SALES_INVOICE, row_id) == "SYNC_SUCCESS"
    assert held(api) == {("GPP-S1", "HD1"): 1}


def test_a_row_that_kills_its_workers_after_an_outcome_is_not_sent_any_more_either(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI
) -> None:
    row_id = pharmacy.add(
        SALES_INVOICE, "HD1", status="SYNC_SENDING", sync_attempts=6, sync_response_message="HTTP 503" + 4 * MARK
    )
    pharmacy.make_due(SALES_INVOICE, row_id)
    works.run()
    assert pharmacy.status(SALES_INVOICE, row_id) == "SYNC_FAILED"
    assert "begun 5 times without any outcome" in str(pharmacy.row(SALES_INVOICE, row_id)["sync_response_message"])
    assert held(api) == {}
    retry_failed(pharmacy.sql, SALES_INVOICE, Selection())
    works.run()
    assert pharmacy.status(SALES_INVOICE, row_id) == "SYNC_SUCCESS", "an operator's retry lets it be tried again"
