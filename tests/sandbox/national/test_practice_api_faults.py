import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import Random
from typing import Any

import pytest
import requests
from requests.exceptions import ChunkedEncodingError, JSONDecodeError, ReadTimeout
from requests.exceptions import ConnectionError as NoConnectionError

from pharmasync.sandbox.national import ChangeError, Faults, PracticeNationalAPI, changed
from pharmasync.sandbox.national.faults import DOCUMENT_FAULTS, draw

pytestmark = pytest.mark.integration

Call = Callable[..., requests.Response]
Body = dict[str, Any]


def times_stored(api: PracticeNationalAPI) -> int:
    return sum(document.times_stored for document in api.store.documents())


def send_again(call: Call, invoice: Body) -> requests.Response:
    return call("POST", "/api/lien_thong/hoa_don", json=invoice | {"ma_hoa_don": "HD-2"})


def draws(faults: Faults, seed: int, times: int) -> list[str | None]:
    dice = Random(seed)  # noqa: S311  # has to come again with the same seed
    return [draw(faults, dice) for _ in range(times)]


class TestNothingIsStored:
    @pytest.mark.parametrize(("fault", "status"), [("error_500", 500), ("error_503", 503)])
    def test_an_error_is_answered_in_json(
        self, api: PracticeNationalAPI, send: Call, invoice: Body, fault: str, status: int
    ) -> None:
        api.set_faults(**{fault: 1})

        answer = send("hoa_don", invoice)

        assert (answer.status_code, answer.json()["code"]) == (status, status)
        assert times_stored(api) == 0

    def test_a_502_is_an_html_page(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_faults(html_502=1)

        answer = send("hoa_don", invoice)

        assert answer.status_code == 502
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "<h1>502 Bad Gateway</h1>" in answer.text
        assert times_stored(api) == 0

    def test_rate_limited_tells_the_seconds_to_wait(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_faults(rate_limited=1, retry_after_seconds=7)

        answer = send("hoa_don", invoice)

        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
        assert times_stored(api) == 0

    def test_rate_limited_date_tells_the_moment_to_wait_for(
        self, api: PracticeNationalAPI, send: Call, invoice: Body
    ) -> None:
        api.set_faults(rate_limited_date=1, retry_after_seconds=7)

        answer = send("hoa_don", invoice)

        assert answer.status_code == 429
        moment = parsedate_to_datetime(answer.headers["Retry-After"])
        assert 4 < (moment - datetime.now(UTC)).total_seconds() <= 7
        assert times_stored(api) == 0

    def test_cut_before_cuts_the_connection(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_faults(cut_before=1)

        with pytest.raises(NoConnectionError):
            send("hoa_don", invoice)

        assert times_stored(api) == 0

    def test_an_expired_token_stays_worthless(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_faults(expired_token=1)
        assert send("hoa_don", invoice).status_code == 401

        api.set_faults(expired_token=0)

        assert send("hoa_don", invoice).status_code == 401
        assert times_stored(api) == 0

    def test_a_redirect_leads_to_a_page_that_answers_200(
        self, api: PracticeNationalAPI, send: Call, call: Call, invoice: Body
    ) -> None:
        api.set_faults(redirect=1)

        answer = send("hoa_don", invoice)

        assert answer.status_code == 302
        assert call("GET", answer.headers["Location"]).status_code == 200
        assert times_stored(api) == 0

    def test_down_closes_every_connection(
        self, api: PracticeNationalAPI, send: Call, log_in: Call, invoice: Body
    ) -> None:
        api.set_faults(down=True)

        with pytest.raises(NoConnectionError):
            send("hoa_don", invoice)
        with pytest.raises(NoConnectionError):
            log_in()

        assert times_stored(api) == 0
        api.set_faults(down=False)
        assert send("hoa_don", invoice).status_code == 200


class TestTheDocumentIsStored:
    def test_a_lost_answer_cuts_the_connection(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_faults(lost_answer=1)

        with pytest.raises(NoConnectionError):
            send("hoa_don", invoice)

        assert times_stored(api) == 1

    def test_a_lost_answer_keeps_to_the_switches(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_switches(second_post="reject")
        api.set_faults(lost_answer=1)

        for _ in range(2):
            with pytest.raises(NoConnectionError):
                send("hoa_don", invoice)

        assert times_stored(api) == 1

    def test_a_lost_answer_to_a_wrong_document_stores_nothing(
        self, api: PracticeNationalAPI, send: Call, invoice: Body
    ) -> None:
        api.set_faults(lost_answer=1)

        with pytest.raises(NoConnectionError):
            send("hoa_don", invoice | {"ngay_ban": "x"})

        assert times_stored(api) == 0

    def test_a_stalled_answer_comes_late(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_faults(stall=1, stall_seconds=0.2)

        answer = send("hoa_don", invoice)

        assert answer.status_code == 200
        assert answer.elapsed.total_seconds() >= 0.2

    def test_a_stall_outlasts_an_impatient_client_but_not_the_server(
        self, api: PracticeNationalAPI, session: requests.Session, call: Call, invoice: Body
    ) -> None:
        assert call("GET", "/_sandbox/state").status_code == 200
        api.set_faults(stall=1, stall_seconds=3600)

        with pytest.raises(ReadTimeout):
            session.post(f"{api.url}/api/lien_thong/hoa_don", json=invoice, timeout=0.1)

        assert times_stored(api) == 1
        began = time.monotonic()
        api.stop()
        assert time.monotonic() - began < 5

    def test_the_body_may_be_empty(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_faults(empty_body=1)

        answer = send("hoa_don", invoice)

        assert (answer.status_code, answer.content) == (200, b"")
        assert times_stored(api) == 1

    @pytest.mark.parametrize("kind", ["hoa_don", "phieu_nhap"])
    def test_the_json_may_be_cut_short(
        self, api: PracticeNationalAPI, send: Call, documents: dict[str, Body], kind: str
    ) -> None:
        api.set_faults(truncated_json=1)

        answer = send(kind, documents[kind])

        assert answer.status_code == 200
        assert answer.content
        with pytest.raises(JSONDecodeError):
            answer.json()
        assert times_stored(api) == 1

    def test_the_types_may_be_wrong(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_faults(wrong_types=1)

        answer = send("hoa_don", invoice)

        assert answer.status_code == 200
        assert isinstance(answer.json()["ma_hoa_don"], list)
        assert isinstance(answer.json()["code"], dict)
        assert times_stored(api) == 1

    def test_the_body_may_be_huge(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_faults(huge_body=1)

        answer = send("hoa_don", invoice)

        assert len(answer.content) > 10_000_000
        assert times_stored(api) == 1

    def test_the_answer_may_come_byte_by_byte(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_faults(drip=1, drip_seconds=0.005)

        answer = send("hoa_don", invoice)

        assert answer.json()["code"] == 200
        assert answer.elapsed.total_seconds() < 0.005 * len(answer.content), "the headers come at once"
        assert times_stored(api) == 1

    def test_a_drip_outlasts_an_impatient_client(
        self, api: PracticeNationalAPI, session: requests.Session, call: Call, invoice: Body
    ) -> None:
        assert call("GET", "/_sandbox/state").status_code == 200
        api.set_faults(drip=1, drip_seconds=0.05)

        with session.post(f"{api.url}/api/lien_thong/hoa_don", json=invoice, timeout=10, stream=True) as answer:
            assert next(answer.iter_content(1))

        assert times_stored(api) == 1
        api.set_faults(drip=0)
        assert send_again(call, invoice).status_code == 200

    def test_the_body_may_have_no_end(
        self, api: PracticeNationalAPI, session: requests.Session, call: Call, invoice: Body
    ) -> None:
        assert call("GET", "/_sandbox/state").status_code == 200
        api.set_faults(endless_body=1)
        read = 0

        with session.post(f"{api.url}/api/lien_thong/hoa_don", json=invoice, timeout=10, stream=True) as answer:
            for chunk in answer.iter_content(100_000):
                read += len(chunk)
                if read > 5_000_000:
                    break

        assert answer.status_code == 200
        assert read > 5_000_000
        assert times_stored(api) == 1

    def test_the_connection_may_be_closed_half_way(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_faults(closed_half_way=1)

        with pytest.raises((ChunkedEncodingError, NoConnectionError)):
            send("hoa_don", invoice)

        assert times_stored(api) == 1

    @pytest.mark.parametrize("kind", ["hoa_don", "phieu_nhap"])
    def test_the_answer_may_be_about_another_document(
        self, api: PracticeNationalAPI, send: Call, documents: dict[str, Body], kind: str
    ) -> None:
        api.set_switches(answer_form="echo")
        api.set_faults(other_document=1)

        answer = send(kind, documents[kind]).json()

        (stored,) = api.store.documents()
        code, national_id = (answer[name] for name in answer if name.startswith("ma_"))
        assert code not in {stored.code, stored.national_id}
        assert national_id not in stored.national_ids
        assert answer["code"] == 200

    def test_an_answer_that_is_an_id_may_be_another_documents(
        self, api: PracticeNationalAPI, send: Call, documents: dict[str, Body]
    ) -> None:
        api.set_faults(other_document=1)

        answer = send("phieu_nhap", documents["phieu_nhap"]).json()

        assert answer == "PN_QG_99999999"
        assert times_stored(api) == 1

    def test_a_refusal_is_about_no_document(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_faults(other_document=1)

        answer = send("hoa_don", invoice | {"ngay_ban": "x"})

        assert answer.status_code == 400
        assert answer.json()["code"] == 400


class TestLogin:
    def test_a_login_may_be_answered_with_500(self, api: PracticeNationalAPI, log_in: Call) -> None:
        api.set_faults(login_500=1)

        assert log_in().status_code == 500
        assert api.state["logins"] == {}

    def test_faults_of_documents_leave_it_alone(self, api: PracticeNationalAPI, log_in: Call) -> None:
        api.set_faults(error_500=1)

        assert log_in().status_code == 200


class TestRates:
    def test_faults_played_are_counted_by_name(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        api.set_faults(error_500=1)
        send("hoa_don", invoice)
        api.set_faults(error_500=0, error_503=1)
        send("hoa_don", invoice)
        send("hoa_don", invoice)

        assert api.state["faults_played"] == {"error_500": 1, "error_503": 2}

    def test_the_same_seed_draws_the_same_faults(self) -> None:
        faults = Faults(error_500=0.3, lost_answer=0.2)

        first, second, other = (draws(faults, seed, times=100) for seed in (1, 1, 2))

        assert first == second
        assert first != other

    def test_every_fault_comes_as_often_as_its_rate_says(self) -> None:
        faults = changed(Faults(), dict.fromkeys(DOCUMENT_FAULTS, 0.05))
        drawn = draws(faults, seed=0, times=10_000)

        assert all(400 < drawn.count(name) < 600 for name in DOCUMENT_FAULTS)
        assert 700 < drawn.count(None) < 1300

    def test_rates_that_add_up_to_more_than_1_are_refused(self, api: PracticeNationalAPI) -> None:
        with pytest.raises(ChangeError, match=r"add up to 1\.2"):
            api.set_faults(error_500=0.6, error_503=0.6)
