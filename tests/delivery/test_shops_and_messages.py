"""Logins, shops, codes that stand twice, and messages that come wrong, late or too often."""

import pytest

from pharmasync import accounts, delivery
from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE, Document, DocumentType
from pharmasync.errors import StatementError
from pharmasync.queues import RowMessage
from pharmasync.row import BegunRow, ClaimedAs
from pharmasync.sandbox.national import PracticeNationalAPI
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.shops import paused_shops
from tests.pharmacy import Pharmacy
from tests.works import Works, bad_logins, calls, held, logins

pytestmark = pytest.mark.integration


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


def test_a_wrong_password_is_tried_once_where_the_pause_cannot_be_stored_either(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stands in for an AccountShop with a trigger, to which SQL Server takes no UPDATE with OUTPUT."""

    def refused(*_: object) -> None:
        raise StatementError("cannot have any enabled triggers", 334)

    monkeypatch.setattr(accounts, "pause_shop", refused)
    pharmacy.add_shop("S3", account="S1", password="wrong")
    ids = [pharmacy.add(SALES_INVOICE, f"HD{number}", "S3") for number in range(3)]
    works.run()
    for row_id in ids:
        row = pharmacy.row(SALES_INVOICE, row_id)
        assert (row["status"], row["sync_attempts"]) == ("PENDING_SYNC", 0)
        assert row["sync_due_at"] is not None, "it must not come back at once, again and again"
        pharmacy.make_due(SALES_INVOICE, row_id)
    works.run()
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


@pytest.mark.parametrize("kind", [SALES_INVOICE, PURCHASE_RECEIPT], ids=lambda kind: kind.name)
def test_the_same_code_twice_is_not_sent_either_where_the_first_ones_worker_died(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, kind: DocumentType
) -> None:
    ids = [pharmacy.add(kind, "A1") for _ in range(2)]
    pharmacy.set(kind, ids[0], status="SYNC_UNCERTAIN")
    works.run()
    for row_id in ids:
        row = pharmacy.row(kind, row_id)
        assert row["status"] == "SYNC_FAILED"
        assert "code A1 is used twice" in str(row["sync_response_message"])
    assert held(api) == {}


@pytest.mark.parametrize("kind", [SALES_INVOICE, PURCHASE_RECEIPT], ids=lambda kind: kind.name)
def test_a_document_that_was_stored_before_its_worker_died_is_found_although_its_code_stands_twice_now(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, kind: DocumentType
) -> None:
    first = pharmacy.add(kind, "A1")
    works.run()
    second = pharmacy.add(kind, "A1")
    national_id = pharmacy.row(kind, first)[kind.national_id]
    pharmacy.set(kind, first, status="SYNC_UNCERTAIN", **{kind.national_id: None})
    works.run()
    assert pharmacy.row(kind, first)["status"] == "SYNC_SUCCESS"
    assert pharmacy.row(kind, first)[kind.national_id] == national_id
    assert pharmacy.row(kind, second)["status"] == "SYNC_FAILED"
    assert held(api) == {("GPP-S1", "A1"): 1}


def test_doubled_and_late_messages_do_no_harm(works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI) -> None:
    row_id = pharmacy.add(GOODS_ISSUE_SLIP, "PX1")
    works.producer.scan()
    message = RowMessage(GOODS_ISSUE_SLIP.queue, GOODS_ISSUE_SLIP.actor, "PX1", "S1", ClaimedAs(row_id, 0))
    works.broker.enqueue_rows([message] * 5)
    works.work()
    works.broker.enqueue_rows([message] * 5)
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


@pytest.mark.parametrize(
    ("arguments", "by_name"),
    [
        ((), {"local_receipt_id": "HD1", "shop_id": "S1"}),
        ((), {"local_invoice_id": "HD1"}),
        (("HD1",), {"local_invoice_id": "HD1"}),
        (("HD1", "S1"), {"shop_id": "S1"}),
        ((), {"local_invoice_id": "HD1", "shop_id": 1}),
    ],
)
def test_so_is_one_with_arguments_by_wrong_names(
    works: Works, pharmacy: Pharmacy, arguments: tuple[object, ...], by_name: dict[str, object]
) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_QUEUED")
    works.actors["process_sale"].send(*arguments, **by_name)
    works.work()
    assert pharmacy.status(SALES_INVOICE, row_id) == "SYNC_QUEUED"


def test_a_message_may_name_its_arguments(works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_QUEUED")
    pharmacy.add(GOODS_ISSUE_SLIP, "PX1", status="SYNC_QUEUED")
    works.actors["process_sale"].send(local_invoice_id="HD1", shop_id="S1")
    works.actors["process_cancellation"].send("PX1", shop_id="S1")
    works.work()
    assert set(held(api)) == {("GPP-S1", "HD1"), ("GPP-S1", "PX1")}


def test_a_fault_of_ours_fails_its_row_and_the_others_are_sent(
    works: Works, pharmacy: Pharmacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = delivery.build

    def faulty(row: BegunRow) -> Document:
        if row.local_id == "HD1":
            raise ZeroDivisionError
        return build(row)

    monkeypatch.setattr(delivery, "build", faulty)
    ids = {code: pharmacy.add(SALES_INVOICE, code) for code in ("HD1", "HD2")}
    works.run()
    failed = pharmacy.row(SALES_INVOICE, ids["HD1"])
    assert failed["status"] == "SYNC_FAILED"
    assert "ZeroDivisionError" in str(failed["sync_response_message"])
    assert pharmacy.status(SALES_INVOICE, ids["HD2"]) == "SYNC_SUCCESS"


def test_a_message_for_an_unknown_row_is_dropped(works: Works, api: PracticeNationalAPI) -> None:
    works.actors["process_sale"].send("HD404", "S1")
    works.work()
    assert calls(api).get("POST", 0) == 0
