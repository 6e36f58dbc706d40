"""Answers to a create or correct call that say "stored", in the list's form and in the clients'."""

import json

import pytest

from pharmasync.errors import UnreadableAnswerError
from pharmasync.national.adapter import Stored
from pharmasync.national.http import Response
from pharmasync.national.v1.answers import NO_ID, read_stored
from pharmasync.national.v1.ids import Own

INVOICE = Own(code="HD-001", code_key="ma_hoa_don", id_key="ma_hoa_don_quoc_gia", facility="79-00012")
RECEIPT = Own(code="PN-001", code_key="ma_phieu", id_key="ma_phieu_nhap_quoc_gia")
SLIP = Own(code="PX-001", code_key="ma_phieu", id_key="ma_phieu_xuat_quoc_gia")


def answer(value: object, status: int = 200) -> Response:
    return Response(status=status, body=json.dumps(value).encode(), content_type="application/json; charset=utf-8")


@pytest.mark.parametrize(
    ("own", "value", "national_id"),
    [
        pytest.param(
            INVOICE, {"ma_hoa_don": "HD_QG_1", "code": 200, "mess": "Thành công"}, "HD_QG_1", id="invoice, list form"
        ),
        pytest.param(
            INVOICE,
            {"code": 200, "mess": "Thành công", "ma_hoa_don_quoc_gia": "HD_QG_1"},
            "HD_QG_1",
            id="invoice, clients' form",
        ),
        pytest.param(
            INVOICE,
            {"code": 200, "ma_hoa_don": "HD-001", "ma_hoa_don_quoc_gia": "HD_QG_1"},
            "HD_QG_1",
            id="the national key goes before the echo",
        ),
        pytest.param(
            INVOICE,
            {"code": 200, "ma_hoa_don": "HD_QG_1", "ma_hoa_don_quoc_gia": "HD_QG_1"},
            "HD_QG_1",
            id="the id in both places",
        ),
        pytest.param(INVOICE, {"code": "200", "ma_hoa_don": "HD_QG_1"}, "HD_QG_1", id="code as text"),
        pytest.param(INVOICE, {"code": 200.0, "ma_hoa_don": "HD_QG_1"}, "HD_QG_1", id="code with a decimal point"),
        pytest.param(INVOICE, {"Code": 200, "Ma_Hoa_Don_Quoc_Gia": "HD_QG_1"}, "HD_QG_1", id="keys in another case"),
        pytest.param(INVOICE, {"CODE": 200, "Data": {"MA_HOA_DON": "HD_QG_1"}}, "HD_QG_1", id="the list's, likewise"),
        pytest.param(INVOICE, {"code": None, "ma_hoa_don_quoc_gia": "HD_QG_1"}, "HD_QG_1", id="an empty code"),
        pytest.param(INVOICE, {"code": " ", "ma_hoa_don_quoc_gia": "HD_QG_1"}, "HD_QG_1", id="a blank code"),
        pytest.param(INVOICE, {"code": 201, "ma_hoa_don_quoc_gia": "HD_QG_1"}, "HD_QG_1", id="code 201"),
        pytest.param(INVOICE, {"code": 200, "data": "HD_QG_1"}, "HD_QG_1", id="data is the id"),
        pytest.param(INVOICE, {"code": 200, "ma_hoa_don_quoc_gia": "HD_QG_AB"}, "HD_QG_AB", id="no digit"),
        pytest.param(
            INVOICE,
            {"code": 200, "data": {"code": 77, "ma_hoa_don_quoc_gia": "HD_QG_1"}},
            "HD_QG_1",
            id="data has a code of its own",
        ),
        pytest.param(
            INVOICE,
            {"ma_hoa_don": " hd-001 ", "ma_hoa_don_quoc_gia": "HD_QG_1"},
            "HD_QG_1",
            id="echo in another case",
        ),
        pytest.param(INVOICE, {"code": " 200 ", "ma_hoa_don": "HD_QG_1"}, "HD_QG_1", id="code as text with blanks"),
        pytest.param(INVOICE, {"ma_hoa_don_quoc_gia": "HD_QG_1"}, "HD_QG_1", id="no code"),
        pytest.param(INVOICE, {"ma_hoa_don": "HD_QG_1", "mess": "ok"}, "HD_QG_1", id="list form, no code"),
        pytest.param(INVOICE, {"ma_hoa_don": "HD_QG_1", "mess": ""}, "HD_QG_1", id="list form, no code, no words"),
        pytest.param(INVOICE, {"code": 200, "data": {"ma_hoa_don": "HD_QG_1"}}, "HD_QG_1", id="wrapped in data"),
        pytest.param(
            INVOICE,
            {"code": 200, "data": {"ma_hoa_don": "HD-001", "ma_hoa_don_quoc_gia": "HD_QG_1"}},
            "HD_QG_1",
            id="wrapped in data, with an echo",
        ),
        pytest.param(
            INVOICE,
            {"code": 200, "ma_hoa_don": "HD-001", "data": {"ma_hoa_don_quoc_gia": "HD_QG_1"}},
            "HD_QG_1",
            id="echo outside, id inside",
        ),
        pytest.param(RECEIPT, "PN_QG_12345678", "PN_QG_12345678", id="receipt, bare text"),
        pytest.param(
            RECEIPT,
            {"code": 200, "mess": "ok", "ma_phieu_nhap_quoc_gia": "PN_QG_1"},
            "PN_QG_1",
            id="receipt, clients' form",
        ),
        pytest.param(
            RECEIPT,
            {"code": "200", "message": "ok", "ma_phieu_nhap_quoc_gia": "PN_QG_1"},
            "PN_QG_1",
            id="receipt, message instead of mess",
        ),
        pytest.param(SLIP, "PX_QG_12345678", "PX_QG_12345678", id="slip, bare text"),
        pytest.param(
            SLIP, {"code": 200, "mess": "ok", "ma_phieu_xuat_quoc_gia": "PX_QG_1"}, "PX_QG_1", id="slip, clients' form"
        ),
    ],
)
@pytest.mark.parametrize("status", [200, 201, 202])
def test_the_national_id_is_found(own: Own, value: object, national_id: str, status: int) -> None:
    assert read_stored(answer(value, status), own) == Stored(national_id=national_id)


@pytest.mark.parametrize(
    ("own", "value"),
    [
        (INVOICE, {"code": 200, "ma_hoa_don": "HD-001"}),
        (INVOICE, {"code": 200, "ma_hoa_don_quoc_gia": "HD-001"}),
        (INVOICE, {"code": 200, "ma_hoa_don": " hd-001"}),
        (INVOICE, {"code": 200, "ma_hoa_don_quoc_gia": "79-00012"}),
        (RECEIPT, {"code": 200, "ma_phieu": "PN-001"}),
    ],
)
def test_what_was_sent_is_never_taken_for_the_national_id(own: Own, value: object) -> None:
    assert read_stored(answer(value), own) == Stored(national_id=None, note=NO_ID)


@pytest.mark.parametrize(
    "value",
    [
        "HD-001",
        " hd-001 ",
        "79-00012",
        {"ma_hoa_don": "HD-001"},
        {"ma_hoa_don": "HD-001", "mess": "Mã thuốc không hợp lệ"},
        {"ma_hoa_don": "HD-001", "ma_co_so": "79-00012", "data": None},
        {"ma_hoa_don_quoc_gia": "HD-001"},
        {"code": None, "ma_hoa_don": "HD-001"},
    ],
    ids=repr,
)
def test_what_was_sent_alone_does_not_say_that_it_is_stored(value: object) -> None:
    with pytest.raises(UnreadableAnswerError):
        read_stored(answer(value), INVOICE)


def test_a_refusal_within_a_good_answer_that_has_no_id_is_uncertain() -> None:
    with pytest.raises(UnreadableAnswerError):
        read_stored(answer({"code": 200, "data": {"code": 400, "mess": "Mã phiếu trống"}}), INVOICE)


@pytest.mark.parametrize("value", [{"Code": 200, "code": "OK"}, {"code": "lỗi", "ma_hoa_don_quoc_gia": "HD_QG_1"}])
def test_a_code_that_is_no_number_makes_an_answer_uncertain(value: object) -> None:
    with pytest.raises(UnreadableAnswerError):
        read_stored(answer(value), INVOICE)


@pytest.mark.parametrize("content_type", ["text/plain", "text/html", "application/json", ""])
@pytest.mark.parametrize("body", [b"PN_QG_12345678", b" \r\nPN_QG_12345678\r\n", b"\xef\xbb\xbfPN_QG_12345678"])
def test_an_id_may_come_without_quotes(body: bytes, content_type: str) -> None:
    response = Response(status=200, body=body, content_type=content_type)
    assert read_stored(response, RECEIPT) == Stored(national_id="PN_QG_12345678")


@pytest.mark.parametrize("code", [200, "200"])
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"mess": "Thành công"},
        {"ma_hoa_don": None},
        {"ma_hoa_don": ""},
        {"ma_hoa_don": "Thành công"},
        {"ma_hoa_don": ["HD_QG_1"]},
        {"ma_hoa_don": "HD_QG_1" * 20},
        {"data": None},
        {"data": []},
        {"ma_hoa_don_quoc_gia": 1234.5},
        {"data": {}},
        {"data": {"code": 200}},
        {"data": {"code": 77, "ma_hoa_don": "HD-001"}},
        {"data": "HD-999"},
    ],
    ids=repr,
)
def test_code_200_without_an_id_is_stored_and_noted(code: object, more: dict[str, object]) -> None:
    assert read_stored(answer({"code": code, **more}), INVOICE) == Stored(national_id=None, note=NO_ID)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        200,
        12345678,
        1e300,
        "",
        "Thành công",
        "OK",
        "Phiếu 12 đã lưu",
        "HD_QG_1" * 20,
        [],
        ["HD_QG_1"],
        [{"code": 200}],
        {},
        {"mess": "Thành công"},
        {"status": "ok"},
        {"error": "Object reference not set to an instance of an object."},
        {"ma_hoa_don": None},
        {"ma_hoa_don": 5},
        {"ma_hoa_don": {"id": "HD_QG_1"}},
        {"code": None},
        {"code": None, "ma_hoa_don": "HD_QG_1"},
        {"Code": " ", "ma_hoa_don": "HD_QG_1"},
        {"code": True, "ma_hoa_don": "HD_QG_1"},
        {"code": 200.5, "ma_hoa_don": "HD_QG_1"},
        {"code": "OK", "ma_hoa_don": "HD_QG_1"},
        {"code": [200], "ma_hoa_don": "HD_QG_1"},
        {"code": "²00", "ma_hoa_don": "HD_QG_1"},
        {"code": 1_000_000_000, "ma_hoa_don": "HD_QG_1"},
        {"code": "9" * 5000, "ma_hoa_don": "HD_QG_1"},
        {"code": "-200", "ma_hoa_don": "HD_QG_1"},
    ],
    ids=lambda value: repr(value)[:40],
)
@pytest.mark.parametrize("status", [200, 201, 299])
def test_an_answer_that_says_neither_stored_nor_refused_is_uncertain(value: object, status: int) -> None:
    with pytest.raises(UnreadableAnswerError) as caught:
        read_stored(answer(value, status), INVOICE)
    assert caught.value.http_status == status


@pytest.mark.parametrize(
    "value",
    [
        {"code": 200, "ma_hoa_don": "HD-999", "ma_hoa_don_quoc_gia": "HD_QG_1"},
        {"code": 200, "data": {"ma_hoa_don": "HD-999", "ma_hoa_don_quoc_gia": "HD_QG_1"}},
    ],
)
def test_an_answer_about_another_document_is_uncertain(value: object) -> None:
    with pytest.raises(UnreadableAnswerError):
        read_stored(answer(value), INVOICE)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"   ", id="blank"),
        pytest.param(b'{"code": 200, "ma_hoa_don_quoc_gia": "HD_QG', id="cut off"),
        pytest.param(b'{"code": 200}{"code": 200}', id="twice"),
        pytest.param(b"HD-002", id="another word without quotes"),
        pytest.param(b"HD_QG_1 is stored", id="a sentence with an id"),
        pytest.param(b"'HD_QG_1'", id="other quotes"),
        pytest.param(b"[" * 100_000, id="nested too deep"),
        pytest.param(b'{"data":' * 100_000, id="objects nested too deep"),
        pytest.param(b'{"code":' + b"9" * 5000 + b"}", id="a number too large to read"),
        pytest.param(b"\xff\xff\xff", id="no text at all"),
        pytest.param(b"\x00" * 100, id="zeros"),
        pytest.param(b'"\\ud800"', id="half of a character"),
        pytest.param(b'"\\ud8001"', id="half of a character and a digit"),
        pytest.param(b'"HD_QG_1\\n"', id="an id with a line's end"),
        pytest.param(b'"HD_QG_1\\u0000"', id="an id with a zero"),
        pytest.param(b"NaN", id="NaN"),
    ],
)
def test_a_body_that_cannot_be_read_is_uncertain_and_shown_on_one_printable_line(body: bytes) -> None:
    with pytest.raises(UnreadableAnswerError) as caught:
        read_stored(Response(status=200, body=body, content_type="application/json"), INVOICE)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


def test_an_empty_body_is_called_empty() -> None:
    with pytest.raises(UnreadableAnswerError, match=r"\(HTTP 204\): \(trống\) / an empty answer \(HTTP 204\)$"):
        read_stored(Response(status=204), INVOICE)


@pytest.mark.parametrize(
    "body", [b'\xef\xbb\xbf{"code": 200, "ma_hoa_don": "HD_QG_1"}', b'  {"code":200,"ma_hoa_don":"HD_QG_1"}\r\n']
)
def test_a_byte_order_mark_and_blanks_do_no_harm(body: bytes) -> None:
    assert read_stored(Response(status=200, body=body), INVOICE) == Stored(national_id="HD_QG_1")


@pytest.mark.parametrize("content_type", ["text/html", "text/html; charset=utf-8", "text/plain", ""])
@pytest.mark.parametrize("before", [b"", b"\r\n", b"\xef\xbb\xbf", b"\n\xef\xbb\xbf "])
def test_json_is_an_answer_whatever_it_is_called(content_type: str, before: bytes) -> None:
    body = before + b'{"code": 200, "ma_hoa_don_quoc_gia": "HD_QG_1"}'
    response = Response(status=200, body=body, content_type=content_type)
    assert read_stored(response, INVOICE) == Stored(national_id="HD_QG_1")


def test_words_that_are_no_utf_8_do_no_harm() -> None:
    response = Response(status=200, body=b'{"code": 200, "mess": "Th\xe0nh c\xf4ng", "ma_hoa_don_quoc_gia": "HD_QG_1"}')
    assert read_stored(response, INVOICE) == Stored(national_id="HD_QG_1")


def test_an_id_that_is_no_utf_8_is_none() -> None:
    response = Response(status=200, body=b'{"code": 200, "ma_hoa_don_quoc_gia": "HD_QG_\xe01"}')
    assert read_stored(response, INVOICE) == Stored(national_id=None, note=NO_ID)


def test_half_a_character_in_the_words_does_no_harm() -> None:
    response = Response(status=200, body=b'{"code": 200, "mess": "\\ud800", "ma_hoa_don": "HD_QG_1"}')
    assert read_stored(response, INVOICE) == Stored(national_id="HD_QG_1")


@pytest.mark.parametrize("text", ["400", "ERR_500", "https://x/login2", "error-12345", "lỗi_500", "Đã_lưu_1"])
def test_a_bare_text_that_is_a_status_or_an_address_or_a_word_of_a_language_is_no_id(text: str) -> None:
    with pytest.raises(UnreadableAnswerError):
        read_stored(Response(status=200, body=f'"{text}"'.encode(), content_type="application/json"), INVOICE)


def test_an_id_may_be_as_long_as_its_column_and_no_longer() -> None:
    longest = "HD_QG_".ljust(100, "1")
    assert read_stored(answer({"code": 200, "ma_hoa_don_quoc_gia": longest}), INVOICE).national_id == longest
    assert read_stored(answer({"code": 200, "ma_hoa_don_quoc_gia": f"{longest}1"}), INVOICE).national_id is None


def test_a_national_id_may_be_a_number() -> None:
    body = b'{"code": 200, "ma_hoa_don_quoc_gia": 123456}'
    assert read_stored(Response(status=200, body=body), INVOICE).national_id == "123456"


def test_an_answer_about_another_document_is_seen_across_its_parts() -> None:
    body = b'{"code": 200, "ma_hoa_don": "HD-999", "data": {"ma_hoa_don_quoc_gia": "HD_QG_1"}}'
    with pytest.raises(UnreadableAnswerError):
        read_stored(Response(status=200, body=body), INVOICE)
