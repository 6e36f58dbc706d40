import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from pharmasync.sandbox.national import PracticeNationalAPI

pytestmark = pytest.mark.integration

Call = Callable[..., requests.Response]
Body = dict[str, Any]

INVOICE_ID = "HD_QG_00000001"
RECEIPT_ID = "PN_QG_00000001"
ISSUE_SLIP_ID = "PX_QG_00000001"


class TestSecondPost:
    def test_reject_answers_409(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_switches(second_post="reject")
        send("hoa_don", invoice)

        answer = send("hoa_don", invoice)

        assert (answer.status_code, answer.json()["message"]) == (409, "Hóa đơn đã tồn tại")
        assert api.store.documents()[0].times_stored == 1

    def test_same_id_answers_the_id_of_the_first(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_switches(second_post="same_id")

        answers = [send("hoa_don", invoice) for _ in range(2)]

        assert [answer.json()["ma_hoa_don"] for answer in answers] == [INVOICE_ID, INVOICE_ID]
        assert api.store.documents()[0].times_stored == 1


class TestPutUnknown:
    @pytest.mark.parametrize(
        ("value", "status", "code"), [("refuse", 404, 404), ("refuse_400", 400, 400), ("refuse_200", 200, 404)]
    )
    def test_it_is_refused_in_one_of_three_ways(  # noqa: PLR0913, PLR0917  # three fixtures and a row of three
        self, api: PracticeNationalAPI, send: Call, issue_slip: Body, value: str, status: int, code: int
    ) -> None:
        api.set_switches(put_unknown=value)

        answer = send("phieu_xuat", issue_slip, "PUT")

        assert answer.status_code == status
        assert answer.json() == {"code": code, "message": "Phiếu xuất không tồn tại"}
        assert api.store.documents() == []

    def test_store_stores_it(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_switches(put_unknown="store")

        assert send("hoa_don", invoice, "PUT").json()["ma_hoa_don"] == INVOICE_ID
        assert api.store.documents()[0].times_stored == 1


class TestGet:
    def test_invoices_cannot_be_read_when_it_is_off(
        self, api: PracticeNationalAPI, send: Call, call: Call, invoice: Body
    ) -> None:
        send("hoa_don", invoice)
        api.set_switches(get_invoice=False)

        assert call("GET", "/api/lien_thong/hoa_don/CS1/HD1").status_code == 405

    def test_slips_can_be_read_when_it_is_on(
        self, api: PracticeNationalAPI, send: Call, call: Call, receipt: Body
    ) -> None:
        send("phieu_nhap", receipt)
        api.set_switches(get_slip=True)

        content = call("GET", "/api/lien_thong/phieu_nhap/CS1/PN1").json()

        assert content["ma_phieu_nhap_quoc_gia"] == RECEIPT_ID
        assert content["data"] == receipt


class TestAnswerForm:
    @pytest.mark.parametrize(
        ("form", "kind", "expected"),
        [
            ("list", "hoa_don", {"ma_hoa_don": INVOICE_ID, "code": 200, "mess": "Thành công"}),
            ("list", "phieu_nhap", RECEIPT_ID),
            ("list", "phieu_xuat", ISSUE_SLIP_ID),
            ("clients", "hoa_don", {"code": "200", "mess": "Thành công", "ma_hoa_don_quoc_gia": INVOICE_ID}),
            ("clients", "phieu_nhap", {"code": "200", "message": "Thành công", "ma_phieu_nhap_quoc_gia": RECEIPT_ID}),
            (
                "clients",
                "phieu_xuat",
                {"code": "200", "message": "Thành công", "ma_phieu_xuat_quoc_gia": ISSUE_SLIP_ID},
            ),
            (
                "echo",
                "hoa_don",
                {"ma_hoa_don": "HD1", "code": 200, "mess": "Thành công", "ma_hoa_don_quoc_gia": INVOICE_ID},
            ),
            (
                "echo",
                "phieu_nhap",
                {"ma_phieu": "PN1", "code": 200, "mess": "Thành công", "ma_phieu_nhap_quoc_gia": RECEIPT_ID},
            ),
        ],
    )
    def test_a_stored_document_is_answered_in_the_chosen_form(  # noqa: PLR0913, PLR0917  # fixtures and a row of three
        self, api: PracticeNationalAPI, send: Call, documents: dict[str, Body], form: str, kind: str, expected: object
    ) -> None:
        api.set_switches(answer_form=form)

        assert send(kind, documents[kind]).json() == expected

    def test_the_clients_form_tells_the_code_of_a_refusal_as_text(
        self, api: PracticeNationalAPI, send: Call, invoice: Body
    ) -> None:
        api.set_switches(answer_form="clients")

        assert send("hoa_don", invoice | {"ngay_ban": "x"}).json()["code"] == "400"


class TestRefuseWith:
    def test_code_refuses_inside_an_http_200(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_switches(refuse_with="code")

        answer = send("hoa_don", invoice | {"ngay_ban": "x"})

        assert (answer.status_code, answer.json()["code"]) == (200, 400)
        assert answer.json()["message"] == "Ngày bán không đúng định dạng (ngay_ban)"


class TestMaxRps:
    def test_calls_above_it_are_answered_with_429(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_switches(max_rps=0.1)

        answers = [send("hoa_don", invoice) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 429]
        assert 1 <= int(answers[1].headers["Retry-After"]) <= 10
        assert api.store.documents()[0].times_stored == 1

    def test_retry_after_may_be_a_date(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_switches(max_rps=0.1, retry_after_form="date")
        send("hoa_don", invoice)

        due = parsedate_to_datetime(send("hoa_don", invoice).headers["Retry-After"])

        assert -1 <= due.timestamp() - time.time() <= 11

    def test_a_second_of_calls_may_come_at_once(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_switches(max_rps=1000)

        assert {send("hoa_don", invoice).status_code for _ in range(10)} == {200}


class TestDelay:
    def test_every_answer_is_held_back(self, api: PracticeNationalAPI, send: Call, log_in: Call, invoice: Body) -> None:
        api.set_switches(delay_ms=60, jitter_ms=20)

        for answer in (send("hoa_don", invoice), log_in()):
            assert answer.elapsed.total_seconds() >= 0.06

    def test_the_document_is_stored_before(
        self, api: PracticeNationalAPI, session: requests.Session, call: Call, invoice: Body
    ) -> None:
        assert call("DELETE", "/api/lien_thong/hoa_don/CS1/HD1").status_code == 404
        api.set_switches(delay_ms=10_000)

        with pytest.raises(requests.exceptions.ReadTimeout):
            session.post(f"{api.url}/api/lien_thong/hoa_don", json=invoice, timeout=0.1)

        assert api.store.find("hoa_don", "CS1", "HD1") is not None
