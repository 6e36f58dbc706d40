"""Which fields a document must have. Source: the columns "required" of the API list."""

import pytest

from pharmasync.documents import (
    DOCUMENT_TYPES,
    GOODS_ISSUE_SLIP,
    PURCHASE_RECEIPT,
    SALES_INVOICE,
    DocumentType,
)
from pharmasync.documents.purchase_receipt import PurchaseReceipt
from pharmasync.words import Words
from tests.documents.column import Column, Fault, Read, ValueRead

OF_A_SLIP_LINE = [
    ("line", "drug_code", "mã thuốc", "drug code"),
    ("line", "drug_name", "tên thuốc", "drug name"),
    ("line", "lot_number", "số lô", "lot number"),
    ("line", "expiry_date", "hạn dùng", "expiry date"),
    ("line", "registration_number", "số đăng ký lưu hành", "registration number"),
    ("line", "quantity", "số lượng", "quantity"),
    ("line", "unit", "đơn vị tính", "unit"),
]

REQUIRED = [
    Column(SALES_INVOICE, "header", "local_invoice_id", "mã hoá đơn", "invoice code"),
    Column(SALES_INVOICE, "header", "facility_code", "mã cơ sở", "facility code"),
    Column(SALES_INVOICE, "header", "sale_date", "ngày bán", "date of sale"),
    Column(SALES_INVOICE, "line", "drug_code", "mã thuốc", "drug code"),
    Column(SALES_INVOICE, "line", "drug_name", "tên thuốc", "drug name"),
    Column(SALES_INVOICE, "line", "lot_number", "số lô", "lot number"),
    Column(SALES_INVOICE, "line", "expiry_date", "hạn dùng", "expiry date"),
    Column(SALES_INVOICE, "line", "unit", "đơn vị tính", "unit"),
    Column(SALES_INVOICE, "line", "concentration", "hàm lượng", "strength"),
    Column(SALES_INVOICE, "line", "dosage", "liều dùng", "dose"),
    Column(SALES_INVOICE, "line", "quantity", "số lượng", "quantity"),
    Column(SALES_INVOICE, "line", "unit_price", "đơn giá", "unit price"),
    Column(SALES_INVOICE, "line", "line_total", "thành tiền", "line amount"),
    Column(SALES_INVOICE, "line", "conversion_ratio", "tỷ lệ quy đổi", "conversion ratio"),
    Column(PURCHASE_RECEIPT, "header", "local_receipt_id", "mã phiếu nhập", "receipt code"),
    Column(PURCHASE_RECEIPT, "header", "facility_code", "mã cơ sở", "facility code"),
    Column(PURCHASE_RECEIPT, "header", "receipt_date", "ngày nhập", "date of receipt"),
    Column(PURCHASE_RECEIPT, "header", "receipt_type", "loại phiếu nhập", "receipt type"),
    Column(GOODS_ISSUE_SLIP, "header", "local_slip_id", "mã phiếu xuất", "slip code"),
    Column(GOODS_ISSUE_SLIP, "header", "facility_code", "mã cơ sở", "facility code"),
    Column(GOODS_ISSUE_SLIP, "header", "issue_date", "ngày xuất", "date of issue"),
    Column(GOODS_ISSUE_SLIP, "header", "issue_type", "loại phiếu xuất", "issue type"),
    Column(GOODS_ISSUE_SLIP, "line", "unit_price", "đơn giá", "unit price"),
    *[Column(kind, *field) for kind in (PURCHASE_RECEIPT, GOODS_ISSUE_SLIP) for field in OF_A_SLIP_LINE],
]

Optional = tuple[DocumentType, str, str, object]

OPTIONAL: list[Optional] = [
    (SALES_INVOICE, "header", "national_prescription_id", None),
    (SALES_INVOICE, "header", "seller_name", None),
    (SALES_INVOICE, "header", "customer_name", None),
    (SALES_INVOICE, "line", "production_date", None),
    (SALES_INVOICE, "line", "route_of_administration", None),
    (SALES_INVOICE, "line", "registration_number", None),
    (PURCHASE_RECEIPT, "header", "notes", None),
    (PURCHASE_RECEIPT, "line", "production_date", None),
    (PURCHASE_RECEIPT, "line", "unit_price", None),
    (GOODS_ISSUE_SLIP, "header", "notes", ""),
    (GOODS_ISSUE_SLIP, "header", "recipient_name", None),
    (GOODS_ISSUE_SLIP, "line", "production_date", None),
]

NOTHING = [None, "", " ", "   ", "\t\r\n", "\u00a0"]


@pytest.mark.parametrize("nothing", NOTHING, ids=repr)
@pytest.mark.parametrize("column", REQUIRED, ids=str)
def test_a_required_field_that_is_null_or_blank_is_missing(fault: Fault, column: Column, nothing: object) -> None:
    assert fault(column.kind, column.place, {column.name: nothing}) == Words(
        f"thiếu {column.vi}", f"{column.en} is missing"
    )


@pytest.mark.parametrize("nothing", NOTHING, ids=repr)
@pytest.mark.parametrize("optional", OPTIONAL, ids=lambda row: f"{row[0].name}.{row[2]}")
def test_an_optional_field_may_be_null_or_blank(value_read: ValueRead, optional: Optional, nothing: object) -> None:
    kind, place, name, becomes = optional
    assert value_read(kind, place, name, nothing) == becomes


@pytest.mark.parametrize("receipt_type", [2, 3])
@pytest.mark.parametrize("nothing", NOTHING, ids=repr)
def test_a_receipt_that_is_from_no_supplier_names_none(read: Read, receipt_type: int, nothing: object) -> None:
    document = read(PURCHASE_RECEIPT, "header", {"receipt_type": receipt_type, "supplier_name": nothing})
    assert isinstance(document, PurchaseReceipt)
    assert document.supplier_name is None


@pytest.mark.parametrize("nothing", NOTHING, ids=repr)
def test_a_receipt_from_a_supplier_names_the_supplier(fault: Fault, nothing: object) -> None:
    assert fault(PURCHASE_RECEIPT, "header", {"supplier_name": nothing}) == Words(
        "thiếu tên cơ sở cung cấp", "supplier is missing"
    )


def test_an_unknown_receipt_type_asks_for_no_supplier(fault: Fault) -> None:
    words = fault(PURCHASE_RECEIPT, "header", {"receipt_type": 9, "supplier_name": None})
    assert "supplier is missing" not in words.en


def test_every_field_of_every_document_stands_in_one_of_these_tables() -> None:
    conditional = {("purchase_receipt", "supplier_name")}
    known = (
        conditional
        | {(column.kind.name, column.name) for column in REQUIRED}
        | {(row[0].name, row[2]) for row in OPTIONAL}
    )
    declared = {
        (kind.name, name)
        for kind in DOCUMENT_TYPES
        for name in (*kind.header_columns, "facility_code", *kind.line_columns)
    }
    assert declared == known
