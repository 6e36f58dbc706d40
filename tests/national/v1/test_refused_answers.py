"""Answers to a create or correct call that say no: for good, for now, or for want of a token."""

import json
import unicodedata

import pytest
from attrs import evolve

from pharmasync.errors import (
    AlreadyStoredError,
    NotStoredError,
    RefusedError,
    TokenRefusedError,
    UnavailableError,
)
from pharmasync.national.http import Response
from pharmasync.national.v1.answers import read_stored
from pharmasync.national.v1.ids import Own
from pharmasync.national.v1.quoting import LONGEST_REFUSAL

OWN = Own(code="HD-001", code_key="ma_hoa_don", id_key="ma_hoa_don_quoc_gia")
JSON = "application/json; charset=utf-8"


def answer(status: int, value: object) -> Response:
    return Response(status=status, body=json.dumps(value).encode(), content_type=JSON)


@pytest.mark.parametrize("key", ["mess", "message", "Message", "error"])
@pytest.mark.parametrize(
    "words",
    [
        "Mã cơ sở không chính xác",
        "Ngày bán không đúng định dạng",
        "Mã phiếu trống",
    ],
)
def test_a_refusal_keeps_the_apis_own_words(words: str, key: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_stored(answer(400, {"code": 400, key: words}), OWN)
    assert type(caught.value) is RefusedError
    assert str(caught.value) == f"{words} (HTTP 400)"
    assert caught.value.http_status == 400


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("code", [400, "400", 400.0, 0, "0", 201, 999_999_999, -1])
def test_http_200_with_another_code_than_200_is_a_refusal(status: int, code: object) -> None:
    with pytest.raises(RefusedError, match="Mã phiếu trống"):
        read_stored(answer(status, {"code": code, "mess": "Mã phiếu trống", "ma_hoa_don": "HD_QG_1"}), OWN)


@pytest.mark.parametrize("code", [400, "400", 0, 999_999_999])
@pytest.mark.parametrize("key", ["ma_hoa_don", "ma_hoa_don_quoc_gia"])
def test_a_code_that_refuses_goes_before_any_id_beside_it(key: str, code: object) -> None:
    with pytest.raises(RefusedError, match="Mã phiếu trống"):
        read_stored(answer(200, {"code": code, "mess": "Mã phiếu trống", key: "HD_QG_1"}), OWN)


@pytest.mark.parametrize("body", [b"HD_QG_1", b'"HD_QG_1"', b'{"code": 200, "ma_hoa_don_quoc_gia": "HD_QG_1"}'])
@pytest.mark.parametrize(
    ("status", "error"),
    [(400, RefusedError), (404, NotStoredError), (409, AlreadyStoredError), (302, UnavailableError)],
)
def test_an_id_under_a_status_that_refuses_is_none(status: int, error: type[Exception], body: bytes) -> None:
    with pytest.raises(error):
        read_stored(Response(status=status, body=body, content_type=JSON), OWN)


@pytest.mark.parametrize(
    ("status", "value", "error"),
    [
        (400, {"mess": "Mã phiếu trống"}, RefusedError),
        (402, {}, RefusedError),
        (403, {"message": "Không có quyền"}, RefusedError),
        (404, {"message": "Không có phiếu"}, NotStoredError),
        (404, {}, NotStoredError),
        (405, {}, RefusedError),
        (409, {"message": "Trùng"}, AlreadyStoredError),
        (409, {}, AlreadyStoredError),
        (413, {}, RefusedError),
        (415, {}, RefusedError),
        (422, {"mess": "Số lô trống"}, RefusedError),
        (499, {}, RefusedError),
        (200, {"code": 404, "mess": "x"}, NotStoredError),
        (200, {"code": "404", "mess": "x"}, NotStoredError),
        (200, {"code": 409, "mess": "x"}, AlreadyStoredError),
        (200, {"code": 422, "mess": "x"}, RefusedError),
    ],
)
def test_a_refusal_is_of_its_kind(status: int, value: object, error: type[RefusedError]) -> None:
    with pytest.raises(RefusedError) as caught:
        read_stored(answer(status, value), OWN)
    assert type(caught.value) is error
    assert caught.value.http_status == status


SAYS_ALREADY = [
    "Hoá đơn đã tồn tại",
    "HOÁ ĐƠN ĐÃ TỒN TẠI TRÊN HỆ THỐNG",
    "Phiếu đã có trên hệ thống",
    "Invoice already exists",
    "Duplicate key",
]
SAYS_UNKNOWN = [
    "Hoá đơn không tồn tại",
    "PHIẾU CHƯA TỒN TẠI",
    "Không tìm thấy phiếu",
    "Invoice not found",
    "The slip does not exist",
]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
@pytest.mark.parametrize(
    ("words", "error"),
    [*((words, AlreadyStoredError) for words in SAYS_ALREADY), *((words, NotStoredError) for words in SAYS_UNKNOWN)],
)
@pytest.mark.parametrize(("status", "code"), [(400, 400), (200, 400), (200, "500"), (422, 422)])
def test_the_words_tell_whether_it_is_there_in_either_form_of_unicode(
    form: str, words: str, error: type[RefusedError], status: int, code: object
) -> None:
    said = unicodedata.normalize(form, words)  # type: ignore[arg-type] # the table's forms are the known ones
    with pytest.raises(RefusedError) as caught:
        read_stored(answer(status, {"code": code, "mess": said}), OWN)
    assert type(caught.value) is error
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "body", [b'"M\xc3\xa3 phi\xe1\xba\xbfu tr\xe1\xbb\x91ng"', b"M\xc3\xa3 phi\xe1\xba\xbfu tr\xe1\xbb\x91ng"]
)
def test_words_may_come_bare(body: bytes) -> None:
    with pytest.raises(RefusedError, match=r"Mã phiếu trống \(HTTP 400\)"):
        read_stored(Response(status=400, body=body, content_type="text/plain"), OWN)


def test_a_refusal_without_words_tells_its_status() -> None:
    with pytest.raises(RefusedError, match=r"^HTTP 400$"):
        read_stored(Response(status=400), OWN)


def test_a_very_long_refusal_is_cut_and_put_on_one_line() -> None:
    with pytest.raises(RefusedError) as caught:
        read_stored(answer(400, {"mess": "Lỗi\r\n\x00\x1b[31m " * 1000}), OWN)
    assert str(caught.value).isprintable()
    assert str(caught.value).endswith("… (HTTP 400)")
    assert len(str(caught.value)) < LONGEST_REFUSAL + 20


def test_a_refusal_that_names_the_faults_of_many_lines_is_kept_to_the_last_one() -> None:
    words = "; ".join(f"dòng {line}: thiếu số lô" for line in range(1, 31))
    with pytest.raises(RefusedError) as caught:
        read_stored(answer(400, {"mess": words}), OWN)
    assert str(caught.value) == f"{words} (HTTP 400)"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (
            {
                "Message": "The request is invalid.",
                "ModelState": {"hd.so_lo": ["thiếu", "sai"], "hd.han_dung": ["thiếu"]},
            },
            "The request is invalid.: hd.so_lo: thiếu, sai; hd.han_dung: thiếu",
        ),
        (
            {"mess": "Dữ liệu sai", "data": {"errors": [{"dong": 2, "loi": "thiếu số lô"}]}},
            "Dữ liệu sai: dong: 2; loi: thiếu số lô",
        ),
        ({"title": "One or more", "errors": {"so_lo": ["thiếu"]}}, "so_lo: thiếu"),
        ({"mess": "Dữ liệu sai", "errors": {"so_lo": ["trùng"]}}, "Dữ liệu sai: so_lo: trùng"),
        ({"mess": "Mã phiếu trống", "errors": ["Mã phiếu trống"]}, "Mã phiếu trống"),
        ({"mess": "Mã phiếu trống", "errors": None}, "Mã phiếu trống"),
        ({"mess": "Mã phiếu trống", "errors": [None, {}]}, "Mã phiếu trống"),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_a_refusal_keeps_what_is_said_of_each_field(value: dict[str, object], told: str, status: int) -> None:
    with pytest.raises(RefusedError) as caught:
        read_stored(answer(status, {"code": 400, **value}), OWN)
    assert type(caught.value) is RefusedError, "a field that is there twice is no document that is"
    assert str(caught.value) == f"{told} ({'HTTP' if status == 400 else 'code'} 400)"


def test_what_is_said_of_a_field_names_no_person() -> None:
    own = evolve(OWN, hidden=lambda: ["Nguyễn Thị Khách"])
    with pytest.raises(RefusedError, match=r"^sai: ho_ten: \*\*\* quá dài \(HTTP 400\)$"):
        read_stored(answer(400, {"mess": "sai", "errors": {"ho_ten": ["Nguyễn Thị Khách quá dài"]}}), own)


@pytest.mark.parametrize("content_type", [JSON, "text/html; charset=utf-8", ""])
@pytest.mark.parametrize("body", [b"", b"{}", b'{"code": 200, "ma_hoa_don": "HD_QG_1"}', b"<html></html>"])
def test_401_is_a_refused_token_whatever_its_body(body: bytes, content_type: str) -> None:
    with pytest.raises(TokenRefusedError) as caught:
        read_stored(Response(status=401, body=body, content_type=content_type), OWN)
    assert caught.value.http_status == 401


@pytest.mark.parametrize("code", [401, "401"])
def test_code_401_in_a_200_is_a_refused_token(code: object) -> None:
    with pytest.raises(TokenRefusedError) as caught:
        read_stored(answer(200, {"code": code, "mess": "Token hết hạn"}), OWN)
    assert caught.value.http_status == 200


@pytest.mark.parametrize("code", [408, 425, 429, "429", 500, 502, "503", 599])
def test_a_code_that_says_not_now_is_like_that_status(code: object) -> None:
    response = Response(
        status=200, body=json.dumps({"Code": code, "mess": "Hệ thống bận"}).encode(), content_type=JSON, retry_after=7.0
    )
    with pytest.raises(UnavailableError, match=rf"trả lời code {code}: Hệ thống bận") as caught:
        read_stored(response, OWN)
    assert (caught.value.http_status, caught.value.retry_after) == (200, 7.0)


@pytest.mark.parametrize(("status", "code"), [(200, 422), (200, "400"), (201, -1)])
def test_a_code_that_is_not_the_status_is_named_as_one(status: int, code: object) -> None:
    with pytest.raises(RefusedError, match=rf"^Mã phiếu trống \(code {code}\)$") as caught:
        read_stored(answer(status, {"code": code, "mess": "Mã phiếu trống"}), OWN)
    assert caught.value.http_status == status


def test_code_409_in_a_400_is_like_409() -> None:
    with pytest.raises(AlreadyStoredError, match=r"\(code 409\)") as caught:
        read_stored(answer(400, {"code": 409, "mess": "Xung đột"}), OWN)
    assert caught.value.http_status == 400


@pytest.mark.parametrize("key", ["Mess", "MESSAGE", "Error"])
def test_words_are_found_whatever_the_case_of_their_key(key: str) -> None:
    with pytest.raises(RefusedError, match=r"^Mã phiếu trống"):
        read_stored(answer(200, {"CODE": 400, key: "Mã phiếu trống"}), OWN)


@pytest.mark.parametrize("nothing", ["", "  ", None, 5, []])
def test_words_are_found_beside_a_key_that_says_nothing(nothing: object) -> None:
    with pytest.raises(RefusedError, match=r"^Mã phiếu trống"):
        read_stored(answer(400, {"message": nothing, "mess": "Mã phiếu trống"}), OWN)


@pytest.mark.parametrize(
    "value", [{"code": 200, "Code": 400}, {"Code": 400, "code": 200}, {"code": 200, "CODE": "400"}]
)
def test_of_two_codes_the_one_that_refuses_counts(value: dict[str, object]) -> None:
    with pytest.raises(RefusedError, match="Mã phiếu trống"):
        read_stored(answer(200, {**value, "mess": "Mã phiếu trống", "ma_hoa_don": "HD_QG_1"}), OWN)


def test_words_are_found_in_data() -> None:
    with pytest.raises(RefusedError, match=r"^Mã phiếu trống"):
        read_stored(answer(400, {"code": 400, "data": {"mess": "Mã phiếu trống"}}), OWN)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 501, 502, 503, 504, 520, 599])
@pytest.mark.parametrize("body", [b"", b'{"code": 200, "ma_hoa_don": "HD_QG_1"}', b"Bad Gateway"])
def test_a_server_in_trouble_is_unavailable_whatever_its_body(status: int, body: bytes) -> None:
    with pytest.raises(UnavailableError) as caught:
        read_stored(Response(status=status, body=body, content_type=JSON), OWN)
    assert type(caught.value) is UnavailableError
    assert caught.value.http_status == status


@pytest.mark.parametrize("status", [408, 429, 503])
@pytest.mark.parametrize("seconds", [None, 0.0, 7.5, 86400.0])
def test_the_wait_that_the_server_asks_for_is_kept(status: int, seconds: float | None) -> None:
    with pytest.raises(UnavailableError) as caught:
        read_stored(Response(status=status, retry_after=seconds), OWN)
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("status", [600, 999])
def test_a_status_beyond_all_that_are_known_is_no_answer_of_the_api(status: int) -> None:
    with pytest.raises(UnavailableError):
        read_stored(answer(status, {"code": 200, "ma_hoa_don": "HD_QG_1"}), OWN)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
def test_a_redirect_is_no_answer_of_the_api(status: int) -> None:
    with pytest.raises(UnavailableError):
        read_stored(Response(status=status, body=b'{"code": 200, "ma_hoa_don": "HD_QG_1"}', content_type=JSON), OWN)


@pytest.mark.parametrize("status", [302, 503])
def test_of_an_answer_without_a_body_the_status_is_told(status: int) -> None:
    with pytest.raises(UnavailableError) as caught:
        read_stored(Response(status=status), OWN)
    assert str(caught.value) == (f"máy chủ quốc gia trả lời HTTP {status} / the national server answered HTTP {status}")


@pytest.mark.parametrize("status", [200, 201, 400, 403, 404, 409, 422, 500, 502])
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", b"<html><body>502 Bad Gateway</body></html>"),
        ("text/html; charset=utf-8", b"anything"),
        ("application/xhtml+xml", b"<page/>"),
        ("", b"  \r\n<!DOCTYPE html><html></html>"),
        (JSON, b"<HTML>login to the wifi</HTML>"),
        (JSON, b"\xef\xbb\xbf<p>Maintenance</p>"),
        ("text/html", b""),
    ],
)
def test_an_html_page_is_never_an_answer_of_the_api(status: int, content_type: str, body: bytes) -> None:
    with pytest.raises(UnavailableError) as caught:
        read_stored(Response(status=status, body=body, content_type=content_type), OWN)
    assert type(caught.value) is UnavailableError


@pytest.mark.parametrize(
    "words",
    [
        "Phiếu PN1 không tồn tại",
        "Không tìm thấy hoá đơn bán thuốc",
        "Hóa đơn chưa tồn tại",
        "không tồn tại",
        "Not found",
    ],
)
def test_words_about_the_document_say_that_it_is_not_stored(words: str) -> None:
    with pytest.raises(NotStoredError):
        read_stored(answer(400, {"message": words}), OWN)


@pytest.mark.parametrize("words", ["Mã thuốc 5 không tồn tại trong danh mục", "Mã cơ sở không tồn tại"])
@pytest.mark.parametrize("status", [400, 404, 422])
def test_words_about_something_else_that_is_unknown_are_a_plain_refusal(words: str, status: int) -> None:
    with pytest.raises(RefusedError) as caught:
        read_stored(answer(status, {"message": words}), OWN)
    assert type(caught.value) is RefusedError


@pytest.mark.parametrize(
    "words", ["Trùng số lô ở dòng 3", "Mã thuốc đã tồn tại trong phiếu", "Duplicate line in invoice"]
)
@pytest.mark.parametrize("status", [400, 409, 422])
def test_words_about_a_line_that_is_there_twice_are_a_plain_refusal(words: str, status: int) -> None:
    with pytest.raises(RefusedError) as caught:
        read_stored(answer(status, {"message": words}), OWN)
    assert type(caught.value) is RefusedError


@pytest.mark.parametrize("value", [{"message": "Phiếu chưa tồn tại"}, {"code": 409, "mess": "Invoice not found"}])
def test_words_that_the_document_is_unknown_go_before_a_409(value: object) -> None:
    with pytest.raises(NotStoredError):
        read_stored(answer(409, value), OWN)


@pytest.mark.parametrize(
    ("value", "in_words"), [({"mess": "Hoá đơn đã tồn tại"}, True), ({"mess": "Xung đột"}, False), ({}, False)]
)
def test_it_is_told_whether_words_say_that_it_is_stored_or_a_409_alone(value: object, *, in_words: bool) -> None:
    with pytest.raises(AlreadyStoredError) as caught:
        read_stored(answer(409, value), OWN)
    assert caught.value.in_words is in_words


def test_a_code_inside_data_refuses_as_well() -> None:
    with pytest.raises(RefusedError, match="sai"):
        read_stored(answer(200, {"mess": "sai", "data": {"code": 400, "ma_hoa_don": "HD-001"}}), OWN)
