"""The calls that version 1 makes, byte for byte. ``Wire`` stands in for the transport: it answers from a script."""

import json
from collections.abc import Callable

import pytest
from attrs import define, field

from pharmasync.documents import (
    DOCUMENT_TYPES,
    GOODS_ISSUE_SLIP,
    PURCHASE_RECEIPT,
    SALES_INVOICE,
    Document,
    DocumentType,
    read_document,
)
from pharmasync.errors import AlreadyStoredError, CredentialsRefusedError, NotStoredError, TokenRefusedError
from pharmasync.national.adapter import Account, Stored
from pharmasync.national.http import Request, Response
from pharmasync.national.v1 import Version1
from pharmasync.national.v1.wire import FORMS, wire_form

Row = dict[str, object]
RowsOf = Callable[..., tuple[Row, list[Row]]]

JSON = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
API = Version1()

each_type = pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)


@define
class Wire:
    """Answers every call alike and keeps the requests."""

    answer: Response
    requests: list[Request] = field(factory=list)

    def __call__(self, request: Request) -> Response:
        self.requests.append(request)
        return self.answer


def answering(value: object, status: int = 200) -> Wire:
    return Wire(Response(status=status, body=json.dumps(value).encode(), content_type="application/json"))


def document_of(rows_of: RowsOf, kind: DocumentType, **header: object) -> Document:
    return read_document(kind, *rows_of(kind, header=header))


def test_a_login_posts_account_and_password() -> None:
    wire = answering({"token": "abc", "token_type": "bearer"})

    assert API.login(wire, Account("pharmacy79", 'mật"khẩu')) == "abc"

    assert wire.requests == [
        Request(
            method="POST",
            path="/api/tai_khoan/dang_nhap",
            body='{"usr":"pharmacy79","pwd":"mật\\"khẩu"}'.encode(),
            headers=JSON,
        )
    ]


def test_a_login_writes_no_document() -> None:
    wire = answering({"token": "abc"})
    API.login(wire, Account("a", "b"))
    assert not wire.requests[0].writes


def test_a_refused_login_is_told() -> None:
    with pytest.raises(CredentialsRefusedError):
        API.login(answering({"message": "Sai mật khẩu"}, 400), Account("a", "b"))


def test_the_token_stands_behind_a_lower_case_bearer_beside_the_other_headers() -> None:
    request = Request(method="POST", path="/x", body=b"{}", headers=JSON, writes=True)
    assert API.authorised(request, "abc.def") == Request(
        method="POST", path="/x", body=b"{}", headers={**JSON, "Authorization": "bearer abc.def"}, writes=True
    )
    assert "Authorization" not in request.headers


def test_a_new_token_takes_the_place_of_the_old_one() -> None:
    once = API.authorised(Request(method="GET", path="/x"), "old")
    assert API.authorised(once, "new").headers["Authorization"] == "bearer new"


def test_neither_token_nor_document_is_printed() -> None:
    request = API.authorised(Request(method="POST", path="/x", body=b"Nguyen Van Mua"), "abc.def")
    assert "abc.def" not in repr(request)
    assert "Nguyen" not in repr(request)
    assert "s3cret" not in repr(Account("a", "s3cret"))
    assert "HD_QG" not in repr(Response(status=200, body=b"HD_QG_1"))


@pytest.mark.parametrize(
    ("response", "refused"),
    [
        (Response(status=401), True),
        (Response(status=401, body=b"<html>", content_type="text/html"), True),
        (Response(status=200, body=b'{"code": 401, "mess": "x"}'), True),
        (Response(status=200, body=b'{"code": "401", "mess": "x"}'), True),
        (Response(status=200, body=b'{"code": 200, "ma_hoa_don": "HD_QG_401"}'), False),
        (Response(status=200, body=b'"HD_QG_401"'), False),
        (Response(status=200, body=b'{"data": {"code": 401}}'), True),
        (Response(status=200, body=b'{"Code": 401.0}'), True),
        (Response(status=201, body=b'{"code": 401}'), True),
        (Response(status=200, body=b'{"code": 200, "data": {"code": 401}}'), False),
        (Response(status=200, body=b"401"), False),
        (Response(status=200, body=b'401 {"code"'), False),
        (Response(status=200), False),
        (Response(status=400, body=b'{"code": 401}'), False),
        (Response(status=403), False),
        (Response(status=500, body=b'{"code": 401}'), False),
    ],
)
def test_a_refused_token_is_seen_as_status_and_as_code(response: Response, *, refused: bool) -> None:
    assert API.token_refused(response) is refused


@pytest.mark.parametrize(
    ("kind", "path", "answer", "national_id"),
    [
        (SALES_INVOICE, "/api/lien_thong/hoa_don", {"code": 200, "ma_hoa_don": "HD_QG_1"}, "HD_QG_1"),
        (PURCHASE_RECEIPT, "/api/lien_thong/phieu_nhap", "PN_QG_1", "PN_QG_1"),
        (
            GOODS_ISSUE_SLIP,
            "/api/lien_thong/phieu_xuat",
            {"code": "200", "ma_phieu_xuat_quoc_gia": "PX_QG_1"},
            "PX_QG_1",
        ),
    ],
)
@pytest.mark.parametrize(("operation", "method"), [(API.create, "POST"), (API.correct, "PUT")], ids=["POST", "PUT"])
def test_a_document_is_written_to_its_path_and_its_id_is_read(  # noqa: PLR0913, PLR0917 - the columns of both tables
    rows_of: RowsOf,
    operation: Callable[..., Stored],
    method: str,
    kind: DocumentType,
    path: str,
    answer: object,
    national_id: str,
) -> None:
    wire = answering(answer)
    document = document_of(rows_of, kind)

    assert operation(wire, kind, document) == Stored(national_id=national_id)

    [request] = wire.requests
    assert (request.method, request.path, request.headers, request.writes) == (method, path, JSON, True)
    assert request.body == json.dumps(wire_form(kind, document), ensure_ascii=False, separators=(",", ":")).encode()


@each_type
@pytest.mark.parametrize("sent", ["own code", "facility"])
def test_what_was_sent_is_not_taken_for_its_id_when_the_answer_repeats_it(
    rows_of: RowsOf, kind: DocumentType, sent: str
) -> None:
    document = document_of(rows_of, kind, facility_code="79-00012")
    repeated = kind.own_code(document) if sent == "own code" else "79-00012"

    for key in ("ma_hoa_don", "ma_phieu", FORMS[kind.name].national_id):
        assert API.create(answering({"code": 200, key: repeated}), kind, document).national_id is None


@each_type
def test_a_correction_has_the_same_body_as_the_document_had(rows_of: RowsOf, kind: DocumentType) -> None:
    wire = answering({"code": 200})
    document = document_of(rows_of, kind)
    API.create(wire, kind, document)
    API.correct(wire, kind, document)
    assert wire.requests[0].body == wire.requests[1].body


def test_vietnamese_text_travels_as_utf_8(rows_of: RowsOf) -> None:
    wire = answering({"code": 200})
    API.create(wire, SALES_INVOICE, document_of(rows_of, SALES_INVOICE, seller_name="Trần Thị Bán"))
    body = wire.requests[0].body
    assert body is not None
    assert "Trần Thị Bán".encode() in body


@pytest.mark.parametrize(
    ("facility", "code", "path"),
    [
        ("79-00012", "HD-001", "79-00012/HD-001"),
        ("79/00012", "HD 001", "79%2F00012/HD%20001"),
        ("CS?x=1", "HD#1&a=b", "CS%3Fx%3D1/HD%231%26a%3Db"),
        ("CS", "../../tai_khoan", "CS/..%2F..%2Ftai_khoan"),
        ("CS", "HĐ-Ư", "CS/H%C4%90-%C6%AF"),
        ("CS", "100%", "CS/100%25"),
        ("CS", "a+b", "CS/a%2Bb"),
        ("CS", "a\\b\r\nX: y", "CS/a%5Cb%0D%0AX%3A%20y"),
    ],
)
def test_an_invoice_is_read_back_by_facility_and_code_whatever_they_hold(
    rows_of: RowsOf, facility: str, code: str, path: str
) -> None:
    wire = answering({}, 404)
    document = document_of(rows_of, SALES_INVOICE, facility_code=facility, local_invoice_id=code)

    assert API.find(wire, SALES_INVOICE, document) is None

    assert wire.requests == [Request(method="GET", path=f"/api/lien_thong/hoa_don/{path}", headers=JSON)]
    assert not wire.requests[0].writes


def test_an_invoice_that_is_there_is_found(rows_of: RowsOf) -> None:
    document = document_of(rows_of, SALES_INVOICE)
    wire = answering({**API.body(SALES_INVOICE, document), "ma_hoa_don_quoc_gia": "HD_QG_1"})
    assert API.find(wire, SALES_INVOICE, document) == Stored(national_id="HD_QG_1")


@pytest.mark.parametrize("kind", [PURCHASE_RECEIPT, GOODS_ISSUE_SLIP], ids=lambda kind: kind.name)
def test_slips_cannot_be_read_and_no_call_is_made(rows_of: RowsOf, kind: DocumentType) -> None:
    wire = answering({"code": 200})
    assert API.find(wire, kind, document_of(rows_of, kind)) is None
    assert wire.requests == []


@pytest.mark.parametrize(
    ("status", "error"), [(401, TokenRefusedError), (404, NotStoredError), (409, AlreadyStoredError)]
)
@each_type
def test_refusals_come_through(rows_of: RowsOf, kind: DocumentType, status: int, error: type[Exception]) -> None:
    for operation in (API.create, API.correct):
        with pytest.raises(error):
            operation(answering({}, status), kind, document_of(rows_of, kind))


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (SALES_INVOICE, "ma_hoa_don_quoc_gia"),
        (PURCHASE_RECEIPT, "ma_phieu_nhap_quoc_gia"),
        (GOODS_ISSUE_SLIP, "ma_phieu_xuat_quoc_gia"),
    ],
)
def test_each_document_has_its_own_key_for_the_national_id(rows_of: RowsOf, kind: DocumentType, key: str) -> None:
    ids = {"ma_hoa_don_quoc_gia": "HD_QG_1", "ma_phieu_nhap_quoc_gia": "PN_QG_1", "ma_phieu_xuat_quoc_gia": "PX_QG_1"}
    stored = API.create(answering({"code": 200, **ids}), kind, document_of(rows_of, kind))
    assert stored.national_id == ids[key]


def test_the_journal_learns_what_names_a_person() -> None:
    assert API.personal_fields() == {
        *("ho_ten_nguoi_ban", "ho_ten_khach_hang", "ma_don_thuoc_quoc_gia"),
        *("ten_co_so_cung_cap", "ten_co_so_nhan"),
    }
