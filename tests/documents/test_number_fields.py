"""Quantities, amounts, ratios and kinds."""

from decimal import Decimal

import pytest

from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE, DocumentType
from pharmasync.words import Words
from tests.documents.column import Column, Fault, ValueRead

QUANTITIES = [
    Column(SALES_INVOICE, "line", "quantity", "số lượng", "quantity"),
    Column(PURCHASE_RECEIPT, "line", "quantity", "số lượng", "quantity"),
    Column(GOODS_ISSUE_SLIP, "line", "quantity", "số lượng", "quantity"),
]
AMOUNTS = [
    Column(SALES_INVOICE, "line", "unit_price", "đơn giá", "unit price"),
    Column(SALES_INVOICE, "line", "line_total", "thành tiền", "line amount"),
    Column(PURCHASE_RECEIPT, "line", "unit_price", "đơn giá", "unit price"),
    Column(GOODS_ISSUE_SLIP, "line", "unit_price", "đơn giá", "unit price"),
]
RATIOS = [Column(SALES_INVOICE, "line", "conversion_ratio", "tỷ lệ quy đổi", "conversion ratio")]
NUMBERS = [*QUANTITIES, *AMOUNTS, *RATIOS]

NO_NUMBERS = ["many", "1,5", "1.000.000", "NaN", "sNaN", "Infinity", "-Infinity", "--1", "0x10", "1 000", b"1", True]
NO_NUMBERS_EITHER = [
    float("nan"),
    float("inf"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("-Infinity"),
    "\ud800",
    "1\x00",
]
TOO_LARGE = [10**13, Decimal("1e13"), "99999999999999", Decimal("1E+400000")]


def named(raw: object) -> str:
    return ascii(raw)[:24]


@pytest.mark.parametrize("raw", [*NO_NUMBERS, *NO_NUMBERS_EITHER], ids=named)
@pytest.mark.parametrize("column", NUMBERS, ids=str)
def test_what_is_no_number_is_a_fault(fault: Fault, column: Column, raw: object) -> None:
    assert fault(column.kind, column.place, {column.name: raw}) == Words(
        f"{column.vi} không phải là số", f"{column.en} is not a number"
    )


@pytest.mark.parametrize("raw", [0, "0", Decimal("0.00"), "-0", -1, "-1", Decimal("-2.00")], ids=named)
@pytest.mark.parametrize("column", [*QUANTITIES, *RATIOS], ids=str)
def test_a_quantity_and_a_ratio_are_above_zero(fault: Fault, column: Column, raw: object) -> None:
    assert fault(column.kind, column.place, {column.name: raw}) == Words(
        f"{column.vi} phải lớn hơn 0", f"{column.en} must be above 0"
    )


@pytest.mark.parametrize("raw", [1.5, "1.5", Decimal("0.01"), Decimal("-1.5"), Decimal("9.99")], ids=named)
@pytest.mark.parametrize("column", QUANTITIES, ids=str)
def test_a_fraction_is_no_quantity(fault: Fault, column: Column, raw: object) -> None:
    assert fault(column.kind, column.place, {column.name: raw}) == Words(
        f"{column.vi} phải là số nguyên", f"{column.en} must be a whole number"
    )


@pytest.mark.parametrize("raw", [Decimal("-0.01"), -1, "-1000"], ids=named)
@pytest.mark.parametrize("column", AMOUNTS, ids=str)
def test_an_amount_is_not_below_zero(fault: Fault, column: Column, raw: object) -> None:
    assert fault(column.kind, column.place, {column.name: raw}) == Words(
        f"{column.vi} không được nhỏ hơn 0", f"{column.en} must be at least 0"
    )


@pytest.mark.parametrize("raw", TOO_LARGE, ids=named)
@pytest.mark.parametrize("column", NUMBERS, ids=str)
def test_a_number_that_json_cannot_hold_exactly_is_a_fault(fault: Fault, column: Column, raw: object) -> None:
    assert fault(column.kind, column.place, {column.name: raw}) == Words(
        f"{column.vi} quá lớn", f"{column.en} is too large"
    )


@pytest.mark.parametrize("raw", [0, Decimal("0.00"), "0", Decimal("0.01"), Decimal("9999999999999.99")], ids=named)
@pytest.mark.parametrize("column", AMOUNTS, ids=str)
def test_an_amount_may_be_nothing_or_a_fraction(value_read: ValueRead, column: Column, raw: object) -> None:
    assert value_read(column.kind, column.place, column.name, raw) == Decimal(str(raw))


@pytest.mark.parametrize("raw", [1, 1.0, "1", " 7 ", Decimal("10.00"), Decimal("1E+2"), 9_999_999_999_999], ids=named)
@pytest.mark.parametrize("column", QUANTITIES, ids=str)
def test_a_quantity_is_a_whole_number_in_whatever_type_the_column_has(
    value_read: ValueRead, column: Column, raw: object
) -> None:
    assert value_read(column.kind, column.place, column.name, raw) == Decimal(str(raw))


@pytest.mark.parametrize("raw", [Decimal("0.01"), 1, "0.5", 12.5], ids=named)
def test_a_ratio_may_be_a_fraction(value_read: ValueRead, raw: object) -> None:
    assert value_read(SALES_INVOICE, "line", "conversion_ratio", raw) == Decimal(str(raw))


RECEIPT_KINDS = (
    "1 (nhập từ nhà cung cấp), 2 (khách trả), 3 (nhập tồn)",
    "1 (from a supplier), 2 (customer return), 3 (opening stock)",
)
ISSUE_KINDS = ("2 (trả nhà cung cấp), 3 (xuất huỷ)", "2 (return to the supplier), 3 (destruction)")


@pytest.mark.parametrize("raw", [0, 4, -1, 99, "4", Decimal("1.50")], ids=named)
def test_an_unknown_receipt_type_is_a_fault_that_names_the_known_ones(fault: Fault, raw: object) -> None:
    vi, en = RECEIPT_KINDS
    assert fault(PURCHASE_RECEIPT, "header", {"receipt_type": raw}) == Words(
        f"loại phiếu nhập {raw} không hợp lệ, chỉ nhận {vi}", f"receipt type {raw} is unknown, only {en}"
    )


@pytest.mark.parametrize("raw", [0, 1, 4, -1, "1", Decimal("2.50")], ids=named)
def test_an_unknown_issue_type_is_a_fault_that_names_the_known_ones(fault: Fault, raw: object) -> None:
    vi, en = ISSUE_KINDS
    assert fault(GOODS_ISSUE_SLIP, "header", {"issue_type": raw}) == Words(
        f"loại phiếu xuất {raw} không hợp lệ, chỉ nhận {vi}", f"issue type {raw} is unknown, only {en}"
    )


@pytest.mark.parametrize("raw", ["one", True, float("nan"), b"1", "1;2"], ids=named)
@pytest.mark.parametrize(
    "column",
    [
        Column(PURCHASE_RECEIPT, "header", "receipt_type", "loại phiếu nhập", "receipt type"),
        Column(GOODS_ISSUE_SLIP, "header", "issue_type", "loại phiếu xuất", "issue type"),
    ],
    ids=str,
)
def test_a_type_that_is_no_number_is_a_fault(fault: Fault, column: Column, raw: object) -> None:
    assert fault(column.kind, column.place, {column.name: raw}) == Words(
        f"{column.vi} không phải là số", f"{column.en} is not a number"
    )


@pytest.mark.parametrize(
    ("kind", "name", "raw", "value"),
    [
        (PURCHASE_RECEIPT, "receipt_type", 1, 1),
        (PURCHASE_RECEIPT, "receipt_type", 2, 2),
        (PURCHASE_RECEIPT, "receipt_type", "3", 3),
        (PURCHASE_RECEIPT, "receipt_type", Decimal("3.00"), 3),
        (GOODS_ISSUE_SLIP, "issue_type", 2, 2),
        (GOODS_ISSUE_SLIP, "issue_type", " 3 ", 3),
    ],
)
def test_a_known_type_is_an_int(value_read: ValueRead, kind: DocumentType, name: str, raw: object, value: int) -> None:
    read = value_read(kind, "header", name, raw)
    assert read == value
    assert type(read) is int
