"""Text: its longest length, field by field. Source: the columns "max length" of the API list."""

from decimal import Decimal

import pytest

from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE
from pharmasync.words import Words
from tests.documents.column import Fault, LimitedColumn, ValueRead

OF_A_SLIP_LINE = [
    ("line", "drug_code", "mã thuốc", "drug code", 50),
    ("line", "drug_name", "tên thuốc", "drug name", 500),
    ("line", "lot_number", "số lô", "lot number", 50),
    ("line", "registration_number", "số đăng ký lưu hành", "registration number", 50),
    ("line", "unit", "đơn vị tính", "unit", 200),
]

LIMITS = [
    LimitedColumn(SALES_INVOICE, "header", "local_invoice_id", "mã hoá đơn", "invoice code", 50),
    LimitedColumn(SALES_INVOICE, "header", "facility_code", "mã cơ sở", "facility code", 50),
    LimitedColumn(
        SALES_INVOICE, "header", "national_prescription_id", "mã đơn thuốc quốc gia", "national prescription code", 50
    ),
    LimitedColumn(SALES_INVOICE, "header", "seller_name", "họ tên người bán", "seller", 50),
    LimitedColumn(SALES_INVOICE, "header", "customer_name", "họ tên khách hàng", "buyer", 50),
    LimitedColumn(SALES_INVOICE, "line", "drug_code", "mã thuốc", "drug code", 50),
    LimitedColumn(SALES_INVOICE, "line", "drug_name", "tên thuốc", "drug name", 500),
    LimitedColumn(SALES_INVOICE, "line", "lot_number", "số lô", "lot number", 50),
    LimitedColumn(SALES_INVOICE, "line", "unit", "đơn vị tính", "unit", 50),
    LimitedColumn(SALES_INVOICE, "line", "concentration", "hàm lượng", "strength", 500),
    LimitedColumn(SALES_INVOICE, "line", "route_of_administration", "đường dùng", "route", 200),
    LimitedColumn(SALES_INVOICE, "line", "registration_number", "số đăng ký", "registration number", 50),
    LimitedColumn(PURCHASE_RECEIPT, "header", "local_receipt_id", "mã phiếu nhập", "receipt code", 50),
    LimitedColumn(PURCHASE_RECEIPT, "header", "facility_code", "mã cơ sở", "facility code", 50),
    LimitedColumn(PURCHASE_RECEIPT, "header", "notes", "ghi chú", "notes", 500),
    LimitedColumn(GOODS_ISSUE_SLIP, "header", "local_slip_id", "mã phiếu xuất", "slip code", 50),
    LimitedColumn(GOODS_ISSUE_SLIP, "header", "facility_code", "mã cơ sở", "facility code", 50),
    LimitedColumn(GOODS_ISSUE_SLIP, "header", "notes", "ghi chú", "notes", 500),
    LimitedColumn(GOODS_ISSUE_SLIP, "header", "recipient_name", "tên cơ sở nhận", "recipient", 500),
    *[LimitedColumn(kind, *field) for kind in (PURCHASE_RECEIPT, GOODS_ISSUE_SLIP) for field in OF_A_SLIP_LINE],
]

CODES = [column for column in LIMITS if column.name == "facility_code" or column.name.startswith("local_")]
"""What names a document."""


@pytest.mark.parametrize("column", LIMITS, ids=str)
def test_text_as_long_as_its_limit_is_taken(value_read: ValueRead, column: LimitedColumn) -> None:
    assert value_read(column.kind, column.place, column.name, "ắ" * column.limit) == "ắ" * column.limit


@pytest.mark.parametrize("column", LIMITS, ids=str)
def test_text_one_longer_than_its_limit_is_a_fault_that_tells_both_lengths(fault: Fault, column: LimitedColumn) -> None:
    assert fault(column.kind, column.place, {column.name: "ắ" * (column.limit + 1)}) == Words(
        f"{column.vi} dài {column.limit + 1} ký tự, tối đa {column.limit}",
        f"{column.en} has {column.limit + 1} characters, at most {column.limit}",
    )


@pytest.mark.parametrize("column", [column for column in LIMITS if column not in CODES], ids=str)
def test_blanks_around_text_count_for_nothing(value_read: ValueRead, column: LimitedColumn) -> None:
    assert value_read(column.kind, column.place, column.name, f"  {'x' * column.limit}\r\n") == "x" * column.limit


@pytest.mark.parametrize("column", CODES, ids=str)
def test_blanks_behind_a_code_count_for_nothing_as_in_sql_server(value_read: ValueRead, column: LimitedColumn) -> None:
    assert value_read(column.kind, column.place, column.name, f"{'x' * column.limit}   ") == "x" * column.limit


@pytest.mark.parametrize("code", [" HD1", "\tHD1", "HD1\t", "HD1\n ", "HD1\u00a0", "\u00a0HD1", "\u3000HD1"])
@pytest.mark.parametrize("column", CODES, ids=str)
def test_codes_that_sql_server_tells_apart_are_not_sent_as_one(fault: Fault, column: LimitedColumn, code: str) -> None:
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
