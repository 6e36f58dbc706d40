"""What a refusal quotes of what was sent does not get into an error's words."""

import json
from datetime import date
from decimal import Decimal

import pytest

from pharmasync.documents import SALES_INVOICE, read_document
from pharmasync.errors import CredentialsRefusedError, DeliveryError
from pharmasync.national.adapter import Account
from pharmasync.national.http import Call, Response
from pharmasync.national.v1 import Version1
from pharmasync.national.v1.quoting import quoted, words_of_page

NAME = "Nguyễn Thị Khách"

INVOICE = read_document(
    SALES_INVOICE,
    {
        "local_invoice_id": "HD1",
        "facility_code": "GPP-1",
        "sale_date": date(2026, 1, 1),
        "customer_name": NAME,
        "seller_name": "Trần  Bán",
        "national_prescription_id": "DT_QG_7",
    },
    [
        {
            "drug_code": "D1",
            "drug_name": "Thuốc",
            "lot_number": "L1",
            "expiry_date": date(2027, 1, 1),
            "unit": "viên",
            "concentration": "500 mg",
            "dosage": "1 viên",
            "quantity": 1,
            "unit_price": Decimal(1),
            "line_total": Decimal(1),
            "conversion_ratio": 1,
        }
    ],
)


@pytest.mark.parametrize(
    ("text", "hidden", "line"),
    [
        ("Tên 'Nguyễn Thị Khách' sai", [NAME], "Tên '***' sai"),
        ("tên NGUYỄN THỊ KHÁCH.", [NAME], "tên ***."),
        ("Nguyễn\n Thị\tKhách", [NAME], "***"),
        ("Nguyễn Thị Khách", ["Nguyễn", NAME], "***"),
        ("An Bán sai", ["Bán", "An Bán"], "*** sai"),
        ('Tên Lê "Tí" sai', ['Lê "Tí"'], "Tên *** sai"),
        ('{"x": "Lê \\"Tí\\" sai"}', ['Lê "Tí"'], '{"x": "*** sai"}'),
        ('{"x": "L\\u00ea \\"T\\u00ed\\" sai"}', ['Lê "Tí"'], '{"x": "*** sai"}'),
        ("An bán, Anh mua, Hoàng An", ["An"], "*** bán, Anh mua, Hoàng ***"),
        ("dòng 1: sai", ["1", ""], "dòng 1: sai"),
        ('{"x": "Nguy\\u1ec5n Th\\u1ecb Kh\\u00e1ch"}', [NAME], '{"x": "***"}'),
        ("mật khẩu (a+b) sai", ["(a+b)"], "mật khẩu *** sai"),
        ("x" * 190 + " " + NAME, [NAME], "x" * 190 + " ***"),
        ("Authorization: bearer abc.DEF-1, sai", [], "Authorization: ***, sai"),
        ("token eyJhbGciOiJI.eyJzdWIi.c2ln hết hạn", [], "token *** hết hạn"),
        ("Mã phiếu trống", [NAME], "Mã phiếu trống"),
    ],
)
def test_what_is_hidden_is_masked_before_the_text_is_cut(text: str, hidden: list[str], line: str) -> None:
    assert quoted(text, hidden) == line


def answers_with(status: int, words: str) -> list[Response]:
    """An answer that quotes, in every form that has words."""
    return [
        Response(status=status, body=json.dumps({"code": max(status, 400), "mess": words}).encode()),
        Response(status=status, body=json.dumps({"errors": [words]}).encode()),
        Response(status=status, body=words.encode(), content_type="text/html"),
    ]


def always(response: Response) -> Call:
    return lambda _: response


@pytest.mark.parametrize("status", [200, 400, 404, 409, 429, 500])
def test_no_error_about_a_document_quotes_a_person(status: int) -> None:
    for response in answers_with(status, f"Người mua {NAME}, người bán Trần Bán, đơn DT_QG_7: không hợp lệ"):
        for send in (Version1().create, Version1().correct):
            with pytest.raises(DeliveryError) as caught:
                send(always(response), SALES_INVOICE, INVOICE)
            assert not any(said in str(caught.value) for said in (NAME, "Trần", "DT_QG_7", "Kh\\u00e1ch"))


def test_no_error_about_a_look_up_quotes_a_person() -> None:
    response = Response(status=500, body=f"<html>{NAME}</html>".encode(), content_type="text/html")
    with pytest.raises(DeliveryError) as caught:
        Version1().find(always(response), SALES_INVOICE, INVOICE)
    assert NAME not in str(caught.value)


@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_no_error_about_a_login_quotes_the_password(status: int) -> None:
    for response in answers_with(status, "Tài khoản S1, mật khẩu Bí-mật*1: từ chối"):
        with pytest.raises(DeliveryError) as caught:
            Version1().login(always(response), Account("S1", "Bí-mật*1"))
        assert "Bí-mật" not in str(caught.value)
        assert isinstance(caught.value, CredentialsRefusedError) or status != 400


def test_a_document_prints_nobodys_name() -> None:
    assert NAME not in repr(INVOICE)
    assert "HD1" in repr(INVOICE)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (
            "<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>",
            "502 Bad Gateway nginx",
        ),
        ("<!DOCTYPE html><p>M&aacute;y ch&#7911; b&#7853;n</p>", "Máy chủ bận"),
        ("<style>a{b:c}</style><script>if (1 < 2) { x() }</script>x<!-- y < z -->", "x"),
        ("<STYLE>\na {b: c}\n</Style>\n<Script>\nx()\n</SCRIPT>\n<p>Bận", "Bận"),
        ("<p>cut off <script>in the mid", "cut off"),
        ("<p>cut off <a hre", "cut off"),
        ("no page at all", "no page at all"),
    ],
)
def test_of_a_page_the_words_are_shown(page: str, words: str) -> None:
    assert quoted(words_of_page(page)) == words
