"""Whether the document that was read back is the one that was sent."""

import json

import pytest

from pharmasync.errors import ForeignDocumentError, NotStoredError, TokenRefusedError, UnavailableError
from pharmasync.national.adapter import Stored
from pharmasync.national.http import Response
from pharmasync.national.v1.finding import read_found
from pharmasync.national.v1.ids import Own
from pharmasync.national.v1.wire import FORMS
from pharmasync.words import Words

OWN = Own(code="HD-001", code_key="ma_hoa_don", id_key="ma_hoa_don_quoc_gia")
SENT: dict[str, object] = {"ma_hoa_don": "HD-001", "ma_co_so": "79-00012", "ngay_ban": "20260301"}
FORM = FORMS["sales_invoice"]
JSON = "application/json"
MINE: dict[str, object] = {"ma_hoa_don": "HD-001", "ma_hoa_don_quoc_gia": "HD_QG_1"}


def found(value: object, status: int = 200) -> Stored | None:
    response = Response(status=status, body=json.dumps(value).encode(), content_type=JSON)
    return read_found(response, OWN, SENT, FORM)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(MINE, id="both ids"),
        pytest.param({"code": 200, **MINE}, id="with a code"),
        pytest.param({"code": "200", "mess": "ok", "data": MINE}, id="wrapped in data"),
        pytest.param(
            {"Code": 200, "Data": {"Ma_Hoa_Don": "hd-001 ", "MA_HOA_DON_QUOC_GIA": "HD_QG_1"}},
            id="keys and code in another case",
        ),
        pytest.param({"code": 200, "data": None, **MINE}, id="beside an empty data"),
        pytest.param({"ma_hoa_don_quoc_gia": "HD_QG_1"}, id="the national id alone"),
        pytest.param({"code": 200, "ma_hoa_don": "HD_QG_1", "ma_hoa_don_quoc_gia": "HD_QG_1"}, id="in both places"),
        pytest.param({"code": 200, "ma_hoa_don": "HD_QG_1", "ma_co_so": "79-00012"}, id="the list's form"),
        pytest.param({**MINE, **SENT}, id="the whole document"),
        pytest.param({**MINE, "ma_co_so": " 79-00012 "}, id="blanks around the facility"),
        pytest.param({**MINE, "ngay_ban": "2026-03-01"}, id="an ISO day"),
        pytest.param({**MINE, "ngay_ban": "2026-03-01T19:45:12"}, id="an ISO moment"),
        pytest.param({**MINE, "ngay_ban": "01/03/2026"}, id="a Vietnamese day"),
        pytest.param({**MINE, "ngay_ban": "01-03-2026"}, id="a Vietnamese day with dashes"),
        pytest.param({**MINE, "ngay_ban": None, "ma_co_so": None}, id="nothing to compare"),
        pytest.param({**MINE, "ho_ten_khach_hang": "somebody else"}, id="what may be changed is not compared"),
    ],
)
def test_this_document_is_found_with_its_id(value: object) -> None:
    assert found(value) == Stored(national_id="HD_QG_1")


@pytest.mark.parametrize(
    "value",
    [
        {"ma_hoa_don": "HD-001"},
        {"code": 200, "data": {"ma_hoa_don": "HD-001"}},
        {"ma_hoa_don": "HD-001", "ho_ten_khach_hang": "", "mess": None},
        {"code": 200, "ma_hoa_don": "HD-001", "data": {"ngay_ban": "20260301"}},
    ],
)
def test_this_document_is_found_although_only_its_own_code_is_told(value: object) -> None:
    assert found(value) is not None


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"ma_co_so": "79-99999"}, ("mã cơ sở 79-99999", "facility code 79-99999")),
        ({"ngay_ban": "20250301"}, ("ngày bán 20250301", "date of sale 20250301")),
        ({"ngay_ban": "2025-03-01"}, ("ngày bán 2025-03-01", "date of sale 2025-03-01")),
        ({"ngay_ban": "01/03/2025"}, ("ngày bán 01/03/2025", "date of sale 01/03/2025")),
        ({"ngay_ban": "01-03-2025"}, ("ngày bán 01-03-2025", "date of sale 01-03-2025")),
        ({"ngay_ban": "202503011945"}, ("ngày bán 202503011945", "date of sale 202503011945")),
        ({"ngay_ban": "20250301194512"}, ("ngày bán 20250301194512", "date of sale 20250301194512")),
        ({"ngay_ban": " 20250301 "}, ("ngày bán 20250301", "date of sale 20250301")),
        ({"ma_co_so": "79-99999", "ngay_ban": "20260301"}, ("mã cơ sở 79-99999", "facility code 79-99999")),
    ],
)
def test_another_document_under_the_same_code_is_refused_and_what_differs_is_told(
    more: dict[str, object], told: tuple[str, str]
) -> None:
    for value in ({**MINE, **more}, {"code": 200, "data": {**MINE, **more}}):
        with pytest.raises(ForeignDocumentError) as caught:
            found(value)
        assert caught.value.words == Words(
            f"hệ thống quốc gia đã có chứng từ khác mang mã này ({told[0]})",
            f"the national server has another document under this code ({told[1]})",
        )


@pytest.mark.parametrize("status", [404, 405])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"", ""), (b"{}", JSON), (b"<html>Not Found</html>", "text/html"), (json.dumps(MINE).encode(), JSON)],
)
def test_404_and_405_show_nothing_in_whatever_form(status: int, body: bytes, content_type: str) -> None:
    response = Response(status=status, body=body, content_type=content_type)
    assert read_found(response, OWN, SENT, FORM) is None


@pytest.mark.parametrize("status", [400, 403, 409, 410, 422])
@pytest.mark.parametrize("value", [{"mess": "không"}, MINE], ids=["words", "document"])
def test_another_refusal_shows_nothing(status: int, value: dict[str, object]) -> None:
    assert found({"code": status, **value}, status) is None
    assert found(value, status) is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        [MINE],
        "HD_QG_1",
        5,
        {},
        {"code": 200},
        {"code": 200, "data": None},
        {"code": 200, "data": []},
        {"code": 200, "data": [MINE]},
        {"code": 400, **MINE},
        {"code": "404", **MINE},
        {"code": 501, **MINE},
        {"ma_hoa_don": "HD-999", "ma_hoa_don_quoc_gia": "HD_QG_1"},
        {"ma_hoa_don": "HD_QG_9", "ma_hoa_don_quoc_gia": "HD_QG_1"},
        {"ma_hoa_don": 1, "ma_hoa_don_quoc_gia": 2},
        {"code": 200, "ma_hoa_don": "HD-001", "ma_co_so": "79-00012", "data": None},
        {"ma_hoa_don": "HD-001", "Data": []},
        {"code": "NOT_FOUND", "ma_hoa_don": "HD-001"},
        {"code": 404, "mess": "Không tìm thấy cơ sở"},
        {"code": 200, "mess": "Không tìm thấy", **MINE},
    ],
    ids=lambda value: repr(value)[:50],
)
def test_an_answer_that_does_not_show_this_document_shows_nothing(value: object) -> None:
    assert found(value) is None


@pytest.mark.parametrize(
    ("status", "value"),
    [
        (200, {"mess": "không tìm thấy"}),
        (200, {"code": 404, "mess": "không tìm thấy"}),
        (200, {"code": "404"}),
        (200, {"Code": 404, "ma_hoa_don": "HD-001"}),
        (200, {"ma_hoa_don": "HD-001", "mess": "Không tìm thấy"}),
        (200, {"code": 200, "ma_hoa_don": "HD-001", "message": "Khong tim thay hoa don"}),
        (404, {"message": "Không tìm thấy hoá đơn"}),
        (400, {"code": 400, "mess": "Hóa đơn không tồn tại"}),
        (404, {"error": "Invoice not found"}),
        (410, {"error": "Invoice not found"}),
    ],
)
def test_that_the_document_is_not_there_is_told_where_the_api_says_so(status: int, value: object) -> None:
    with pytest.raises(NotStoredError) as caught:
        found(value, status)
    assert caught.value.http_status == status


@pytest.mark.parametrize(
    "value",
    [
        {"status": 404, "error": "Not Found", "path": "/api"},
        {"detail": "Not Found"},
        {"message": "The requested URL was not found"},
        {"message": "Mã thuốc của hoá đơn không tồn tại"},
        {"code": 404},
    ],
    ids=repr,
)
def test_a_404_that_may_mean_that_there_are_no_look_ups_says_nothing_of_the_document(value: object) -> None:
    assert found(value, 404) is None


def test_a_document_that_is_called_a_page_is_found() -> None:
    response = Response(status=200, body=json.dumps(MINE).encode(), content_type="text/html")
    assert read_found(response, OWN, SENT, FORM) == Stored(national_id="HD_QG_1")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"HD_QG_1"])
def test_a_body_that_cannot_be_read_shows_nothing(body: bytes) -> None:
    assert read_found(Response(status=200, body=body, content_type=JSON), OWN, SENT, FORM) is None


@pytest.mark.parametrize("status", [301, 302, 408, 429, 500, 502, 503])
def test_a_server_in_trouble_shows_nothing_about_the_document(status: int) -> None:
    response = Response(status=status, body=b"", retry_after=9.0)
    with pytest.raises(UnavailableError) as caught:
        read_found(response, OWN, SENT, FORM)
    assert caught.value.retry_after == 9.0


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_nor_do_the_words_of_a_server_in_trouble(status: int) -> None:
    with pytest.raises(UnavailableError):
        found({"message": "Không tìm thấy hoá đơn"}, status)


@pytest.mark.parametrize(("value", "status"), [({}, 401), ({"code": 401}, 200)])
def test_a_refused_token_is_told(value: object, status: int) -> None:
    with pytest.raises(TokenRefusedError):
        found(value, status)


@pytest.mark.parametrize("code", [408, 429, 500, "503"])
def test_a_code_that_says_not_now_shows_nothing_about_the_document(code: object) -> None:
    with pytest.raises(UnavailableError):
        found({"code": code, "mess": "Hệ thống bận"})


@pytest.mark.parametrize("day", ["", " ", "20260301083000", "202603010830", "20260301 08:00", "2026-02-28T17:00:00Z"])
def test_a_day_in_an_unknown_form_is_not_another_day(day: str) -> None:
    assert found({**MINE, "ngay_ban": day, "ma_co_so": ""}) == Stored(national_id="HD_QG_1")


@pytest.mark.parametrize("value", [{"ma_hoa_don": "HD-2"}, {"code": 200, "data": {"ma_hoa_don": "79-12345"}}])
def test_another_code_is_not_taken_for_a_national_id(value: object) -> None:
    assert found(value) is None


def test_an_echo_is_told_to_be_one() -> None:
    stored = found({"ma_hoa_don": "HD-001"})
    assert stored is not None
    assert stored.note is not None


@pytest.mark.parametrize("status", [200, 400, 403, 404, 405, 410, 501])
def test_a_page_where_there_are_no_look_ups_shows_nothing_and_hinders_nothing(status: int) -> None:
    response = Response(status=status, body=b"<html>no such route</html>", content_type="text/html")
    assert read_found(response, OWN, SENT, FORM) is None
