import re
from collections.abc import Callable
from typing import Any

import pytest
import requests

from pharmasync.sandbox.national import PracticeNationalAPI

pytestmark = pytest.mark.integration

Call = Callable[..., requests.Response]
Body = dict[str, Any]


class TestState:
    def test_it_tells_the_same_as_the_object(
        self, api: PracticeNationalAPI, send: Call, call: Call, invoice: Body
    ) -> None:
        send("hoa_don", invoice)

        assert call("GET", "/_sandbox/state").json() == api.state

    def test_it_holds_the_current_switches_and_faults(self, api: PracticeNationalAPI, call: Call) -> None:
        api.set_switches(second_post="reject")
        api.set_faults(error_500=0.25)

        state = call("GET", "/_sandbox/state").json()

        assert state["switches"]["second_post"] == "reject"
        assert state["faults"]["error_500"] == 0.25

    def test_it_holds_the_latest_refusals_with_their_words(self, send: Call, call: Call, invoice: Body) -> None:
        invoice["hoa_don_chi_tiet"][1]["so_lo"] = ""
        send("hoa_don", invoice)
        call("DELETE", "/api/lien_thong/phieu_nhap/CS2/PN9")

        latest, earlier = call("GET", "/_sandbox/state").json()["latest_refusals"]

        assert latest | {"at": ""} == {
            "at": "",
            "kind": "phieu_nhap",
            "method": "DELETE",
            "facility": "CS2",
            "code": "PN9",
            "status": 404,
            "message": "Phiếu nhập không tồn tại",
        }
        assert (earlier["facility"], earlier["code"]) == ("CS1", "HD1")
        assert earlier["message"] == "Dòng 2: Số lô trống (so_lo)"


class TestDocuments:
    def test_it_lists_the_documents_of_a_kind(self, send: Call, call: Call, invoice: Body, receipt: Body) -> None:
        send("hoa_don", invoice)
        send("hoa_don", invoice)
        send("phieu_nhap", receipt)

        (listed,) = call("GET", "/_sandbox/documents?kind=hoa_don").json()

        assert listed.pop("changed_at")
        assert listed == {
            "kind": "hoa_don",
            "facility": "CS1",
            "code": "HD1",
            "times_stored": 2,
            "times_adopted": 0,
            "doubled": True,
            "withdrawn": False,
            "national_ids": ["HD_QG_00000001", "HD_QG_00000002"],
            "body": invoice,
        }

    def test_it_lists_the_latest_of_all_kinds(self, send: Call, call: Call, invoice: Body, receipt: Body) -> None:
        for code in ("HD1", "HD2"):
            send("hoa_don", invoice | {"ma_hoa_don": code})
        send("phieu_nhap", receipt)
        send("hoa_don", invoice, "PUT")

        listed = call("GET", "/_sandbox/documents?latest=2").json()

        assert [item["code"] for item in listed] == ["HD1", "PN1"]

    @pytest.mark.parametrize("query", ["kind=don_thuoc", "latest=x"])
    def test_a_wrong_choice_is_answered_with_400_and_named(self, anonymous: Call, query: str) -> None:
        answer = anonymous("GET", f"/_sandbox/documents?{query}")

        assert answer.status_code == 400
        assert repr(query.split("=")[1]) in answer.json()["message"]


class TestChanges:
    def test_switches_change_one_by_one(self, api: PracticeNationalAPI, anonymous: Call) -> None:
        anonymous("PATCH", "/_sandbox/switches", json={"second_post": "reject"})
        state = anonymous("PATCH", "/_sandbox/switches", json={"delay_ms": 1}).json()

        assert (state["switches"]["second_post"], state["switches"]["delay_ms"]) == ("reject", 1.0)
        assert state == api.state

    def test_faults_change_one_by_one(self, anonymous: Call, send: Call, invoice: Body) -> None:
        anonymous("PATCH", "/_sandbox/faults", json={"error_503": 1})

        assert send("hoa_don", invoice).status_code == 503

    @pytest.mark.parametrize(
        ("path", "body", "words"),
        [
            ("switches", {"third_post": "store"}, "unknown name 'third_post'"),
            ("switches", {"second_post": "maybe"}, "'second_post' must be in"),
            ("switches", {"get_slip": "perhaps"}, "get_slip must be true or false"),
            ("switches", [], "the body must be a JSON object"),
            ("faults", {"eror_500": 1}, "unknown name 'eror_500'"),
            ("faults", {"error_500": 1.5}, "'error_500' must be <= 1"),
            ("faults", {"error_500": "many"}, "error_500 must be a number"),
        ],
    )
    def test_a_wrong_change_is_answered_with_400_and_changes_nothing(
        self, api: PracticeNationalAPI, anonymous: Call, path: str, body: object, words: str
    ) -> None:
        before = api.state

        answer = anonymous("PATCH", f"/_sandbox/{path}", json=body)

        assert answer.status_code == 400
        assert words in answer.json()["message"]
        assert api.state == before

    def test_the_control_calls_answer_while_the_server_is_down(self, api: PracticeNationalAPI, anonymous: Call) -> None:
        api.set_faults(down=True)

        assert anonymous("PATCH", "/_sandbox/faults", json={"down": False}).status_code == 200


class TestExpireTokens:
    def test_all_tokens_become_worthless(self, call: Call, send: Call, invoice: Body) -> None:
        assert call("POST", "/_sandbox/expire-tokens").json() == {"expired": 1}
        assert send("hoa_don", invoice).status_code == 401

    def test_a_share_of_them_may_be_chosen(self, anonymous: Call, log_in: Call) -> None:
        for _ in range(4):
            log_in()

        assert anonymous("POST", "/_sandbox/expire-tokens", json={"share": 0.5}).json() == {"expired": 2}

    def test_a_share_beyond_1_is_answered_with_400(self, anonymous: Call) -> None:
        assert anonymous("POST", "/_sandbox/expire-tokens", json={"share": 2}).status_code == 400


class TestReset:
    def test_it_goes_back_to_the_start(self, api: PracticeNationalAPI, call: Call, send: Call, invoice: Body) -> None:
        send("hoa_don", invoice)
        send("hoa_don", invoice | {"ngay_ban": ""})
        api.set_switches(second_post="reject")
        api.set_faults(error_500=1)

        state = call("POST", "/_sandbox/reset").json()

        with PracticeNationalAPI() as fresh:
            assert state == fresh.state
        assert send("hoa_don", invoice).status_code == 401


class TestPage:
    def test_it_is_served_and_holds_no_external_link(self, anonymous: Call) -> None:
        answer = anonymous("GET", "/")

        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "Practice national API" in answer.text
        assert not re.search(r"https?:|(src|href|url)\W*//|@import", answer.text)

    def test_it_writes_no_data_as_html(self, anonymous: Call) -> None:
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", anonymous("GET", "/").text)
