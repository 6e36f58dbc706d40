"""What a new document type takes: its classes, its registration, and one form; its fields have their words already."""
# ruff: noqa: RUF009 - fields are declared by calls, as attrs' own `field` is

from datetime import date
from decimal import Decimal

import pytest
from attrs import frozen

from pharmasync.documents import DOCUMENT_TYPES, DocumentType, read_document
from pharmasync.documents.fields import day, quantity, text
from pharmasync.errors import FaultyDocumentError, UnwritableTypeError
from pharmasync.national.v1 import Version1, adapter
from pharmasync.national.v1.wire import FORMS, WORDS, Form, personal_words, wire_form
from pharmasync.words import Words


@frozen(kw_only=True)
class StockCountLine:
    drug_code: str = text("mã thuốc", "drug code", limit=50)
    lot_number: str = text("số lô", "lot number", limit=50)
    quantity: Decimal = quantity("số lượng", "quantity")


@frozen(kw_only=True)
class StockCount:
    local_slip_id: str = text("mã kiểm kê", "count code", limit=50)
    facility_code: str = text("mã cơ sở", "facility code", limit=50)
    issue_date: date = day("ngày kiểm kê", "date of the count")
    seller_name: str | None = text("người kiểm kê", "counted by", limit=50, required=False, personal=True)
    lines: tuple[StockCountLine, ...]


STOCK_COUNT = DocumentType(
    name="stock_count",
    title=Words("kiểm kê", "stock count"),
    document=StockCount,
    line=StockCountLine,
    table="StockCounts",
    lines_table="StockCountDetails",
    parent="stock_count_id",
    local_id="local_slip_id",
    national_id="national_slip_id",
    queue="count_queue",
    actor="process_count",
)

HEADER: dict[str, object] = {
    "local_slip_id": "KK-1",
    "facility_code": "79-00012",
    "issue_date": date(2026, 3, 4),
    "seller_name": "Lê Thị Đếm",
}
LINE: dict[str, object] = {"drug_code": "DT-0001", "lot_number": "L1", "quantity": 5}


@pytest.fixture(autouse=True)
def form(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"issue_date": "ngay_kiem_ke", "seller_name": "nguoi_kiem_ke"}
    monkeypatch.setitem(FORMS, "stock_count", Form(path="kiem_ke", national_id="ma_kiem_ke_quoc_gia", words=words))


def test_it_is_written_with_the_known_words_and_those_of_its_form() -> None:
    document = read_document(STOCK_COUNT, HEADER, [LINE])
    assert wire_form(STOCK_COUNT, document) == {
        "ma_phieu": "KK-1",
        "ma_co_so": "79-00012",
        "ngay_kiem_ke": "20260304",
        "nguoi_kiem_ke": "Lê Thị Đếm",
        "chi_tiet": [{"ma_thuoc": "DT-0001", "so_lo": "L1", "so_luong": 5}],
    }


def test_a_type_whose_form_was_forgotten_stops_the_process_at_its_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "DOCUMENT_TYPES", (*DOCUMENT_TYPES, STOCK_COUNT))
    Version1()
    monkeypatch.delitem(FORMS, "stock_count")
    with pytest.raises(UnwritableTypeError, match="stock_count has no form"):
        Version1()


@pytest.mark.parametrize("name", ["local_slip_id", "lines", "lot_number"])
def test_a_field_whose_word_was_forgotten_stops_the_process_at_its_start(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(adapter, "DOCUMENT_TYPES", (STOCK_COUNT,))
    monkeypatch.delitem(WORDS, name)
    with pytest.raises(UnwritableTypeError, match=rf"stock_count\.{name} has no word"):
        Version1()


def test_its_faults_are_told_like_those_of_any_other() -> None:
    with pytest.raises(FaultyDocumentError) as caught:
        read_document(STOCK_COUNT, {**HEADER, "issue_date": None}, [{**LINE, "quantity": 0}])
    assert str(caught.value) == (
        "thiếu ngày kiểm kê; dòng 1: số lượng phải lớn hơn 0"
        " / date of the count is missing; line 1: quantity must be above 0"
    )


def test_whom_it_names_is_masked() -> None:
    assert personal_words((STOCK_COUNT,)) == {"nguoi_kiem_ke"}
