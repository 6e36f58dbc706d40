"""A faulty document: all of its faults at once, with the lines they stand in."""

from collections.abc import Callable

import pytest

from pharmasync.documents import DOCUMENT_TYPES, GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE, DocumentType
from pharmasync.documents.reading import Fault, read_document
from pharmasync.errors import FaultyDocumentError
from pharmasync.words import Words

Row = dict[str, object]
RowsOf = Callable[..., tuple[Row, list[Row]]]

each_type = pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)


def faults_of(kind: DocumentType, header: Row, lines: list[Row]) -> str:
    with pytest.raises(FaultyDocumentError) as caught:
        read_document(kind, header, lines)
    return str(caught.value)


def test_a_missing_lot_in_the_second_line_is_told_with_the_line(rows_of: RowsOf) -> None:
    header, [line] = rows_of(SALES_INVOICE)
    assert faults_of(SALES_INVOICE, header, [line, {**line, "lot_number": None}]) == (
        "dòng 2: thiếu số lô / line 2: lot number is missing"
    )


def test_all_faults_of_an_invoice_are_told_at_once(rows_of: RowsOf) -> None:
    header, [line] = rows_of(SALES_INVOICE, header={"facility_code": " ", "seller_name": "x" * 51})
    lines = [
        {**line, "dosage": "", "quantity": -1},
        line,
        {**line, "expiry_date": "soon", "drug_code": None},
    ]
    assert faults_of(SALES_INVOICE, header, lines) == (
        "thiếu mã cơ sở; họ tên người bán dài 51 ký tự, tối đa 50; dòng 1: thiếu liều dùng;"
        " dòng 1: số lượng phải lớn hơn 0; dòng 3: thiếu mã thuốc; dòng 3: hạn dùng không phải là ngày"
        " / facility code is missing; seller has 51 characters, at most 50; line 1: dose is missing;"
        " line 1: quantity must be above 0; line 3: drug code is missing; line 3: expiry date is not a date"
    )


def test_the_rule_over_several_fields_stands_beside_the_others(rows_of: RowsOf) -> None:
    header, [line] = rows_of(PURCHASE_RECEIPT, header={"supplier_name": None, "receipt_date": None})
    assert faults_of(PURCHASE_RECEIPT, header, [{**line, "unit": None}]) == (
        "thiếu ngày nhập; thiếu tên cơ sở cung cấp; dòng 1: thiếu đơn vị tính"
        " / date of receipt is missing; supplier is missing; line 1: unit is missing"
    )


@each_type
def test_a_document_without_lines_is_faulty(kind: DocumentType, rows_of: RowsOf) -> None:
    header, _ = rows_of(kind)
    assert faults_of(kind, header, []) == "không có dòng thuốc nào / there are no lines"


def test_no_lines_and_a_faulty_header_are_told_together(rows_of: RowsOf) -> None:
    header, _ = rows_of(GOODS_ISSUE_SLIP, header={"issue_type": None})
    assert faults_of(GOODS_ISSUE_SLIP, header, []) == (
        "thiếu loại phiếu xuất; không có dòng thuốc nào / issue type is missing; there are no lines"
    )


@each_type
def test_columns_that_are_not_there_are_missing_values(kind: DocumentType) -> None:
    told = faults_of(kind, {}, [{}])
    assert "facility code is missing" in told
    assert "line 1: drug code is missing" in told


@each_type
def test_columns_that_are_not_the_documents_are_passed_over(kind: DocumentType, rows_of: RowsOf) -> None:
    header, lines = rows_of(kind, header={"id": 1, "status": "SYNC_SENDING"}, line={"id": 5, "parent_id": 1})
    assert read_document(kind, header, lines).facility_code == "79-00012"


@each_type
def test_lines_keep_their_order(kind: DocumentType, rows_of: RowsOf) -> None:
    header, [line] = rows_of(kind)
    document = read_document(kind, header, [{**line, "drug_code": f"DT-{number}"} for number in range(200)])
    assert [read.drug_code for read in document.lines] == [f"DT-{number}" for number in range(200)]


def test_a_faulty_document_tells_nothing_of_the_values_of_persons(rows_of: RowsOf) -> None:
    header, lines = rows_of(SALES_INVOICE, header={"customer_name": "Nguyễn Văn A " * 10})
    assert "Nguyễn" not in faults_of(SALES_INVOICE, header, lines)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (None, Words("thiếu số lô", "lot number is missing")),
        (1, Words("dòng 1: thiếu số lô", "line 1: lot number is missing")),
        (12, Words("dòng 12: thiếu số lô", "line 12: lot number is missing")),
    ],
)
def test_a_fault_is_told_with_its_place(line: int | None, words: Words) -> None:
    assert Fault(line, Words("thiếu số lô", "lot number is missing")).in_words() == words


def test_a_supplier_that_is_too_long_is_not_said_to_be_missing(rows_of: RowsOf) -> None:
    header, lines = rows_of(PURCHASE_RECEIPT, header={"receipt_type": 1, "supplier_name": "x" * 501})
    told = faults_of(PURCHASE_RECEIPT, header, lines)
    assert "supplier has 501 characters, at most 500" in told
    assert "supplier is missing" not in told


def test_a_text_that_cannot_be_written_as_utf_8_is_a_fault(rows_of: RowsOf) -> None:
    header, lines = rows_of(SALES_INVOICE, header={"customer_name": "A\ud800"})
    assert "buyer has a broken character" in faults_of(SALES_INVOICE, header, lines)


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", " \u200d "])
def test_a_text_of_unseen_characters_is_missing(rows_of: RowsOf, unseen: str) -> None:
    header, lines = rows_of(SALES_INVOICE, line={"lot_number": unseen})
    assert faults_of(SALES_INVOICE, header, lines) == "dòng 1: thiếu số lô / line 1: lot number is missing"


def test_digits_in_groups_are_no_number(rows_of: RowsOf) -> None:
    header, lines = rows_of(SALES_INVOICE, line={"quantity": "1_000"})
    assert "quantity is not a number" in faults_of(SALES_INVOICE, header, lines)
