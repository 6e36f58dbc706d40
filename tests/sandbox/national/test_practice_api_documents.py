import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from pharmasync.sandbox.national import PracticeNationalAPI

pytestmark = pytest.mark.integration

Call = Callable[..., requests.Response]
Body = dict[str, Any]

ONE_INVOICE = "/api/lien_thong/hoa_don/CS1/HD1"


def counts(api: PracticeNationalAPI, kind: str = "hoa_don") -> dict[str, Any]:
    kinds: Any = api.state["kinds"]
    found: dict[str, Any] = kinds[kind]
    return found


class TestPost:
    def test_the_document_is_stored_as_it_was_sent(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        national_id = send("hoa_don", invoice).json()["ma_hoa_don"]

        document = api.store.find("hoa_don", "CS1", "HD1")

        assert document is not None
        assert document.body == invoice
        assert document.national_ids == (national_id,)
        assert document.times_stored == 1

    @pytest.mark.parametrize(
        ("kind", "form"), [("hoa_don", r"HD_QG_\d{8}"), ("phieu_nhap", r"PN_QG_\d{8}"), ("phieu_xuat", r"PX_QG_\d{8}")]
    )
    def test_the_national_id_tells_the_kind(self, send: Call, documents: dict[str, Body], kind: str, form: str) -> None:
        content = send(kind, documents[kind]).json()

        assert re.fullmatch(form, content["ma_hoa_don"] if kind == "hoa_don" else content)

    def test_a_second_post_is_silently_stored_again_and_counted_as_doubled(
        self, api: PracticeNationalAPI, send: Call, invoice: Body
    ) -> None:
        ids = {send("hoa_don", invoice).json()["ma_hoa_don"] for _ in range(3)}

        assert len(ids) == 3
        assert {key: counts(api)[key] for key in ("stored", "distinct", "doubled")} == {
            "stored": 3,
            "distinct": 1,
            "doubled": 1,
        }

    def test_the_same_code_of_two_facilities_makes_two_documents(
        self, api: PracticeNationalAPI, send: Call, invoice: Body
    ) -> None:
        for facility in ("CS1", "CS2"):
            send("hoa_don", invoice | {"ma_co_so": facility})

        assert (counts(api)["distinct"], counts(api)["doubled"]) == (2, 0)

    def test_the_same_code_of_two_kinds_makes_two_documents(
        self, api: PracticeNationalAPI, send: Call, receipt: Body, issue_slip: Body
    ) -> None:
        send("phieu_nhap", receipt | {"ma_phieu": "P1"})
        send("phieu_xuat", issue_slip | {"ma_phieu": "P1"})

        assert (counts(api, "phieu_nhap")["distinct"], counts(api, "phieu_xuat")["distinct"]) == (1, 1)

    def test_calls_at_the_same_time_are_all_counted(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(lambda n: send("hoa_don", invoice | {"ma_hoa_don": f"HD{n}"}), range(100)))

        assert {answer.status_code for answer in answers} == {200}
        assert (counts(api)["stored"], counts(api)["distinct"]) == (100, 100)


class TestPut:
    def test_a_stored_document_is_corrected_and_keeps_its_id(
        self, api: PracticeNationalAPI, send: Call, invoice: Body
    ) -> None:
        first = send("hoa_don", invoice).json()

        second = send("hoa_don", invoice | {"ho_ten_khach_hang": "Trần Văn Mua"}, "PUT").json()

        document = api.store.find("hoa_don", "CS1", "HD1")
        assert second == first
        assert document is not None
        assert (document.times_stored, document.times_adopted) == (1, 1)
        assert document.body["ho_ten_khach_hang"] == "Trần Văn Mua"
        assert counts(api)["adopted"] == 1

    def test_a_document_that_was_never_sent_is_refused(
        self, api: PracticeNationalAPI, send: Call, receipt: Body
    ) -> None:
        answer = send("phieu_nhap", receipt, "PUT")

        assert (answer.status_code, answer.json()["message"]) == (404, "Phiếu nhập không tồn tại")
        assert api.store.documents() == []


class TestDelete:
    def test_a_stored_document_is_withdrawn(
        self, api: PracticeNationalAPI, send: Call, call: Call, invoice: Body
    ) -> None:
        send("hoa_don", invoice)

        answer = call("DELETE", ONE_INVOICE)

        assert (answer.status_code, answer.json()) == (200, {"code": 200, "mess": "Thành công"})
        assert api.store.find("hoa_don", "CS1", "HD1") is None
        assert counts(api)["withdrawn"] == 1

    def test_a_withdrawn_document_can_be_sent_again_and_is_not_doubled(
        self, api: PracticeNationalAPI, send: Call, call: Call, invoice: Body
    ) -> None:
        send("hoa_don", invoice)
        call("DELETE", ONE_INVOICE)

        national_id = send("hoa_don", invoice).json()["ma_hoa_don"]

        assert (counts(api)["stored"], counts(api)["doubled"]) == (2, 0)
        assert send("hoa_don", invoice, "PUT").json()["ma_hoa_don"] == national_id

    def test_an_unknown_document_is_refused(self, call: Call) -> None:
        answer = call("DELETE", ONE_INVOICE)

        assert (answer.status_code, answer.json()["message"]) == (404, "Hóa đơn không tồn tại")

    def test_a_code_may_hold_what_a_path_cannot(self, send: Call, call: Call, invoice: Body) -> None:
        send("hoa_don", invoice | {"ma_hoa_don": "HD/2026 {1}%2F?#ễ"})

        answer = call("DELETE", "/api/lien_thong/hoa_don/CS1/HD%2F2026%20%7B1%7D%252F%3F%23%E1%BB%85")

        assert answer.status_code == 200


class TestGet:
    def test_a_stored_invoice_is_answered_with_its_id_and_content(self, send: Call, call: Call, invoice: Body) -> None:
        told = send("hoa_don", invoice).json()

        assert call("GET", ONE_INVOICE).json() == told | {"data": invoice}

    def test_an_unknown_invoice_is_answered_with_404(self, call: Call) -> None:
        answer = call("GET", ONE_INVOICE)

        assert (answer.status_code, answer.json()["message"]) == (404, "Hóa đơn không tồn tại")

    def test_slips_cannot_be_read(self, send: Call, call: Call, receipt: Body) -> None:
        send("phieu_nhap", receipt)

        assert call("GET", "/api/lien_thong/phieu_nhap/CS1/PN1").status_code == 405


def test_refusals_are_counted_by_reason_whatever_the_line(api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
    for line in (0, 1):
        broken = invoice | {"hoa_don_chi_tiet": [dict(item) for item in invoice["hoa_don_chi_tiet"]]}
        broken["hoa_don_chi_tiet"][line]["so_lo"] = ""
        send("hoa_don", broken)
    send("hoa_don", invoice | {"ngay_ban": "x"})

    assert counts(api)["refused"] == 3
    assert counts(api)["reasons"] == [
        {"reason": "Số lô trống (so_lo)", "count": 2},
        {"reason": "Ngày bán không đúng định dạng (ngay_ban)", "count": 1},
    ]


def test_calls_are_counted_by_method_and_by_answer(
    api: PracticeNationalAPI, send: Call, call: Call, invoice: Body
) -> None:
    send("hoa_don", invoice)
    send("hoa_don", invoice, "PUT")
    call("GET", ONE_INVOICE)
    call("DELETE", ONE_INVOICE)
    call("DELETE", ONE_INVOICE)

    assert counts(api)["calls"] == {"POST": 1, "PUT": 1, "GET": 1, "DELETE": 2}
    assert counts(api)["answers"] == {"200": 4, "404": 1}


def test_a_body_over_a_megabyte_is_answered_with_413(call: Call) -> None:
    answer = call("POST", "/api/lien_thong/hoa_don", data=b" " * 1_000_001)

    assert (answer.status_code, answer.json()["code"]) == (413, 413)


def test_an_unknown_path_is_answered_with_404_in_json(anonymous: Call) -> None:
    answer = anonymous("GET", "/api/lien_thong/khac")

    assert (answer.status_code, answer.json()["code"]) == (404, 404)
