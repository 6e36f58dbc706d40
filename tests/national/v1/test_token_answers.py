"""Answers to a login."""

import json

import pytest

from pharmasync.errors import CredentialsRefusedError, UnavailableError
from pharmasync.national.http import Response
from pharmasync.national.v1.login import read_token

JSON = "application/json"
HTML = b"<html><body>Bad Gateway</body></html>"


def answer(value: object, status: int = 200) -> Response:
    return Response(status=status, body=json.dumps(value).encode(), content_type=JSON)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"token": "abc.def", "token_type": "bearer"}, id="flat"),
        pytest.param(
            {"code": 200, "message": "ok", "data": {"token": "abc.def", "token_type": "bearer"}}, id="wrapped"
        ),
        pytest.param({"code": "200", "data": {"token": "abc.def"}}, id="wrapped, code as text"),
        pytest.param({"data": {"token": "abc.def"}}, id="wrapped without a code"),
        pytest.param({"code": 200, "token": "abc.def", "data": None}, id="flat beside an empty data"),
        pytest.param({"Token": "abc.def"}, id="its key in another case"),
        pytest.param({"Code": 200, "Data": {"Token": "abc.def"}}, id="wrapped, its key in another case"),
        pytest.param({"code": 1, "data": {"token": "abc.def"}}, id="beside another code: a token goes first"),
        pytest.param({"token": " abc.def "}, id="blanks around it"),
        pytest.param({"token": None, "data": {"token": "abc.def"}}, id="empty outside, filled inside"),
    ],
)
def test_the_token_is_found_flat_and_wrapped(value: object) -> None:
    assert read_token(answer(value)) == "abc.def"


@pytest.mark.parametrize(
    ("status", "value"),
    [
        (400, {"message": "Sai tài khoản hoặc mật khẩu"}),
        (400, {"code": 400, "mess": "Sai tài khoản hoặc mật khẩu"}),
        (400, {"code": 200, "mess": "Sai tài khoản hoặc mật khẩu", "token": "abc"}),
        (401, {"message": "Sai tài khoản hoặc mật khẩu"}),
        (403, {"message": "Sai tài khoản hoặc mật khẩu"}),
        (423, {"message": "Sai tài khoản hoặc mật khẩu"}),
        (200, {"code": 400, "message": "Sai tài khoản hoặc mật khẩu"}),
        (200, {"code": "400", "message": "Sai tài khoản hoặc mật khẩu", "data": None}),
        (200, {"code": 401, "message": "Sai tài khoản hoặc mật khẩu"}),
        (200, {"code": 404, "message": "Sai tài khoản hoặc mật khẩu"}),
        (200, {"code": 1, "message": "Sai tài khoản hoặc mật khẩu"}),
        (200, {"code": -1, "message": "Sai tài khoản hoặc mật khẩu"}),
        (200, {"code": "LOI", "message": "Sai tài khoản hoặc mật khẩu"}),
        (200, {"code": 500, "message": "Sai tài khoản hoặc mật khẩu"}),
        (200, {"code": 200, "message": "Sai tài khoản hoặc mật khẩu"}),
        (200, {"Code": 400, "Message": "Sai tài khoản hoặc mật khẩu"}),
        (200, {"data": {"code": 400, "message": "Sai tài khoản hoặc mật khẩu"}}),
        (200, {"message": "Sai tài khoản hoặc mật khẩu"}),
        (200, "Sai tài khoản hoặc mật khẩu"),
        (404, {"message": "Sai tài khoản hoặc mật khẩu"}),
        (405, {"message": "Sai tài khoản hoặc mật khẩu"}),
        (410, {"message": "Sai tài khoản hoặc mật khẩu"}),
        (422, {"message": "Sai tài khoản hoặc mật khẩu"}),
    ],
)
def test_a_wrong_account_or_password_is_refused_with_the_apis_words(status: int, value: object) -> None:
    with pytest.raises(CredentialsRefusedError, match="Sai tài khoản hoặc mật khẩu") as caught:
        read_token(answer(value, status))
    assert caught.value.http_status == status


@pytest.mark.parametrize(
    ("body", "shown"), [(b"", "the login was refused"), (b"wrong password", "wrong password"), (HTML, "Bad Gateway")]
)
def test_a_400_is_a_refusal_whatever_its_body_lest_the_account_be_locked(body: bytes, shown: str) -> None:
    with pytest.raises(CredentialsRefusedError, match=shown):
        read_token(Response(status=400, body=body, content_type="text/html"))


@pytest.mark.parametrize("status", [302, 408, 425, 429, 500, 502, 503])
@pytest.mark.parametrize("body", [b"", b'{"token": "abc"}', HTML])
def test_a_server_in_trouble_refuses_no_account(status: int, body: bytes) -> None:
    with pytest.raises(UnavailableError) as caught:
        read_token(Response(status=status, body=body, content_type=JSON, retry_after=5.0))
    assert caught.value.http_status == status
    assert caught.value.retry_after == 5.0


def test_a_token_is_one_whatever_its_answer_is_called() -> None:
    assert read_token(Response(status=200, body=b'{"token": "abc"}', content_type="text/html")) == "abc"


@pytest.mark.parametrize(("body", "content_type"), [(HTML, "text/html"), (HTML, JSON), (b"anything", "text/html")])
def test_an_html_page_with_status_200_refuses_no_account(body: bytes, content_type: str) -> None:
    with pytest.raises(UnavailableError):
        read_token(Response(status=200, body=body, content_type=content_type))


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        ["abc"],
        "abc",
        {},
        {"code": 200},
        {"code": 200, "data": None},
        {"code": 200, "data": []},
        {"code": 200, "data": "abc"},
        {"token": None},
        {"token": ""},
        {"token": "   "},
        {"token": 5},
        {"token": {"value": "abc"}},
        {"token": "abc\r\nX-Evil: 1"},
        {"token": "abc\x00"},
        {"token": "mã"},
        {"token": "\ud800"},
    ],
    ids=ascii,
)
def test_a_whole_answer_without_a_token_that_fits_a_header_is_a_refusal(value: object) -> None:
    with pytest.raises(CredentialsRefusedError, match="refused"):
        read_token(answer(value))


@pytest.mark.parametrize("body", ["Sai mật khẩu".encode(), b"\xff", b"denied"])
@pytest.mark.parametrize("status", [200, 400, 403])
def test_a_text_that_is_no_json_is_a_refusal(status: int, body: bytes) -> None:
    with pytest.raises(CredentialsRefusedError):
        read_token(Response(status=status, body=body, content_type="text/plain"))


@pytest.mark.parametrize(
    "body", [b'{"detail": "Not Found"}', b'{"message": "No HTTP resource was found"}', b"gone", b""]
)
@pytest.mark.parametrize("status", [404, 405])
def test_a_server_that_has_no_logins_at_this_address_does_not_pause_the_shop(status: int, body: bytes) -> None:
    with pytest.raises(UnavailableError, match="without a token"):
        read_token(Response(status=status, body=body, content_type=JSON))


@pytest.mark.parametrize(
    "body", [b"", b" \r\n", b"{", b"[" * 100_000, b'{"token": "ab', b'"Sai', b'\xef\xbb\xbf {"token"']
)
def test_an_answer_that_did_not_come_whole_is_none(body: bytes) -> None:
    with pytest.raises(UnavailableError, match="without a token"):
        read_token(Response(status=200, body=body, content_type=JSON))


@pytest.mark.parametrize("code", [400, 401, "401", 403, 404, 1])
def test_a_code_that_refuses_is_a_refusal_without_any_words_lest_the_account_be_locked(code: object) -> None:
    with pytest.raises(CredentialsRefusedError):
        read_token(answer({"code": code}))


@pytest.mark.parametrize("code", [408, 425, 429, 500, "503"])
def test_a_code_that_says_not_now_does_not_pause_the_shop(code: object) -> None:
    response = Response(status=200, body=json.dumps({"code": code, "message": "bận"}).encode(), retry_after=5.0)
    with pytest.raises(UnavailableError, match="bận") as caught:
        read_token(response)
    assert (caught.value.http_status, caught.value.retry_after) == (200, 5.0)


@pytest.mark.parametrize(
    "words",
    [
        "Sai mật khẩu",
        "Tài khoản đã bị khóa",
        "Sai mat khau",
        "Đăng nhập không thành công",
        "Wrong password",
        "Account is locked",
        "Người dùng không hoạt động",
        "Unknown user",
        "Invalid credentials",
    ],
)
@pytest.mark.parametrize("code", [429, 500])
def test_words_about_the_account_or_its_password_go_before_such_a_code(code: int, words: str) -> None:
    with pytest.raises(CredentialsRefusedError, match=rf"{words} .*\(code {code}\)"):
        read_token(answer({"code": code, "message": words}))


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_page_that_is_about_credentials_is_a_refusal(status: int) -> None:
    with pytest.raises(CredentialsRefusedError):
        read_token(Response(status=status, body=HTML, content_type="text/html"))


@pytest.mark.parametrize("status", [200, 404, 405, 410])
def test_any_other_page_does_not_pause_the_shop(status: int) -> None:
    with pytest.raises(UnavailableError):
        read_token(Response(status=status, body=HTML, content_type="text/html"))
