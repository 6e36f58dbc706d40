from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from pharmasync.sandbox.national import Account, PracticeNationalAPI

pytestmark = pytest.mark.integration

Call = Callable[..., requests.Response]
Body = dict[str, Any]

ACCOUNTS: dict[str, str | Account] = {"a": "pass-a", "b": Account("pass-b", frozenset({"CS1"}))}


class TestWithoutConfiguredAccounts:
    def test_every_account_gets_a_token(self, log_in: Call) -> None:
        answer = log_in("anybody", "anything")

        assert answer.status_code == 200
        assert answer.json() == {"token": answer.json()["token"], "token_type": "bearer"}

    @pytest.mark.parametrize("password", ["wrong", "sai"])
    def test_two_passwords_are_wrong(self, log_in: Call, password: str) -> None:
        answer = log_in("anybody", password)

        assert (answer.status_code, answer.json()["message"]) == (400, "Tài khoản hoặc mật khẩu không đúng")


class TestWithConfiguredAccounts:
    @pytest.fixture
    def api(self) -> Iterator[PracticeNationalAPI]:
        with PracticeNationalAPI(accounts=ACCOUNTS) as running:
            yield running

    def test_the_right_password_gets_a_token(self, log_in: Call) -> None:
        assert log_in("a", "pass-a").status_code == 200

    @pytest.mark.parametrize(("usr", "pwd"), [("a", "pass-b"), ("unknown", "pass-a")])
    def test_a_wrong_account_or_password_is_refused(self, log_in: Call, usr: str, pwd: str) -> None:
        answer = log_in(usr, pwd)

        assert (answer.status_code, answer.json()["message"]) == (400, "Tài khoản hoặc mật khẩu không đúng")

    def test_five_wrong_logins_in_a_row_lock_the_account_even_for_the_right_password(
        self, api: PracticeNationalAPI, log_in: Call
    ) -> None:
        for _ in range(5):
            assert log_in("a", "x").json()["message"] == "Tài khoản hoặc mật khẩu không đúng"

        answer = log_in("a", "pass-a")

        assert (answer.status_code, answer.json()["message"]) == (400, "Tài khoản đã bị khóa")
        assert api.state["locked_accounts"] == ["a"]
        assert log_in("b", "pass-b").status_code == 200

    def test_a_right_login_between_wrong_ones_keeps_the_account_open(self, log_in: Call) -> None:
        for password in ["x"] * 4 + ["pass-a"] + ["x"] * 4:
            log_in("a", password)

        assert log_in("a", "pass-a").status_code == 200

    def test_the_number_of_wrong_logins_until_the_lock_is_a_switch(
        self, api: PracticeNationalAPI, log_in: Call
    ) -> None:
        api.set_switches(lock_after=1)
        log_in("a", "x")

        assert log_in("a", "pass-a").json()["message"] == "Tài khoản đã bị khóa"

    def test_logins_are_counted_by_account(self, api: PracticeNationalAPI, log_in: Call) -> None:
        for password in ("pass-a", "x", "pass-a"):
            log_in("a", password)

        assert api.state["logins"] == {"a": {"logins": 2, "bad_logins": 1, "bad_in_a_row": 0, "locked": False}}

    def test_an_account_may_be_bound_to_facilities(
        self, log_in: Call, session: requests.Session, anonymous: Call, invoice: Body
    ) -> None:
        session.headers["Authorization"] = "bearer " + log_in("b", "pass-b").json()["token"]

        right = anonymous("POST", "/api/lien_thong/hoa_don", json=invoice)
        wrong = anonymous("POST", "/api/lien_thong/hoa_don", json=invoice | {"ma_co_so": "CS2"})
        wrong_path = anonymous("DELETE", "/api/lien_thong/hoa_don/CS2/HD1")

        assert right.status_code == 200
        assert (wrong.status_code, wrong.json()["message"]) == (400, "Mã cơ sở không chính xác (ma_co_so)")
        assert wrong_path.status_code == 400


class TestTokens:
    def test_a_login_without_its_fields_is_refused(self, anonymous: Call) -> None:
        answer = anonymous("POST", "/api/tai_khoan/dang_nhap", json={"usr": "a"})

        assert (answer.status_code, answer.json()["message"]) == (400, "Mật khẩu trống (pwd)")

    def test_the_wrapped_form_holds_the_token_under_data(self, api: PracticeNationalAPI, log_in: Call) -> None:
        api.set_switches(login_form="wrapped")

        content = log_in().json()

        assert content["code"] == 200
        assert content["data"]["token_type"] == "bearer"
        assert content["data"]["token"]

    @pytest.mark.parametrize("header", [None, "bearer", "bearer unknown", "basic abc"])
    def test_a_call_without_a_good_token_is_answered_with_401(
        self, anonymous: Call, invoice: Body, header: str | None
    ) -> None:
        headers = {} if header is None else {"Authorization": header}

        assert anonymous("POST", "/api/lien_thong/hoa_don", json=invoice, headers=headers).status_code == 401

    @pytest.mark.parametrize("scheme", ["bearer", "Bearer", "BEARER"])
    def test_the_scheme_may_be_written_in_any_case(
        self, anonymous: Call, log_in: Call, invoice: Body, scheme: str
    ) -> None:
        headers = {"Authorization": f"{scheme} {log_in().json()['token']}"}

        assert anonymous("POST", "/api/lien_thong/hoa_don", json=invoice, headers=headers).status_code == 200

    def test_a_token_older_than_its_lifetime_is_answered_with_401(
        self, api: PracticeNationalAPI, send: Call, invoice: Body
    ) -> None:
        api.set_switches(token_lifetime=0)

        assert send("hoa_don", invoice).status_code == 401
        assert api.store.documents() == []

    def test_all_tokens_can_be_expired_at_once(self, api: PracticeNationalAPI, send: Call, invoice: Body) -> None:
        assert send("hoa_don", invoice).status_code == 200

        assert api.expire_tokens() == 1

        assert send("hoa_don", invoice).status_code == 401

    def test_a_share_of_the_tokens_can_be_expired(self, api: PracticeNationalAPI, log_in: Call) -> None:
        for _ in range(10):
            log_in()

        assert api.expire_tokens(0.3) == 3
        assert api.state["tokens"] == 7
