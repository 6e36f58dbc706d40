"""Text: its longest length, field by field. Source: the columns "max length" of the API list."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from attrs import frozen

from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE, DocumentType
from pharmasync.words import Words

Fault = Callable[[DocumentType, str, dict[str, object]], Words]
ValueRead = Callable[[DocumentType, str, str, object], object]


@frozen
class Column:
    """One column of a document: where it stands and what people call it."""

    kind: DocumentType
    place: str
    name: str
    limit: int
    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.kind.name}.{self.name}"


OF_A_SLIP_LINE = [
    ("line", "drug_code", 50, "mã thuốc", "drug code"),
    ("line", "drug_name", 500, "tên thuốc", "drug name"),
    ("line", "lot_number", 50, "số lô", "lot number"),
    ("line", "registration_number", 50, "số đăng ký lưu hành", "registration number"),
    ("line", "unit", 200, "đơn vị tính", "unit"),
]

LIMITS = [
    Column(SALES_INVOICE, "header", "local_invoice_id", 50, "mã hoá đơn", "invoice code"),
    Column(SALES_INVOICE, "header", "facility_code", 50, "mã cơ sở", "facility code"),
    Column(
        SALES_INVOICE, "header", "national_prescription_id", 50, "mã đơn thuốc quốc gia", "national prescription code"
    ),
    Column(SALES_INVOICE, "header", "seller_name", 50, "họ tên người bán", "seller"),
    Column(SALES_INVOICE, "header", "customer_name", 50, "họ tên khách hàng", "buyer"),
    Column(SALES_INVOICE, "line", "drug_code", 50, "mã thuốc", "drug code"),
    Column(SALES_INVOICE, "line", "drug_name", 500, "tên thuốc", "drug name"),
    Column(SALES_INVOICE, "line", "lot_number", 50, "số lô", "lot number"),
    Column(SALES_INVOICE, "line", "unit", 50, "đơn vị tính", "unit"),
    Column(SALES_INVOICE, "line", "concentration", 500, "hàm lượng", "strength"),
    Column(SALES_INVOICE, "line", "route_of_administration", 200, "đường dùng", "route"),
    Column(SALES_INVOICE, "line", "registration_number", 50, "số đăng ký", "registration number"),
    Column(PURCHASE_RECEIPT, "header", "local_receipt_id", 50, "mã phiếu nhập", "receipt code"),
    Column(PURCHASE_RECEIPT, "header", "facility_code", 50, "mã cơ sở", "facility code"),
    Column(PURCHASE_RECEIPT, "header", "notes", 500, "ghi chú", "notes"),
    Column(GOODS_ISSUE_SLIP, "header", "local_slip_id", 50, "mã phiếu xuất", "slip code"),
    Column(GOODS_ISSUE_SLIP, "header", "facility_code", 50, "mã cơ sở", "facility code"),
    Column(GOODS_ISSUE_SLIP, "header", "notes", 500, "ghi chú", "notes"),
    Column(GOODS_ISSUE_SLIP, "header", "recipient_name", 500, "tên cơ sở nhận", "recipient"),
    *[Column(kind, *field) for kind in (PURCHASE_RECEIPT, GOODS_ISSUE_SLIP) for field in OF_A_SLIP_LINE],
]

CODES = [column for column in LIMITS if column.name == "facility_code" or column.name.startswith("local_")]
"""What names a document."""


@pytest.mark.parametrize("column", LIMITS, ids=str)
def test_text_as_long_as_its_limit_is_taken(value_read: ValueRead, column: Column) -> None:
    assert value_read(column.kind, column.place, column.name, "ắ" * column.limit) == "ắ" * column.limit


@pytest.mark.parametrize("column", LIMITS, ids=str)
def test_text_one_longer_than_its_limit_is_a_fault_that_tells_both_lengths(fault: Fault, column: Column) -> None:
    assert fault(column.kind, column.place, {column.name: "ắ" * (column.limit + 1)}) == Words(
        f"{column.vi} dài {column.limit + 1} ký tự, tối đa {column.limit}",
        f"{column.en} has {column.limit + 1} characters, at most {column.limit}",
    )


@pytest.mark.parametrize("column", [column for column in LIMITS if column not in CODES], ids=str)
def test_blanks_around_text_count_for_nothing(value_read: ValueRead, column: Column) -> None:
    assert value_read(column.kind, column.place, column.name, f"  {'x' * column.limit}\r\n") == "x" * column.limit


@pytest.mark.parametrize("column", CODES, ids=str)
def test_blanks_behind_a_code_count_for_nothing_as_in_sql_server(value_read: ValueRead, column: Column) -> None:
    assert value_read(column.kind, column.place, column.name, f"{'x' * column.limit}   ") == "x" * column.limit


@pytest.mark.parametrize("code", [" HD1", "\tHD1", "HD1\t", "HD1\n ", "HD1\u00a0", "\u00a0HD1", "\u3000HD1"])
@pytest.mark.parametrize("column", CODES, ids=str)
def test_codes_that_sql_server_tells_apart_are_not_sent_as_one(fault: Fault, column: Column, code: str) -> None:
    assert fault(column.kind, column.place, {column.name: code}) == Words(
        f"{column.vi} có khoảng trắng hoặc ký tự xuống dòng ở đầu hoặc cuối",
        f"{column.en} begins or ends with a blank or a line break",
    )


def test_a_dose_may_be_of_any_length(value_read: ValueRead) -> None:
    assert value_read(SALES_INVOICE, "line", "dosage", "1 viên " * 5000) == ("1 viên " * 5000).strip()


def test_a_supplier_may_have_500_characters(value_read: ValueRead) -> None:
    assert value_read(PURCHASE_RECEIPT, "header", "supplier_name", "x" * 500) == "x" * 500


def test_a_supplier_of_501_characters_is_a_fault(fault: Fault) -> None:
    words = fault(PURCHASE_RECEIPT, "header", {"supplier_name": "x" * 501, "receipt_type": 2})
    assert words.en == "supplier has 501 characters, at most 500"


@pytest.mark.parametrize(("raw", "text"), [(12345, "12345"), (Decimal("7.50"), "7.50"), (0, "0"), ("0", "0")])
def test_a_users_own_table_may_hold_a_code_as_a_number(value_read: ValueRead, raw: object, text: str) -> None:
    assert value_read(SALES_INVOICE, "line", "lot_number", raw) == text


@pytest.mark.parametrize("text", ["Thuốc <b>&\"'\\", "a\nb", "💊", "ế", "e\u0302\u0301"])
def test_text_is_taken_as_it_is(value_read: ValueRead, text: str) -> None:
    assert value_read(SALES_INVOICE, "line", "drug_name", text) == text
