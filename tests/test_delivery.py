"""The whole way of a document: rows, claim, message, worker, HTTP, outcome, journal; every server real or practice."""

from collections.abc import Callable, Iterator
from typing import Any

import dramatiq
import pytest
from attrs import define
from dramatiq.brokers.redis import RedisBroker
from pymongo.database import Database

from pharmasync.documents import DOCUMENT_TYPES, GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE, DocumentType
from pharmasync.queues import RowMessage, enqueue
from pharmasync.sandbox.national import Account, PracticeNationalAPI
from pharmasync.sandbox.servers import Mongod
from pharmasync.schedulers.__main__ import open_producer
from pharmasync.schedulers.producer import Producer
from pharmasync.settings import Settings, load
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.shops import paused_shops
from pharmasync.workers import assemble
from tests.environment import environment
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration

WAITS = {
    "PHARMASYNC_SEND_RETRY_SECONDS": "0.05",
    "PHARMASYNC_LOGIN_RETRY_SECONDS": "0.05",
    "PHARMASYNC_READ_TIMEOUT_SECONDS": "2",
}


@pytest.fixture
def api() -> Iterator[PracticeNationalAPI]:
    accounts = {name: Account("right") for name in ("S1", "S2")} | {"S5": Account("right", frozenset({"GPP-S5"}))}
    with PracticeNationalAPI(accounts=accounts) as server:
        yield server


@pytest.fixture
def settings(
    empty_database: Address, redis_url: str, mongod: Mongod, mongo_database: Database[Any], api: PracticeNationalAPI
) -> Settings:
    return load(
        environment(
            empty_database,
            redis_url=redis_url,
            api_url=api.url,
            MONGO_URI=mongod.url,
            MONGO_DB_NAME=mongo_database.name,
            **WAITS,
        )
    )


@define
class Works:
    """A producer and a worker that run when a test says so."""

    producer: Producer
    broker: RedisBroker
    actors: dict[str, Any]

    def run(self) -> None:
        """Scans once and works until every queue is empty."""
        self.producer.scan()
        self.work()

    def work(self) -> None:
        worker = dramatiq.Worker(self.broker, worker_timeout=50, worker_threads=4)
        worker.start()
        for kind in DOCUMENT_TYPES:
            self.broker.join(kind.queue, interval=20, timeout=20_000)
        worker.join()
        worker.stop()


@pytest.fixture
def works(settings: Settings, pharmacy: Pharmacy) -> Iterator[Works]:
    pharmacy.add_shop("S1")
    pharmacy.add_shop("S2")
    broker, actors = assemble(settings)
    yield Works(open_producer(settings), broker, actors)
    broker.close()


def held(api: PracticeNationalAPI) -> dict[tuple[str, str], int]:
    """How often the national API holds each document."""
    return {(document.facility, document.code): document.times_stored for document in api.store.documents()}


def calls(api: PracticeNationalAPI, kind: str = "hoa_don") -> dict[str, int]:
    state: Any = api.state
    return dict(state["kinds"][kind]["calls"])


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


def test_the_same_code_in_two_shops_of_one_facility_is_refused_in_both(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI
) -> None:
    ids = {shop: pharmacy.add(GOODS_ISSUE_SLIP, "PX1", shop, pharmacy_code="GPP-1") for shop in ("S1", "S2")}
    works.run()
    for shop, other in (("S1", "S2"), ("S2", "S1")):
        row = pharmacy.row(GOODS_ISSUE_SLIP, ids[shop])
        assert row["status"] == "SYNC_FAILED"
        assert f"{ids[other]} (shop {other})" in str(row["sync_response_message"])
    assert held(api) == {}


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


def test_an_expired_token_costs_one_login_and_no_attempt(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI
) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    works.run()
    api.expire_tokens()
    row_id = pharmacy.add(SALES_INVOICE, "HD2")
    works.run()
    assert pharmacy.row(SALES_INVOICE, row_id)["sync_attempts"] == 1
    assert logins(api, "S1") == 2


def test_many_documents_of_a_shop_need_one_login(works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI) -> None:
    for number in range(12):
        pharmacy.add(SALES_INVOICE, f"HD{number}")
    works.run()
    assert logins(api, "S1") == 1
    assert len(held(api)) == 12


def test_a_wrong_password_is_tried_once_and_pauses_the_shop(
    works: Works, pharmacy: Pharmacy, sql: SqlServer, api: PracticeNationalAPI
) -> None:
    pharmacy.add_shop("S3", account="S1", password="wrong")
    pharmacy.add_shop("S4", account="S1", password="wrong")
    ids = [pharmacy.add(SALES_INVOICE, f"HD{number}", shop) for number in range(5) for shop in ("S3", "S4")]
    works.run()
    works.run()
    for row_id in ids:
        row = pharmacy.row(SALES_INVOICE, row_id)
        assert (row["status"], row["sync_attempts"], row["sync_due_at"]) == ("PENDING_SYNC", 0, None)
    assert set(paused_shops(sql)) == {"S3", "S4"}
    assert bad_logins(api, "S1") == 1


def test_a_shop_without_an_account_waits_for_one(works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", "S9")
    works.run()
    row = pharmacy.row(SALES_INVOICE, row_id)
    assert (row["status"], row["sync_attempts"]) == ("PENDING_SYNC", 0)
    assert "the shop has no account" in str(row["sync_response_message"])
    pharmacy.add_shop("S9", account="S2")
    pharmacy.make_due(SALES_INVOICE, row_id)
    works.run()
    assert held(api) == {("GPP-S9", "HD1"): 1}


def test_the_same_code_in_two_shops_is_sent_twice(works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI) -> None:
    for shop in ("S1", "S2"):
        pharmacy.add(SALES_INVOICE, "HD1", shop)
    works.run()
    assert held(api) == {("GPP-S1", "HD1"): 1, ("GPP-S2", "HD1"): 1}


def test_the_same_code_twice_in_one_shop_is_refused_both_times(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI
) -> None:
    ids = [pharmacy.add(PURCHASE_RECEIPT, "PN1") for _ in range(2)]
    works.run()
    for row_id in ids:
        row = pharmacy.row(PURCHASE_RECEIPT, row_id)
        assert row["status"] == "SYNC_FAILED"
        assert "code PN1 is used twice" in str(row["sync_response_message"])
    assert held(api) == {}


def test_doubled_and_late_messages_do_no_harm(works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI) -> None:
    pharmacy.add(GOODS_ISSUE_SLIP, "PX1")
    works.producer.scan()
    message = RowMessage(GOODS_ISSUE_SLIP.queue, GOODS_ISSUE_SLIP.actor, "PX1", "S1", 0)
    enqueue(works.broker, [message] * 5)
    works.work()
    enqueue(works.broker, [message] * 5)
    works.work()
    assert held(api) == {("GPP-S1", "PX1"): 1}
    assert calls(api, "phieu_xuat") == {"POST": 1} | {
        method: 0 for method in calls(api, "phieu_xuat") if method != "POST"
    }


@pytest.mark.parametrize("arguments", [(), ("HD1",), ("HD1", "S1", "more"), (1, 2), (None, "S1"), ({}, [])])
def test_a_message_with_wrong_arguments_is_dropped(
    works: Works, pharmacy: Pharmacy, arguments: tuple[object, ...]
) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_QUEUED")
    works.actors["process_sale"].send(*arguments)
    works.work()
    assert pharmacy.status(SALES_INVOICE, row_id) == "SYNC_QUEUED"


def test_a_message_for_an_unknown_row_is_dropped(works: Works, api: PracticeNationalAPI) -> None:
    works.actors["process_sale"].send("HD404", "S1")
    works.work()
    assert calls(api).get("POST", 0) == 0


def test_an_emptied_redis_loses_nothing(works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1")
    works.producer.scan()
    works.broker.client.flushall()
    works.work()
    assert held(api) == {}
    pharmacy.make_due(SALES_INVOICE, row_id)
    works.run()
    assert held(api) == {("GPP-S1", "HD1"): 1}


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


@pytest.fixture
def flushed(works: Works) -> Callable[[], None]:
    """Waits until the journal has written everything."""
    (journalling,) = (each for each in works.broker.middleware if type(each).__name__ == "Journalling")
    return lambda: journalling._journal.flush(10) or None  # type: ignore[attr-defined]


def account(api: PracticeNationalAPI, name: str) -> dict[str, int]:
    state: Any = api.state
    return dict(state["logins"][name])


def logins(api: PracticeNationalAPI, name: str) -> int:
    return account(api, name)["logins"]


def bad_logins(api: PracticeNationalAPI, name: str) -> int:
    return account(api, name)["bad_logins"]
