"""The wire form: exactly the fields of the API list's tables."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from pharmasync.documents import (
    DOCUMENT_TYPES,
    GOODS_ISSUE_SLIP,
    PURCHASE_RECEIPT,
    SALES_INVOICE,
    DocumentType,
    read_document,
)
from pharmasync.national.v1.wire import FORMS, WORDS, personal_words, wire_form

Row = dict[str, object]
RowsOf = Callable[..., tuple[Row, list[Row]]]
Wire = dict[str, object]

each_type = pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)

ABSENT_IN_A_LINE: Row = {"production_date": None, "route_of_administration": None}

FULL: dict[str, Wire] = {
    "sales_invoice": {
        "ma_hoa_don": "HD-001",
        "ma_co_so": "79-00012",
        "ma_don_thuoc_quoc_gia": "DT_QG_77",
        "ngay_ban": "20260301",
        "ho_ten_nguoi_ban": "Trần Thị Bán",
        "ho_ten_khach_hang": "Nguyễn Văn Mua",
        "hoa_don_chi_tiet": [
            {
                "ma_thuoc": "DT-0001",
                "ten_thuoc": "Paracetamol 500 mg",
                "so_lo": "L2401",
                "ngay_san_xuat": "20250601",
                "han_dung": "20270601",
                "don_vi_tinh": "viên",
                "ham_luong": "500 mg",
                "lieu_dung": "1 viên x 2 lần/ngày",
                "duong_dung": "uống",
                "so_dang_ky": "VD-12345-19",
                "so_luong": 10,
                "don_gia": 1500.5,
                "thanh_tien": 15005,
                "ty_le_quy_doi": 1,
            }
        ],
    },
    "purchase_receipt": {
        "ma_phieu": "PN-001",
        "ma_co_so": "79-00012",
        "ngay_nhap": "20260302",
        "loai_phieu_nhap": 1,
        "ghi_chu": "nhập đầu tháng",
        "ten_co_so_cung_cap": "Công ty Dược Hậu Giang",
        "chi_tiet": [
            {
                "ma_thuoc": "DT-0001",
                "ten_thuoc": "Paracetamol 500 mg",
                "so_lo": "L2401",
                "ngay_san_xuat": "20250601",
                "han_dung": "20270601",
                "so_dklh": "VD-12345-19",
                "so_luong": 10,
                "don_gia": 1500.5,
                "don_vi_tinh": "viên",
            }
        ],
    },
    "goods_issue_slip": {
        "ma_phieu": "PX-001",
        "ma_co_so": "79-00012",
        "ngay_xuat": "20260303",
        "loai_phieu_xuat": 2,
        "ghi_chu": "trả hàng",
        "ten_co_so_nhan": "Công ty Dược Hậu Giang",
        "chi_tiet": [
            {
                "ma_thuoc": "DT-0001",
                "ten_thuoc": "Paracetamol 500 mg",
                "so_lo": "L2401",
                "ngay_san_xuat": "20250601",
                "han_dung": "20270601",
                "so_dklh": "VD-12345-19",
                "so_luong": 10,
                "don_gia": 1500.5,
                "don_vi_tinh": "viên",
            }
        ],
    },
}

MINIMAL = [
    (
        SALES_INVOICE,
        {"national_prescription_id": None, "seller_name": None, "customer_name": " "},
        {"production_date": None, "route_of_administration": None, "registration_number": None},
        {"ma_don_thuoc_quoc_gia", "ho_ten_nguoi_ban", "ho_ten_khach_hang"},
        {"ngay_san_xuat", "duong_dung", "so_dang_ky"},
    ),
    (
        PURCHASE_RECEIPT,
        {"notes": None, "supplier_name": None, "receipt_type": 1 + 1},
        {"production_date": None, "unit_price": None},
        {"ghi_chu", "ten_co_so_cung_cap"},
        {"ngay_san_xuat", "don_gia"},
    ),
    (GOODS_ISSUE_SLIP, {"recipient_name": None}, {"production_date": None}, {"ten_co_so_nhan"}, {"ngay_san_xuat"}),
]


def written(kind: DocumentType, rows: tuple[Row, list[Row]]) -> Wire:
    return wire_form(kind, read_document(kind, *rows))


def lines_of(wire: Wire) -> list[Wire]:
    lines = wire.get("hoa_don_chi_tiet", wire.get("chi_tiet"))
    assert isinstance(lines, list)
    return lines


@each_type
def test_a_full_document_has_every_field_of_its_table(kind: DocumentType, rows_of: RowsOf) -> None:
    assert written(kind, rows_of(kind)) == FULL[kind.name]


@pytest.mark.parametrize(("kind", "header", "line", "no_fields", "no_line_fields"), MINIMAL)
def test_a_minimal_document_leaves_out_what_is_absent(  # noqa: PLR0913, PLR0917 - the columns of the table above
    rows_of: RowsOf, kind: DocumentType, header: Row, line: Row, no_fields: set[str], no_line_fields: set[str]
) -> None:
    wire = written(kind, rows_of(kind, header=header, line=line))

    assert wire.keys() == FULL[kind.name].keys() - no_fields
    assert lines_of(wire)[0].keys() == lines_of(FULL[kind.name])[0].keys() - no_line_fields
    assert "null" not in json.dumps(wire)


def test_the_notes_of_an_issue_slip_are_required_on_the_wire_and_may_be_empty(rows_of: RowsOf) -> None:
    assert written(GOODS_ISSUE_SLIP, rows_of(GOODS_ISSUE_SLIP, header={"notes": None}))["ghi_chu"] == ""


@pytest.mark.parametrize(
    ("raw", "number", "as_json"),
    [
        (Decimal("10.00"), 10, "10"),
        (Decimal("0.00"), 0, "0"),
        (Decimal("1E+3"), 1000, "1000"),
        (Decimal("1500.50"), 1500.5, "1500.5"),
        (Decimal("0.10"), 0.1, "0.1"),
        (Decimal("0.01"), 0.01, "0.01"),
        (Decimal("9999999999999.99"), 9999999999999.99, "9999999999999.99"),
        (Decimal(9999999999999), 9999999999999, "9999999999999"),
        ("1500.5", 1500.5, "1500.5"),
        (7, 7, "7"),
    ],
)
def test_whole_numbers_are_ints_and_fractions_keep_every_digit(
    rows_of: RowsOf, raw: object, number: float, as_json: str
) -> None:
    value = lines_of(written(SALES_INVOICE, rows_of(SALES_INVOICE, line={"line_total": raw})))[0]["thanh_tien"]
    assert value == number
    assert type(value) is type(number)
    assert json.dumps(value) == as_json


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 3, 1), "20260301"),
        ("2026-12-31T23:59:59", "20261231"),
        (date(999, 1, 2), "09990102"),
        (date.min, "00010101"),
        (date.max, "99991231"),
    ],
)
def test_a_day_has_eight_digits(rows_of: RowsOf, day: object, text: str) -> None:
    assert lines_of(written(SALES_INVOICE, rows_of(SALES_INVOICE, line={"expiry_date": day})))[0]["han_dung"] == text


@each_type
def test_every_line_is_written_in_order(kind: DocumentType, rows_of: RowsOf) -> None:
    header, [line] = rows_of(kind)
    wire = written(kind, (header, [{**line, "drug_code": code} for code in ("C", "A", "B")]))
    assert [line["ma_thuoc"] for line in lines_of(wire)] == ["C", "A", "B"]


@each_type
def test_no_english_name_gets_on_the_wire(kind: DocumentType, rows_of: RowsOf) -> None:
    wire = written(kind, rows_of(kind))
    names = {*wire, *lines_of(wire)[0]}
    assert not names & {*kind.header_columns, *kind.line_columns, "facility_code", "lines"}
    assert names <= {FORMS[kind.name].word(name) for name in WORDS}


@each_type
def test_a_wire_form_is_made_of_jsons_types_alone(kind: DocumentType, rows_of: RowsOf) -> None:
    wire = written(kind, rows_of(kind))
    assert json.loads(json.dumps(wire)) == wire


@each_type
def test_every_registered_type_has_a_form_and_every_field_a_word(kind: DocumentType) -> None:
    form = FORMS[kind.name]
    for name in (*kind.header_columns, *kind.line_columns, "facility_code", "lines"):
        assert form.word(name)


@each_type
def test_no_two_fields_of_a_document_share_a_word(kind: DocumentType) -> None:
    form = FORMS[kind.name]
    for names in ((*kind.header_columns, "facility_code", "lines"), kind.line_columns):
        assert len({form.word(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("kind", "path", "national_id", "readable"),
    [
        (SALES_INVOICE, "hoa_don", "ma_hoa_don_quoc_gia", True),
        (PURCHASE_RECEIPT, "phieu_nhap", "ma_phieu_nhap_quoc_gia", False),
        (GOODS_ISSUE_SLIP, "phieu_xuat", "ma_phieu_xuat_quoc_gia", False),
    ],
)
def test_where_a_document_goes_and_under_which_key_its_id_comes_back(
    kind: DocumentType, path: str, national_id: str, *, readable: bool
) -> None:
    form = FORMS[kind.name]
    assert (form.path, form.national_id, form.readable) == (path, national_id, readable)


def test_what_names_a_person_is_known_by_the_wires_words() -> None:
    assert personal_words(DOCUMENT_TYPES) == {
        *("ho_ten_nguoi_ban", "ho_ten_khach_hang", "ma_don_thuoc_quoc_gia"),
        *("ten_co_so_cung_cap", "ten_co_so_nhan"),
    }
